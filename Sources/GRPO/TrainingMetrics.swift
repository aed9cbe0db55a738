// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Evaluation
import Rubrics
import Runs

// How a step's values become its line in `metrics.jsonl`. Docs/metrics.md explains each name.

extension StepMetrics {
    /// What the rollouts came to.
    mutating func add(_ batch: RolloutBatch, rewards usable: [[Double?]], recipe: TrainingRecipe) {
        let rollouts = batch.rollouts
        let rewards = rollouts.compactMap(\.graded.reward)
        let skipped = usable.count { $0.compactMap(\.self).count < recipe.grpo.minimumGroupSize }
        values[MetricName.rewardMean] = mean(rewards)
        values[MetricName.rewardDeviation] = deviation(rewards)
        values[MetricName.unscoredShare] = share(rollouts) { $0.graded.reward == nil }
        values[MetricName.zeroVarianceShare] = Advantages.zeroVarianceShare(
            rewards: usable,
            minimumGroupSize: recipe.grpo.minimumGroupSize
        )
        values[MetricName.skippedShare] = Double(skipped) / Double(max(usable.count, 1))
        values[MetricName.completionTokens] = mean(rollouts.map { Double($0.tokens.count) })
        values[MetricName.truncatedShare] = share(rollouts, where: \.isTruncated)
        if recipe.grpo.refillUnscored > 0 { values[MetricName.refilled] = Double(batch.refilled) }
        values[MetricName.judgeLatency] = median(batch.judgingSeconds)
        add(batch.usage)
        add(rollouts.flatMap(\.graded.verdicts))
    }

    /// What judging cost, where models were asked.
    private mutating func add(_ usage: CallUsage) {
        guard usage.calls > 0 else { return }
        values[MetricName.judgeCost] = usage.cost
        values[MetricName.judgeCacheHits] = Double(usage.recorded) / Double(usage.calls)
    }

    private mutating func add(_ verdicts: [VerdictRecord]) {
        values[MetricName.judgeFailureRate] = share(verdicts) { $0.failure != nil }
        values[MetricName.cannotAssessRate] = share(verdicts) { $0.outcome == .cannotAssess }
        for importance in Importance.allCases {
            values[MetricName.passRate(importance)] = passRate(verdicts.filter { $0.importance == importance })
        }
        for kind in CriterionKind.allCases {
            values[MetricName.passRate(kind)] = passRate(verdicts.filter { $0.kind == kind })
        }
    }

    /// What the update did.
    mutating func add(_ update: UpdateMetrics, learningRate: Double, hasReference: Bool) {
        values[MetricName.policyLoss] = update.loss
        if hasReference { values[MetricName.kl] = update.divergence }
        values[MetricName.entropy] = update.entropy
        values[MetricName.clipFraction] = update.clipFraction
        values[MetricName.largestRatio] = update.largestRatio
        values[MetricName.samplingGapMean] = update.samplingGapMean
        values[MetricName.samplingGapMax] = update.samplingGapMax
        values[MetricName.learningRate] = learningRate
        values[MetricName.gradientNorm] = update.gradientNorm
    }

    /// How long the phases took and how fast they went.
    mutating func add(_ times: StepTimes, sampled: Int, trained: Int) {
        values[MetricName.stepTime] = times.total
        values[MetricName.updateTime] = times.update
        values[MetricName.trainRate] = times.update > 0 ? Double(trained) / times.update : nil
        values[MetricName.peakMemory] = Double(ProcessMemory.peakBytes())
        // What was brought back from disk was not sampled again, or neither sampled nor judged.
        if times.grade > 0 { values[MetricName.gradeTime] = times.grade }
        guard times.rollout > 0 else { return }
        values[MetricName.rolloutTime] = times.rollout
        values[MetricName.decodeRate] = Double(sampled) / times.rollout
    }

    /// What the held-out prompts came to.
    mutating func add(_ summary: EvaluationSummary) {
        guard let reward = summary.reward() else { return }
        values[MetricName.heldOutMean] = reward.mean
        values[MetricName.heldOutLow] = reward.low
        values[MetricName.heldOutHigh] = reward.high
        for kind in CriterionKind.allCases {
            values[MetricName.heldOutMean(kind)] = summary.reward(of: kind)?.mean
        }
    }
}

private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The middle value, or the mean of the two in the middle.
func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The Bessel-corrected deviation.
private func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(values) else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}

private func share<Element>(_ elements: [Element], where condition: (Element) -> Bool) -> Double? {
    elements.isEmpty ? nil : Double(elements.count(where: condition)) / Double(elements.count)
}

/// Credited among judged.
private func passRate(_ verdicts: [VerdictRecord]) -> Double? {
    share(verdicts.filter { $0.credited != nil }) { $0.credited == true }
}
