// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// How much each criterion of a rubric weighs.
public enum Weighting: Sendable, Hashable {
    /// The paper's weight for each importance (section 3.3): 1.0, 0.7, 0.3, and 0.9 for pitfalls.
    case categorical
    /// The criterion's own weight, by magnitude.
    case numeric
    /// The same for all.
    case uniform
    /// A weight for each importance.
    case custom([Importance: Double])

    /// The paper's weights.
    public static let paper = Dictionary(uniqueKeysWithValues: Importance.allCases.map { ($0, $0.paperWeight) })

    /// The weights of a task's criteria, in order, none negative, their sum above zero.
    ///
    /// - Throws: ``RewardError`` naming the criterion that has no importance or weight where the scheme needs one, or
    ///   whose weight is not finite; and when no criterion weighs anything.
    public func weights(of task: RubricTask) throws -> [Double] {
        try weights(of: task.criteria, below: nil, in: task)
    }

    /// The weights of one level of a task's rubric: of its top, or of the children of `parent`.
    func weights(of criteria: [Criterion], below parent: Criterion?, in task: RubricTask) throws -> [Double] {
        let weights = try criteria.map { try weight(of: $0, in: task) }
        guard weights.isEmpty || weights.contains(where: { $0 > 0 }) else {
            let message = "no criterion\(parent == nil ? "" : " below it") weighs anything; give one a weight above 0"
            throw RewardError(.invalidWeight, message, task: task.id, parent)
        }
        return weights
    }

    private func weight(of criterion: Criterion, in task: RubricTask) throws -> Double {
        let weight =
            switch self {
            case .uniform: 1.0
            case .numeric: try own(criterion, in: task)
            case .categorical: try entry(of: Self.paper, for: criterion, in: task)
            case .custom(let table): try entry(of: table, for: criterion, in: task)
            }
        guard weight.isFinite else {
            throw RewardError(.invalidWeight, "its weight \(weight) is no finite number", task: task.id, criterion)
        }
        return weight
    }

    private func own(_ criterion: Criterion, in task: RubricTask) throws -> Double {
        if let weight = criterion.weight { return abs(weight) }
        let message =
            "has no weight, which numeric weighting needs; give it a \"weight\", or set reward.weighting to categorical (--weighting categorical)"
        throw RewardError(.missingWeight, message, task: task.id, criterion)
    }

    private func entry(of table: [Importance: Double], for criterion: Criterion, in task: RubricTask) throws -> Double {
        guard let importance = criterion.importance else {
            let remedy = "give it an \"importance\", or set reward.weighting to numeric (--weighting numeric)"
            let message = "has no importance, which categorical weighting needs; \(remedy)"
            throw RewardError(.missingImportance, message, task: task.id, criterion)
        }
        guard let weight = table[importance] else {
            let message = "the weights have no entry for \(importance.rawValue)"
            throw RewardError(.missingWeight, message, task: task.id, criterion)
        }
        guard weight >= 0 else {
            let message = "the weight \(weight) of \(importance.rawValue) is not at least 0; polarity is not a sign"
            throw RewardError(.invalidWeight, message, task: task.id, criterion)
        }
        return weight
    }
}

extension Weighting: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case essential
        case important
        case optional
        case pitfall
    }

    /// Reads `categorical`, `numeric`, `uniform`, or a table `{essential: 1.0, important: 0.7, …}`.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard let scheme = Self.named.first(where: { $0.name == name })?.scheme else {
                let message = "\"\(name)\" is none of categorical, numeric, uniform and a table of weights"
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: message))
            }
            self = scheme
            return
        }
        let table = try decoder.container(keyedBy: CodingKeys.self)
        self = .custom(
            try Dictionary(
                uniqueKeysWithValues: Importance.allCases.compactMap { importance in
                    guard let key = CodingKeys(rawValue: importance.rawValue) else { return nil }
                    return try table.decodeIfPresent(Double.self, forKey: key).map { (importance, $0) }
                }
            )
        )
    }

    /// Writes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        guard case .custom(let weights) = self else {
            var container = encoder.singleValueContainer()
            try container.encode(Self.named.first { $0.scheme == self }?.name)
            return
        }
        var table = encoder.container(keyedBy: CodingKeys.self)
        for key in CodingKeys.allCases {
            guard let importance = Importance(rawValue: key.rawValue) else { continue }
            try table.encodeIfPresent(weights[importance], forKey: key)
        }
    }

    private static let named: [(name: String, scheme: Weighting)] = [
        ("categorical", .categorical), ("numeric", .numeric), ("uniform", .uniform),
    ]
}
