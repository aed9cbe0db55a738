// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Policies
import Rewards
import Rubrics
public import Runs

/// Group Relative Policy Optimization on rubric rewards (Rubrics as Rewards, section 3; DeepSeekMath, section 4.1).
///
/// A step: take prompts → sample a group of completions for each → judge them against the prompt's rubric → turn
/// verdicts into rewards and rewards into group-relative advantages → update the policy on the clipped surrogate.
/// ``RolloutPipeline`` does the first half: judging goes on beside sampling, and with `grpo.staleness` 1 the next step
/// is sampled while this one is judged.
///
/// Departures from the paper's equations, all from practice since: losses aggregate by `grpo.loss`; advantages add 1e-4
/// to the deviation; unscored completions and groups too small to compare take no part; no KL term unless asked for.
public struct GRPOTrainer: Sendable {
    private let recipe: TrainingRecipe
    private let tasks: [RubricTask]
    private let grading: RunGrading
    private let heldOut: RubricEvaluation?
    private let policy: PolicyInTraining
    private let checkpoints: CheckpointWriter
    /// What a reader of the summary must know of the data.
    private let notes: [String]
    /// Rollouts of steps that a killed run had already sampled and judged.
    private let stored: @Sendable (_ step: Int) -> [RolloutRecord]?

    init(
        recipe: TrainingRecipe,
        tasks: [RubricTask],
        grading: RunGrading,
        heldOut: RubricEvaluation?,
        policy: PolicyInTraining,
        checkpoints: CheckpointWriter,
        notes: [String],
        stored: @escaping @Sendable (_ step: Int) -> [RolloutRecord]?
    ) {
        self.recipe = recipe
        self.tasks = tasks
        self.grading = grading
        self.heldOut = heldOut
        self.policy = policy
        self.checkpoints = checkpoints
        self.notes = notes
        self.stored = stored
    }

    /// Trains from the step after `start` to the recipe's last.
    ///
    /// - Parameters:
    ///   - start: The state to go on from.
    ///   - stopping: Asked after each step; when true, the run saves a checkpoint and ends without a summary.
    ///   - emit: Takes each event and returns when it is handled; rollouts are durable before the weights move.
    /// - Throws: ``TrainingError``, what judging, sampling and the disk throw, and `CancellationError`.
    public func train(
        from start: TrainingState,
        stopping: @escaping @Sendable () -> Bool = { false },
        emit: @escaping TrainingEvents.Emit
    ) async throws {
        try await RunTasks.run { tasksOfRun in
            let pipeline = RolloutPipeline(
                recipe: recipe,
                tasks: tasks,
                policy: policy,
                judging: GroupJudging(grader: grading.grader, prompts: policy.prompts),
                stored: stored,
                tasksOfRun: tasksOfRun,
                emit: emit
            )
            try await train(from: start, pipeline, stopping, emit)
        }
    }

    private func train(
        from start: TrainingState,
        _ pipeline: RolloutPipeline,
        _ stopping: @Sendable () -> Bool,
        _ emit: @escaping TrainingEvents.Emit
    ) async throws {
        var state = start
        var ahead: StepRollouts?
        let steps = recipe.grpo.steps
        try await emit(.started(TrainingPlan(name: recipe.name, steps: steps, resumedAfter: state.resumedAfter)))
        if state.step == 0, state.savedStep == nil {
            var metrics = StepMetrics(step: 0)
            try await evaluate(step: 0, &state, &metrics, emit)
            try await emit(.finishedStep(metrics))
        }
        while state.step < steps {
            let step = state.step + 1
            var times = StepTimes()
            grading.beginStep()

            // Sample: π_θ_old writes G completions for each prompt, and each goes to its judge the moment it ends.
            let sampled =
                if let ahead { ahead } else { try await pipeline.rollouts(step: step, sampled: state.sampled) }

            // With staleness 1 the same weights sample the next step too, while the judges of this one are at work.
            ahead = isSampledAhead(step + 1) ? try await pipeline.rollouts(step: step + 1) : nil

            // Judge: verdicts become rewards, kept before the weights move.
            let rollouts = try await pipeline.judged(sampled, &times)
            if !sampled.isRecorded, let reason = unscoredLimit.reasonToPause(rollouts) {
                if state.savedStep != state.step { try await save(&state, sampled, emit) }
                return try await emit(.paused(step: step, reason: reason))
            }
            let records = rollouts.records(firstID: state.rollouts)
            for (place, failures) in rollouts.failures {
                try await grading.keepFailures(records[place].subject, failures)
            }
            try await emit(.graded(step: step, rollouts: records))
            state.rollouts += rollouts.count

            // Compare: the group is the baseline, A = (r − mean) / deviation.
            let rewards = try rollouts.rewards(recipe.reward, at: moment(of: step))
            let advantages = Advantages.estimate(
                rewards: rewards,
                scaling: recipe.grpo.advantageScaling,
                minimumGroupSize: recipe.grpo.minimumGroupSize
            )

            if advantages.allSatisfy({ $0.allSatisfy { $0 == nil } }) {
                try await emit(.warned("step \(step): no group has enough scored completions, so no weight moves"))
            }

            // Update: ascend the clipped surrogate, µ times on the same rollouts.
            let update = try await update(step: step, rollouts, advantages, &times, emit)

            var metrics = StepMetrics(step: step)
            metrics.add(rollouts, rewards: rewards, recipe: recipe)
            metrics.add(update, learningRate: schedule.rate(at: step), hasReference: recipe.grpo.klCoefficient > 0)
            metrics.add(times, sampled: rollouts.sampledTokens, trained: update.trainedTokens)
            state.finish(metrics)

            if isEvaluated(step) { try await evaluate(step: step, &state, &metrics, emit) }
            try await emit(.finishedStep(metrics))
            let isStopping = stopping() && step < steps
            if isSaved(step) || isStopping { try await save(&state, ahead, emit) }
            if isStopping { return }
        }
        try await emit(.finished(summary(state)))
    }

