// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// How assessments become rewards: by verdicts or by a rating.
public enum RewardMethod: Sendable, Hashable {
    /// Equation 1 of the paper.
    case explicit(ExplicitReward)
    /// Equation 2 of the paper.
    case rating(RatingReward)

    /// The rewards that the method can give.
    public var range: ClosedRange<Double> {
        switch self {
        case .explicit(let reward): reward.range
        case .rating(let reward): reward.range
        }
    }

    /// Makes sure that every task can have a reward, before any work starts.
    ///
    /// - Throws: ``RewardError`` naming the first task and criterion that cannot.
    public func validate(_ tasks: [RubricTask]) throws {
        if case .explicit(let reward) = self { try reward.validate(tasks) }
    }

    /// What stands beside the verdicts: the reward's credits, or, where there is no reward, what each criterion weighs,
    /// nothing of it earned or lost.
    ///
    /// - Parameters:
    ///   - outcome: The outcome of the task's assessment.
    ///   - task: The task, as ``GradingMethod/prepared(_:)`` gives it.
    /// - Returns: A credit for each judged criterion; none where the method rates.
    /// - Throws: ``RewardError`` naming a criterion that cannot be weighed.
    public func credits(of outcome: RewardOutcome, for task: RubricTask) throws -> [Credit] {
        if case .scored(let reward) = outcome { return reward.credits }
        guard case .explicit(let reward) = self else { return [] }
        let rubric = try reward.weighed(task)
        return zip(rubric.criteria, rubric.weights).map { Credit(criterion: $0.id, weight: $1, credited: nil) }
    }

    /// The reward of one assessment, judged by itself: no failure is held against the completion.
    ///
    /// - Throws: ``RewardError`` when the rubric, the verdicts or a setting make a reward impossible.
    public func outcome(of assessment: Assessment, for task: RubricTask) throws -> RewardOutcome {
        switch self {
        case .explicit(let reward): try reward.outcome(of: assessment, for: task)
        case .rating(let reward): reward.outcome(of: assessment)
        }
    }

    /// The rewards of a group in training: content-bound failures that completions caused count against them.
    ///
    /// - Throws: ``RewardError`` as ``outcome(of:for:)`` does.
    public func outcomes(
        of group: [Assessment],
        for task: RubricTask,
        contentFailures: ContentFailurePolicy
    ) throws -> [RewardOutcome] {
        switch self {
        case .explicit(let reward): try reward.outcomes(of: group, for: task, contentFailures: contentFailures)
        case .rating(let reward):
            zip(group, contentFailures.attributedRatings(in: group)).map { assessment, isAttributed in
                reward.outcome(of: assessment, isAttributed: isAttributed)
            }
        }
    }
}
