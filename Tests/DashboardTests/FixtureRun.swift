// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

@testable import Runs

/// Writes a run as training would: an invented policy that learns form well and content hardly.
struct FixtureRun {
    var seed: UInt64 = 1
    var steps = 40
    /// The content gain from the first to the last step, as a rise of a fact's probability.
    var contentGain = 0.03
    var formGain = 0.75
    var heldOutTasks = 24
    var samples = 4
    var evaluateEvery = 10
    /// The share of rollouts whose judge fails.
    var failureShare = 0.0
    var isFinished = true

    private static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_700_000_000) }

    /// Writes the run below `root`.
    func write(root: URL, name: String = "demo") throws -> RunDirectory {
        let run = try RunDirectory.create(root: root, name: name)
        try run.write(Self.recipe, to: run.recipeFile)
        var recorder = TrainingRecorder(run: run, now: Self.now)
        var evaluations: [[HeldOutRecord]] = []
        for step in 0...steps {
            var metrics = StepMetrics(step: step)
            if step > 0 {
                let rollouts = rollouts(step: step)
                try recorder.record(.graded(step: step, rollouts: rollouts))
                metrics.values = trainingMetrics(rollouts, step: step)
            }
            if step.isMultiple(of: evaluateEvery) || step == steps {
                let samples = heldOut(step: step)
                evaluations.append(samples)
                try recorder.record(.evaluated(step: step, samples: samples))
                metrics.values.merge(heldOutMetrics(samples)) { _, new in new }
            }
            try recorder.record(.finishedStep(metrics))
        }
        if isFinished { try recorder.record(.finished(summary(evaluations))) }
        return run
    }

    private static let recipe = """
        # Resolved by `rubrics train Recipes/demo.yaml`
        seed: 1
        policy:
          model: SmolLM2-135M-Instruct
          dtype: bf16
        data:
          train: Data/demo-train.jsonl
          held_out: Data/demo-held-out.jsonl
        reward:
          method: explicit   # Σ w·credited / Σ w
          weighting: categorical
        grpo:
          steps: 40
          prompts_per_step: 4
          group_size: 8
          max_completion_tokens: 96
          loss: grpo
          learning_rate: 5.0e-5
          note: "<b>not markup</b>"

        """
}

extension FixtureRun {
    private func progress(_ step: Int) -> Double {
        let share = Double(step) / Double(max(1, steps))
        return share * share * (3 - 2 * share)
    }

    private func completion(topic index: Int, task: String, step: Int, sample: Int, stream: UInt64) -> GradedCompletion
    {
        let topic = FixtureTopic.all[index % FixtureTopic.all.count]
        var generator = SplitMix64(seed: seed, path: stream, UInt64(step), UInt64(index), UInt64(sample))
        let writer = FixtureWriter(
            topic: topic,
            factChance: 0.38 + contentGain * progress(step),
            formChance: 0.12 + formGain * progress(step)
        )
        let (text, verdicts) = writer.write(&generator)
        let rubric = writer.task(id: task)
        let reward = Self.reward(verdicts, rubric)
        let isFailed = generator.uniform() < failureShare
        let outcome: RewardOutcome =
            isFailed
            ? .unscored(UnscoredReason(reason: "timeout", detail: "no answer in 30 s"))
            : .scored(reward)
        let isCut = !text.hasSuffix(".")
        return GradedCompletion(
            step: step,
            task: rubric,
            sample: sample,
            text: text,
            stopReason: isCut ? "max_tokens" : "end_of_sequence",
            outcome: outcome,
            verdicts: verdicts,
            credits: isFailed ? [] : reward.credits
        )
    }

    private static func reward(_ verdicts: [Verdict], _ task: RubricTask) -> Reward {
        let credits = zip(task.criteria, verdicts).map { criterion, verdict in
            let isCredited = (verdict.outcome == .met) == (criterion.polarity == .positive)
            return Credit(criterion: criterion.id, weight: criterion.weight ?? 0, credited: isCredited)
        }
        let whole = credits.map(\.weight).reduce(0, +)
        let earned = credits.filter { $0.credited == true }.map(\.weight).reduce(0, +)
        return Reward(value: earned / whole, coverage: 1, credits: credits)
    }

    private func rollouts(step: Int) -> [RolloutRecord] {
        (0..<32).map { number in
            let index = (step * 4 + number / 8) * 7
            let completion = completion(
                topic: index,
                task: "train-\(index % 96)",
                step: step,
                sample: number % 8,
                stream: 1
            )
            let id = (step - 1) * 32 + number
            return RolloutRecord(id: id, completion: completion, tokenIDs: [1, 2], samplingLogprobs: [-0.5, -0.25])
        }
    }

    private func heldOut(step: Int) -> [HeldOutRecord] {
        (0..<heldOutTasks * samples).map { number in
            let index = number / samples
            let topic = FixtureTopic.all[index % FixtureTopic.all.count]
            let variant = index / FixtureTopic.all.count
            let completion = completion(
                topic: index,
                task: "held-out-\(index)",
                step: step,
                sample: number % samples,
                stream: 2
            )
            let prompt = variant == 0 ? topic.prompt : "\(topic.prompt) (\(variant + 1))"
            return HeldOutRecord(completion: completion, prompt: prompt)
        }
    }
}