    private func moment(of step: Int) -> TrainingMoment {
        TrainingMoment(seed: recipe.seed, step: step, steps: recipe.grpo.steps)
    }

    private func isSampledAhead(_ step: Int) -> Bool {
        recipe.grpo.staleness == 1 && step <= recipe.grpo.steps
    }

    // MARK: - Update

    private func update(
        step: Int,
        _ rollouts: RolloutBatch,
        _ advantages: [[Double?]],
        _ times: inout StepTimes,
        _ emit: @escaping TrainingEvents.Emit
    ) async throws -> UpdateMetrics {
        let batch = rollouts.trained(advantages, maskingTruncated: recipe.grpo.masksTruncatedCompletions)
        let settings = UpdateSettings(
            objective: TokenObjective(
                clipLow: recipe.grpo.clipLow,
                clipHigh: recipe.grpo.clipHigh,
                klCoefficient: recipe.grpo.klCoefficient
            ),
            aggregation: recipe.grpo.loss.aggregation(maxCompletionTokens: recipe.sampling.maxCompletionTokens),
            temperature: recipe.sampling.temperature,
            updates: recipe.grpo.updatesPerBatch,
            tokensPerMicrobatch: recipe.grpo.tokensPerMicrobatch,
            maximumGradientNorm: recipe.optimizer.maximumGradientNorm,
            learningRate: schedule.rate(at: step),
            isStale: recipe.grpo.staleness > 0
        )
        let total = batch.tokenCount * settings.updates
        return try await times.measuring(\.update) {
            try await reporting(.updating, step: step, total: total, emit) { progress in
                try await policy.container.perform { content in
                    var update = PolicyUpdate(batch, settings: settings)
                    try update.run(&content, progress: progress)
                    return update.metrics
                }
            }
        }
    }

    private var unscoredLimit: UnscoredLimit { UnscoredLimit(share: recipe.grpo.maximumUnscoredShare) }

    private var schedule: LearningRateSchedule {
        LearningRateSchedule(
            shape: recipe.optimizer.schedule,
            peak: recipe.optimizer.learningRate,
            warmupRatio: recipe.optimizer.warmupRatio,
            steps: recipe.grpo.steps
        )
    }

    // MARK: - Measure and save

    private func isEvaluated(_ step: Int) -> Bool {
        step == recipe.grpo.steps || recipe.evaluation.every > 0 && step % recipe.evaluation.every == 0
    }

    private func isSaved(_ step: Int) -> Bool {
        step == recipe.grpo.steps || recipe.checkpoints.every > 0 && step % recipe.checkpoints.every == 0
    }

    private func evaluate(
        step: Int,
        _ state: inout TrainingState,
        _ metrics: inout StepMetrics,
        _ emit: @escaping TrainingEvents.Emit
    ) async throws {
        guard let heldOut else { return }
        let total = heldOut.tasks.count * heldOut.configuration.samples * heldOut.configuration.maxCompletionTokens
        let records = try await reporting(.evaluating, step: step, total: total, emit) { progress in
            try await heldOut.records(of: policy, step: step, observer: progress)
        }
        try await emit(.evaluated(step: step, samples: records))
        let summary = EvaluationSummary(records)
        metrics.add(summary)
        if step == 0 { state.before = records }
        state.after = records
        guard recipe.checkpoints.best, step > 0, let mean = summary.reward()?.mean, mean > state.bestScore else {
            return
        }
        state.bestScore = mean
        try await checkpoints.saveBest(policy, step: step, score: mean)
    }

    /// Saves the state with what is sampled for the step after it.
    private func save(
        _ state: inout TrainingState,
        _ next: StepRollouts?,
        _ emit: @escaping TrainingEvents.Emit
    ) async throws {
        let saved = try await checkpoints.save(policy, state, sampled: next?.sampled ?? [])
        state.savedStep = state.step
        try await emit(.saved(step: state.step, folder: saved.url))
    }

    private func summary(_ state: TrainingState) -> RunSummary {
        let comparison = PairedComparison(
            before: EvaluationSummary(state.before),
            after: EvaluationSummary(state.after)
        )
        var byKind: [CriterionKind: RunSummary.Change] = [:]
        for kind in CriterionKind.allCases { byKind[kind] = comparison.change(of: kind) }
        return RunSummary(
            heldOut: comparison.change,
            byKind: byKind,
            steps: state.step,
            seed: Int(clamping: recipe.seed),
            secondsPerStep: state.medianStepSeconds,
            decodeTokensPerSecond: state.decodeTokensPerSecond,
            peakMemoryBytes: ProcessMemory.peakBytes(),
            notes: notes + state.notes
        )
    }
}
