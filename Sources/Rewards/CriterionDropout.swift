// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// Criteria left out of a step's rewards at random, so that a policy cannot lean on a few of them (Rubric Dropout,
/// arXiv 2608.11669).
///
/// One mask holds for a whole group: its members stay comparable.
public struct CriterionDropout: Sendable, Hashable {
    /// The share of a rubric's criteria that is left out, rounded down to whole ones. The paper tries 0.3 to 0.5; the
    /// default lies between.
    public var share: Double
    /// The fewest criteria that are kept.
    public var minimum: Int
    /// Criteria of these classes are never left out.
    public var protected: Set<Importance>

    /// Keeps these streams apart from those that tokens are drawn from.
    private static let stream: UInt64 = 0x6472_6F70_6F75_74

    /// Makes a dropout.
    public init(share: Double = 0.4, minimum: Int = 3, protected: Set<Importance> = [.essential]) {
        self.share = share
        self.minimum = minimum
        self.protected = protected
    }

    /// The criteria that a step leaves out for a task; they follow from the seed, the step and the task alone.
    ///
    /// - Parameters:
    ///   - task: The task as it was judged.
    ///   - moment: The seed and the step.
    /// - Returns: Their identifiers, in rubric order.
    public func dropped(from task: RubricTask, at moment: TrainingMoment) -> [String] {
        var candidates = task.criteria.indices.filter { index in
            task.criteria[index].importance.map { !protected.contains($0) } ?? true
        }
        // A share like 0.3 of 10 may come out just below 3.
        let wanted = Int((share * Double(task.criteria.count) + 1e-9).rounded(.down))
        let count = min(wanted, candidates.count, max(task.criteria.count - minimum, 0))
        var generator = SplitMix64(
            seed: moment.seed,
            path: UInt64(max(moment.step, 0)),
            task.id.stableHash,
            Self.stream
        )
        var chosen: [Int] = []
        for _ in 0..<max(count, 0) {
            chosen.append(candidates.remove(at: Int(generator.uniform() * Double(candidates.count))))
        }
        return chosen.sorted().map { task.criteria[$0].id }
    }

    /// What is wrong with the settings; `nil` when nothing is.
    var problem: String? {
        if !(share >= 0 && share < 1) { return "dropout.share \(share) is no number from 0 to below 1" }
        if minimum < 1 { return "dropout.minimum \(minimum) is below 1" }
        return nil
    }
}

extension CriterionDropout: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case share
        case minimum
        case protected = "protect"
    }

    /// Reads `{share: 0.4, minimum: 3, protect: [essential]}`; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        share = try container.decodeIfPresent(Double.self, forKey: .share) ?? share
        minimum = try container.decodeIfPresent(Int.self, forKey: .minimum) ?? minimum
        protected = try container.decodeIfPresent([Importance].self, forKey: .protected).map { Set($0) } ?? protected
    }

    /// Writes what ``init(from:)`` reads, classes in the order of the paper.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(share, forKey: .share)
        try container.encode(minimum, forKey: .minimum)
        try container.encode(Importance.allCases.filter(protected.contains), forKey: .protected)
    }
}
