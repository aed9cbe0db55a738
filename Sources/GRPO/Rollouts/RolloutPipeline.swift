// SPDX-License-Identifier: Apache-2.0

import Judging
import Policies
import Rubrics
import Runs

/// Makes rollouts: samples a step, gives each completion to its judge the moment it ends, waits for the judges, and
/// samples anew what they left unscored.
struct RolloutPipeline: Sendable {
    let recipe: TrainingRecipe
    let tasks: [RubricTask]
    let policy: PolicyInTraining
    let judging: GroupJudging
    /// Rollouts of steps that a killed run had already sampled and judged.
    let stored: @Sendable (_ step: Int) -> [RolloutRecord]?
    /// Where judging runs, so that it may go on after the next step has begun.
    let tasksOfRun: RunTasks
    let emit: TrainingEvents.Emit

    /// A step's completions, sampled with the present weights, or brought back where a killed run had them.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - sampled: What the checkpoint holds of completions sampled ahead.
    /// - Returns: All completions; their judges may still be at work.
    /// - Throws: What sampling throws; ``TrainingError`` when what is recorded does not fit the recipe.
    func rollouts(step: Int, sampled: [SampledRecord] = []) async throws -> StepRollouts {
        let plan = try StepPlan(step: step, recipe: recipe, tasks: tasks, prompts: policy.prompts)
        if let records = stored(step) {
            return StepRollouts(plan: plan, origin: .recorded(records), samplingSeconds: 0)
        }
        if sampled.first?.step == step {
            let restored = try SampledStep(sampled, plan: plan)
            let deliveries = judge(restored.groups, plan: plan)
            return StepRollouts(plan: plan, origin: .sampled(restored, judging: deliveries), samplingSeconds: 0)
        }
        let start = ContinuousClock.now
        let (groups, deliveries) = try await sample(plan.requests, of: plan.groups.map(\.task), step: step)
        return StepRollouts(
            plan: plan,
            origin: .sampled(SampledStep(step: step, groups: groups), judging: deliveries),
            samplingSeconds: (ContinuousClock.now - start).seconds
        )
    }

    /// Waits for a step's judges, and refills its groups where the recipe wants it.
    ///
    /// - Parameters:
    ///   - rollouts: The step's completions.
    ///   - times: Gets the time that was waited.
    /// - Returns: The rollouts in sample order.
    /// - Throws: What judging and sampling throw; `RewardError` for rubrics that give no reward.
    func judged(_ rollouts: StepRollouts, _ times: inout StepTimes) async throws -> RolloutBatch {
        times.rollout += rollouts.samplingSeconds
        var batch = RolloutBatch(plan: rollouts.plan)
        switch rollouts.origin {
        case .recorded(let records): try batch.restore(records)
        case .sampled(_, let deliveries):
            try await times.measuring(\.grade) {
                for (place, delivery) in deliveries.enumerated() {
                    try batch.add(await delivery.value, to: place, judging.grader)
                    try await reportJudged(place + 1, of: deliveries.count, step: rollouts.plan.step)
                }
            }
            try await refill(&batch, &times)
        }
        return batch
    }

    // MARK: - Refills

    /// Samples each unscored completion again, round after round. A round waits for all judges of the one before, so
    /// what is sampled together does not depend on how fast they are.
    private func refill(_ batch: inout RolloutBatch, _ times: inout StepTimes) async throws {
        var missing = batch.groups.map { $0.unscored(from: 0) }
        for _ in 0..<recipe.grpo.refillUnscored where missing.contains(where: { $0 > 0 }) {
            let plan = batch.plan
            let sizes = batch.groups.map(\.rollouts.count)
            let places = missing.indices.filter { missing[$0] > 0 }
            let requests = places.map { plan.request(group: $0, indices: sizes[$0]..<sizes[$0] + missing[$0]) }
            let (_, deliveries) = try await times.measuring(\.rollout) {
                try await sample(requests, of: places.map { plan.groups[$0].task }, step: plan.step)
            }
            try await times.measuring(\.grade) {
                for (place, delivery) in zip(places, deliveries) {
                    try batch.add(await delivery.value, to: place, judging.grader)
                }
            }
            missing = batch.groups.enumerated().map { $1.unscored(from: sizes[$0]) }
        }
    }

    // MARK: - Sampling and judging

    private func sample(
        _ requests: [SamplingRequest],
        of tasks: [RubricTask],
        step: Int
    ) async throws -> ([[SampledTokens]], [Delivery<[JudgedCompletion]>]) {
        let feeds = requests.map { GroupFeed(count: $0.streams.count) }
        let deliveries = zip(feeds, tasks).map { judge($0, for: $1) }
        let total = feeds.reduce(0) { $0 + $1.count } * recipe.sampling.maxCompletionTokens
        let groups = try await reporting(.sampling, step: step, total: total, emit) { progress in
            try await policy.sample(
                requests,
                options: samplingOptions,
                finished: { feeds[$0.request].send($0.completion, place: $0.sample) },
                observer: progress
            )
        }
        return (groups, deliveries)
    }

    private func judge(_ groups: [[SampledTokens]], plan: StepPlan) -> [Delivery<[JudgedCompletion]>] {
        zip(groups, plan.groups).map { completions, group in
            let feed = GroupFeed(count: completions.count)
            for (place, completion) in completions.enumerated() { feed.send(completion, place: place) }
            return judge(feed, for: group.task)
        }
    }

    private func judge(_ group: GroupFeed, for task: RubricTask) -> Delivery<[JudgedCompletion]> {
        let delivery = Delivery<[JudgedCompletion]>()
        tasksOfRun.start { delivery.deliver(try await judging.assessments(of: group, for: task)) }
        return delivery
    }

    private func reportJudged(_ completed: Int, of total: Int, step: Int) async throws {
        try await emit(
            .progressed(PhaseProgress(.judging, step: step, completed: completed, total: total, unit: "groups"))
        )
    }

    private var samplingOptions: SamplingOptions {
        SamplingOptions(
            temperature: recipe.sampling.temperature,
            topP: recipe.sampling.topP,
            topK: recipe.sampling.topK,
            maxTokens: recipe.sampling.maxCompletionTokens,
            stopTokens: recipe.sampling.ignoresEndOfSequence ? [] : policy.prompts.stopTokens
        )
    }
}
