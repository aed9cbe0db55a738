// SPDX-License-Identifier: Apache-2.0

import Judging
import Policies
import Rewards
import Rubrics
import Runs

/// One step's rollouts, a group a prompt.
struct RolloutBatch: Sendable {
    /// One graded completion, in the form in which it is recorded.
    struct Rollout: Sendable {
        var tokens: [Int32]
        var samplingLogprobs: [Float]
        var graded: GradedCompletion

        var isTruncated: Bool { StopReason(rawValue: graded.stopReason)?.isTruncation ?? false }
    }

    /// One prompt's rollouts.
    struct Group: Sendable {
        var prompt: [Int32]
        var rollouts: [Rollout]
    }

    private(set) var groups: [Group] = []

    var rollouts: [Rollout] { groups.flatMap(\.rollouts) }
    var count: Int { groups.reduce(0) { $0 + $1.rollouts.count } }
    var sampledTokens: Int { rollouts.reduce(0) { $0 + $1.tokens.count } }

    init() {}

    /// Brings back what a killed run had recorded for a step.
    ///
    /// - Throws: ``TrainingError`` when the records are of other tasks: the recipe or its data have changed.
    init(restoring records: [RolloutRecord], tasks: [RubricTask], prompts: [[Int32]]) throws {
        let size = records.count / max(tasks.count, 1)
        for (place, task) in tasks.enumerated() {
            let own = records[place * size..<(place + 1) * size]
            guard own.allSatisfy({ $0.completion.task.isExactly(task.id) }) else {
                throw TrainingError(
                    .invalidData,
                    "the recorded rollouts of step \(records.first?.completion.step ?? 0) are not of task \(task.id): "
                        + "the recipe's data have changed since; start a new run"
                )
            }
            let rollouts = own.map {
                Rollout(
                    tokens: $0.tokenIDs.map(Int32.init(truncatingIfNeeded:)),
                    samplingLogprobs: $0.samplingLogprobs,
                    graded: $0.completion
                )
            }
            groups.append(Group(prompt: prompts[place], rollouts: rollouts))
        }
    }

    /// Adds a group, turning its assessments into rewards.
    mutating func append(
        step: Int,
        task: RubricTask,
        firstSample: Int,
        prompt: [Int32],
        completions: [SampledTokens],
        texts: [String],
        assessments: [Assessment],
        reward: TrainingRecipe.RewardSection
    ) throws {
        let outcomes = try reward.explicit.outcomes(
            of: assessments,
            for: task,
            contentFailures: reward.contentFailures
        )
        let rollouts = completions.indices.map { sample in
            Rollout(
                tokens: completions[sample].tokens,
                samplingLogprobs: completions[sample].samplingLogprobs,
                graded: GradedCompletion(
                    step: step,
                    task: task,
                    sample: firstSample + sample,
                    text: texts[sample],
                    stopReason: completions[sample].stopReason.rawValue,
                    outcome: outcomes[sample],
                    verdicts: assessments[sample].verdicts
                )
            )
        }
        groups.append(Group(prompt: prompt, rollouts: rollouts))
    }

    /// The rollouts as the archive keeps them.
    func records(firstID: Int) -> [RolloutRecord] {
        rollouts.enumerated().map { place, rollout in
            RolloutRecord(
                id: firstID + place,
                completion: rollout.graded,
                tokenIDs: rollout.tokens.map(Int.init),
                samplingLogprobs: rollout.samplingLogprobs
            )
        }
    }

    /// The rewards that advantages are made of, a list a group; `nil` for unscored rollouts.
    ///
    /// With `dropInGroup` a criterion that is unjudged for one scored member counts for none; the recorded rewards stay.
    func rewards(_ settings: TrainingRecipe.RewardSection) -> [[Double?]] {
        groups.map { group in
            let recorded = group.rollouts.map(\.graded.reward)
            guard settings.unjudgedInGroup == .dropInGroup else { return recorded }
            let scored = group.rollouts.filter { $0.graded.reward != nil }
            let dropped = Set(scored.flatMap { $0.graded.verdicts.filter { $0.credited == nil }.map(\.id) })
            guard !dropped.isEmpty else { return recorded }
            return group.rollouts.map { $0.graded.reward(without: dropped, settings.explicit) }
        }
    }

    /// The rollouts that the loss counts: of groups that are not skipped, scored, and not masked.
    func trained(_ advantages: [[Double?]], maskingTruncated: Bool) -> UpdateBatch {
        UpdateBatch(
            groups: zip(groups, advantages).map { group, advantages in
                UpdateBatch.Group(
                    prompt: group.prompt,
                    rollouts: zip(group.rollouts, advantages).compactMap { rollout, advantage in
                        guard let advantage, !(maskingTruncated && rollout.isTruncated) else { return nil }
                        return TrainedRollout(
                            tokens: rollout.tokens,
                            samplingLogprobs: rollout.samplingLogprobs,
                            advantage: advantage
                        )
                    }
                )
            }
        )
    }
}

extension GradedCompletion {
    /// The reward of the judged criteria that are not `dropped`; `nil` where none is left or there was no reward.
    fileprivate func reward(without dropped: Set<String>, _ method: ExplicitReward) -> Double? {
        // An empty completion has its method's floor, whatever is dropped.
        guard reward != nil, !Thinking.standard.leavesNothing(of: text) else { return reward }
        return method.value(
            of: verdicts.compactMap { verdict in
                guard let isCredited = verdict.credited, !dropped.contains(verdict.id) else { return nil }
                return JudgedCriterion(polarity: verdict.polarity, weight: verdict.weight, isCredited: isCredited)
            }
        )
    }
}
