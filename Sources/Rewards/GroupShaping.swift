// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What advantages are made of instead of recorded rewards: shaping that needs the whole group or the step.
///
/// The order is fixed: a curriculum's weights replace the recorded ones, dropout leaves criteria out, and what is left
/// is either aggregated as the method does or normalized criterion by criterion. Recorded rewards stay as they are.
public struct GroupShaping: Sendable, Hashable {
    /// Whether each criterion is normalized over the group before the weighted mean (``GroupRewards/normalized(_:)``).
    public var normalizesCriteria: Bool
    /// Which criteria a step leaves out; none when `nil`.
    public var dropout: CriterionDropout?
    /// The weights in force over a run, stage after stage; the method's own after the last.
    public var curriculum: [CurriculumStage]

    /// Makes a shaping; by default it changes nothing.
    public init(
        normalizesCriteria: Bool = false,
        dropout: CriterionDropout? = nil,
        curriculum: [CurriculumStage] = []
    ) {
        self.normalizesCriteria = normalizesCriteria
        self.dropout = dropout
        self.curriculum = curriculum
    }

    /// Makes sure that every task can be shaped, before any work starts.
    ///
    /// - Parameters:
    ///   - tasks: The tasks, with their children.
    ///   - method: The method that their rewards are made by.
    /// - Throws: ``RewardError`` for a setting that is out of range or means nothing with the method, and for a task
    ///   whose criteria have no weights in a stage.
    public func validate(_ tasks: [RubricTask], for method: ExplicitReward) throws {
        if let problem { throw RewardError(.invalidSetting, problem) }
        if normalizesCriteria, ![.weightedMean, .hierarchical].contains(method.aggregation) {
            let message =
                "normalize_criteria with aggregation \(method.aggregation.word.rawValue) means nothing: normalized "
                + "criteria are averaged by weight; set reward.aggregation to weighted_mean, or leave them as they are"
            throw RewardError(.invalidSetting, message)
        }
        for stage in curriculum {
            do {
                for task in tasks { _ = try stage.weighed(task, by: method) }
            } catch var error as RewardError {
                error.message += " (in the curriculum's stage until \(stage.until))"
                throw error
            }
        }
    }

    /// The values that a group's advantages are made of.
    ///
    /// - Parameters:
    ///   - group: The members as recorded.
    ///   - task: Their task, with its children.
    ///   - method: The method that the recorded rewards were made by.
    ///   - moment: The seed and the step.
    /// - Returns: A value a member; the recorded reward where nothing changes it, `nil` for an unscored completion and
    ///   where nothing that weighs anything is left.
    /// - Throws: ``RewardError`` only for what ``validate(_:for:)`` refuses.
    public func values(
        of group: [GroupMember],
        for task: RubricTask,
        by method: ExplicitReward,
        at moment: TrainingMoment
    ) throws -> [Double?] {
        let stage = curriculum.stage(at: moment)
        let dropped = Set(
            dropout?.dropped(from: method.judgedTask(for: task), at: moment).map { ExactText($0) } ?? []
        )
        guard normalizesCriteria || stage != nil || !dropped.isEmpty else { return group.map(\.reward) }
        let weights = try stage?.weighed(task, by: method).weightsByCriterion
        let left = group.map { member -> [JudgedCriterion] in
            guard member.reward != nil else { return [] }
            return member.judged.filter { !dropped.contains(ExactText($0.id)) }.map { criterion in
                var criterion = criterion
                criterion.weight = weights?[ExactText(criterion.id)] ?? criterion.weight
                return criterion
            }
        }
        guard !normalizesCriteria else { return GroupRewards.normalized(left) }
        let method = stage?.weighing(method) ?? method
        return try zip(group, left).map { member, left in
            guard member.reward != nil, !member.completionIsEmpty else { return member.reward }
            return try method.value(of: left, in: task)
        }
    }

    /// What is wrong with the settings; `nil` when nothing is.
    private var problem: String? { dropout?.problem ?? curriculum.problem }
}

extension CurriculumStage {
    /// A method with the stage's weights.
    fileprivate func weighing(_ method: ExplicitReward) -> ExplicitReward {
        var method = method
        method.weighting = weights
        return method
    }

    fileprivate func weighed(_ task: RubricTask, by method: ExplicitReward) throws -> ExplicitReward.WeighedRubric {
        try weighing(method).weighed(task)
    }
}

extension ExplicitReward.WeighedRubric {
    fileprivate var weightsByCriterion: [ExactText: Double] {
        Dictionary(zip(criteria.map { ExactText($0.id) }, weights), uniquingKeysWith: { _, last in last })
    }
}

extension GroupShaping: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case normalizesCriteria = "normalize_criteria"
        case dropout
        case curriculum
    }

    /// Reads `{normalize_criteria: false, dropout: {share: 0.4}, curriculum: [{until: 0.3, weights: {…}}]}`; what is
    /// missing is off.
    ///
    /// - Throws: An error at the setting that is out of its range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            normalizesCriteria: try container.decodeIfPresent(Bool.self, forKey: .normalizesCriteria) ?? false,
            dropout: try container.decodeIfPresent(CriterionDropout.self, forKey: .dropout),
            curriculum: try container.decodeIfPresent([CurriculumStage].self, forKey: .curriculum) ?? []
        )
        for (key, problem) in [(CodingKeys.dropout, dropout?.problem), (.curriculum, curriculum.problem)] {
            guard let problem else { continue }
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: problem)
        }
    }
}