extension FixtureRun {
    private func trainingMetrics(_ rollouts: [RolloutRecord], step: Int) -> [String: Double] {
        var generator = SplitMix64(seed: seed, path: 9, UInt64(step))
        let noise = { (scale: Double) in scale * (generator.uniform() - 0.5) }
        let rewards = rollouts.compactMap(\.completion.reward)
        let done = progress(step)
        let lengths = rollouts.map { Double($0.completion.text.utf8.count) / 4.6 }
        var values = [
            MetricName.rewardMean: Self.mean(rewards), MetricName.rewardDeviation: 0.2 - 0.06 * done + noise(0.03),
            MetricName.completionTokens: Self.mean(lengths),
            MetricName.truncatedShare: Self.mean(rollouts.map { $0.completion.stopReason == "max_tokens" ? 1 : 0 }),
            MetricName.zeroVarianceShare: done > 0.8 && generator.uniform() < 0.3 ? 0.25 : 0,
            MetricName.entropy: 1.9 - 0.8 * done + noise(0.1), MetricName.gradientNorm: 0.9 + 0.5 * done + noise(0.5),
            MetricName.samplingGapMean: 0.011 + noise(0.004), MetricName.samplingGapMax: 0.31 + noise(0.2),
            MetricName.learningRate: 5e-5, MetricName.policyLoss: noise(0.02),
            MetricName.decodeRate: 910 + noise(60), MetricName.trainRate: 285 + noise(20),
            MetricName.rolloutTime: 3.1 - 1.0 * done + noise(0.3), MetricName.gradeTime: 0.05 + noise(0.01),
            MetricName.updateTime: 9.4 - 1.6 * done + noise(0.6), MetricName.peakMemory: 3.4e9,
        ]
        values[MetricName.stepTime] = [MetricName.rolloutTime, MetricName.gradeTime, MetricName.updateTime]
            .compactMap { values[$0] }.reduce(0, +)
        let verdicts = rollouts.flatMap(\.completion.verdicts)
        for importance in Importance.allCases {
            values[MetricName.passRate(importance)] = Self.passRate(verdicts.filter { $0.importance == importance })
        }
        for kind in CriterionKind.allCases {
            values[MetricName.passRate(kind)] = Self.passRate(verdicts.filter { $0.kind == kind })
        }
        return values
    }

    private func heldOutMetrics(_ samples: [HeldOutRecord]) -> [String: Double] {
        let means = promptMeans(samples) { $0.reward }
        let (mean, margin) = Self.interval(means)
        var values = [
            MetricName.heldOutMean: mean, MetricName.heldOutLow: mean - margin, MetricName.heldOutHigh: mean + margin,
        ]
        for kind in CriterionKind.allCases {
            values[MetricName.heldOutMean(kind)] = Self.mean(promptMeans(samples) { Self.reward(of: kind, $0) })
        }
        return values
    }

    private func summary(_ evaluations: [[HeldOutRecord]]) -> RunSummary {
        let kinds = CriterionKind.allCases.compactMap { kind in
            change(evaluations) { Self.reward(of: kind, $0) }.map { (kind, $0) }
        }
        return RunSummary(
            heldOut: change(evaluations) { $0.reward },
            byKind: Dictionary(uniqueKeysWithValues: kinds),
            steps: steps,
            seed: Int(seed),
            secondsPerStep: 12.4,
            decodeTokensPerSecond: 912,
            peakMemoryBytes: 3_412_000_000
        )
    }

    private func change(
        _ evaluations: [[HeldOutRecord]],
        _ value: (GradedCompletion) -> Double?
    ) -> RunSummary.Change? {
        guard let first = evaluations.first, let last = evaluations.last, !first.isEmpty else { return nil }
        let (before, after) = (promptMeans(first, value), promptMeans(last, value))
        let (mean, margin) = Self.interval(zip(before, after).map { $1 - $0 })
        return RunSummary.Change(
            before: Self.mean(before),
            after: Self.mean(after),
            difference: Estimate(mean: mean, low: mean - margin, high: mean + margin)
        )
    }

    private func promptMeans(_ samples: [HeldOutRecord], _ value: (GradedCompletion) -> Double?) -> [Double] {
        stride(from: 0, to: samples.count, by: self.samples).map { start in
            Self.mean(samples[start..<(start + self.samples)].compactMap { value($0.completion) })
        }
    }

    private static func reward(of kind: CriterionKind, _ completion: GradedCompletion) -> Double? {
        let own = completion.verdicts.filter { $0.kind == kind && $0.credited != nil }
        let whole = own.map(\.weight).reduce(0, +)
        return whole > 0 ? own.filter { $0.credited == true }.map(\.weight).reduce(0, +) / whole : nil
    }

    private static func passRate(_ verdicts: [VerdictRecord]) -> Double {
        mean(verdicts.compactMap(\.credited).map { $0 ? 1 : 0 })
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func interval(_ values: [Double]) -> (mean: Double, margin: Double) {
        let mean = mean(values)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(max(1, values.count - 1))
        return (mean, 1.96 * (variance / Double(max(1, values.count))).squareRoot())
    }
}
