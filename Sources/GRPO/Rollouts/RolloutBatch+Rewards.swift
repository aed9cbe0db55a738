// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Runs

extension RolloutBatch {
    /// The rewards that advantages are made of, a list a group; `nil` for unscored rollouts.
    ///
    /// With `dropInGroup` a criterion that is unjudged for one scored member counts for none; then the recipe's shaping
    /// acts. The recorded rewards stay.
    ///
    /// - Parameters:
    ///   - settings: How rewards are made.
    ///   - moment: The seed and the step.
    /// - Returns: A value a rollout.
    /// - Throws: `RewardError` for what validation refuses.
    func rewards(_ settings: RewardSettings, at moment: TrainingMoment) throws -> [[Double?]] {
        guard case .explicit(let method) = GradingMethod(settings, criteriaPerCall: 1).reward else {
            return groups.map { $0.rollouts.map(\.graded.reward) }
        }
        return try zip(groups, plan.groups).map { group, planned in
            let dropped = settings.unjudgedInGroup == .dropInGroup ? group.partlyJudged : []
            let members = try group.rollouts.map { rollout in
                try rollout.graded.member(without: dropped, of: planned.task, by: method)
            }
            return try settings.shaping.values(of: members, for: planned.task, by: method, at: moment)
        }
    }
}

extension RolloutBatch.Group {
    /// The criteria that are unjudged for at least one scored member.
    fileprivate var partlyJudged: Set<ExactText> {
        let scored = rollouts.filter { $0.graded.reward != nil }
        return Set(scored.flatMap { $0.graded.verdicts.filter { $0.credited == nil }.map { ExactText($0.id) } })
    }
}

extension GradedCompletion {
    /// The completion with the criteria that are not `dropped`.
    fileprivate func member(
        without dropped: Set<ExactText>,
        of task: RubricTask,
        by method: ExplicitReward
    ) throws -> GroupMember {
        let judged = verdicts.compactMap { verdict -> JudgedCriterion? in
            guard let isCredited = verdict.credited, !dropped.contains(ExactText(verdict.id)) else { return nil }
            return JudgedCriterion(
                id: verdict.id,
                polarity: verdict.polarity,
                importance: verdict.importance,
                weight: verdict.weight,
                isCredited: isCredited
            )
        }
        let isEmpty = Thinking.standard.leavesNothing(of: text)
        var member = GroupMember(reward: reward, judged: judged, completionIsEmpty: isEmpty)
        // An empty completion has its method's floor, whatever is dropped.
        if reward != nil, !dropped.isEmpty, !isEmpty { member.reward = try method.value(of: judged, in: task) }
        return member
    }
}
