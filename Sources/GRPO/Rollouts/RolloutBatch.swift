// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Evaluation
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

    /// One prompt's rollouts: the group's own, then what was sampled in place of unscored ones.
    struct Group: Sendable {
        var prompt: [Int32]
        var rollouts: [Rollout] = []

        /// How many have no reward, of those from `index` on.
        func unscored(from index: Int) -> Int { rollouts[index...].count { $0.graded.reward == nil } }
    }

    let plan: StepPlan
    private(set) var groups: [Group]
    /// How long each completion's judge took, in seconds; of what was brought back nothing is known.
    private(set) var judgingSeconds: [Double] = []
    private var assessments: [[Assessment]]

    var rollouts: [Rollout] { groups.flatMap(\.rollouts) }
    var count: Int { groups.reduce(0) { $0 + $1.rollouts.count } }
    var sampledTokens: Int { rollouts.reduce(0) { $0 + $1.tokens.count } }
    /// How many were sampled in place of unscored ones.
    var refilled: Int { groups.reduce(0) { $0 + max(0, $1.rollouts.count - plan.groupSize) } }

    /// A step of which nothing is known yet.
    init(plan: StepPlan) {
        self.plan = plan
        groups = plan.groups.map { Group(prompt: $0.prompt) }
        assessments = groups.map { _ in [] }
    }

    /// Brings back what a killed run had recorded for the step.
    ///
    /// - Throws: ``TrainingError`` when the records are of other tasks: the recipe or its data have changed.
    mutating func restore(_ records: [RolloutRecord]) throws {
        for (place, own) in try plan.split(records, by: { ($0.completion.task, $0.completion.sample) }).enumerated() {
            groups[place].rollouts = own.map {
                Rollout(
                    tokens: $0.tokenIDs.map(Int32.init(truncatingIfNeeded:)),
                    samplingLogprobs: $0.samplingLogprobs,
                    graded: $0.completion
                )
            }
        }
    }

    /// Adds completions to a group, turning their assessments into rewards. What a refill brings changes no reward that
    /// was given before.
    mutating func add(_ judged: [JudgedCompletion], to place: Int, _ grader: Grader) throws {
        let task = plan.groups[place].task
        assessments[place] += judged.map(\.assessment)
        let outcomes = try grader.method.reward.outcomes(
            of: assessments[place],
            for: task,
            contentFailures: grader.contentFailures
        )
        for (judged, outcome) in zip(judged, outcomes.suffix(judged.count)) {
            let graded = GradedCompletion(
                step: plan.step,
                task: grader.method.judgedTask(for: task),
                sample: plan.sample(group: place, index: groups[place].rollouts.count),
                text: judged.text,
                stopReason: judged.completion.stopReason.rawValue,
                outcome: outcome,
                verdicts: judged.assessment.verdicts,
                credits: try grader.method.reward.credits(of: outcome, for: task),
                rating: judged.assessment.rating.map(RatingRecord.init)
            )
            let (tokens, logprobs) = (judged.completion.tokens, judged.completion.samplingLogprobs)
            groups[place].rollouts.append(Rollout(tokens: tokens, samplingLogprobs: logprobs, graded: graded))
            judgingSeconds.append(judged.seconds)
        }
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

    /// What the calls of the step came to; nothing is known of what was brought back.
    var usage: CallUsage { assessments.reduce(.zero) { $0 + $1.reduce(.zero) { $0 + $1.usage } } }

    /// The calls that failed in the end, by the rollout's place in the batch.
    var failures: [(place: Int, failures: [CallKey: ChatModelError])] {
        assessments.flatMap(\.self).enumerated().map { ($0, $1.failures) }.filter { !$0.failures.isEmpty }
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
