// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// The names of the run log, each explained in Docs/metrics.md.
package enum MetricName {
    /// Mean reward of the step's scored rollouts.
    package static let rewardMean = "reward/mean"
    /// Standard deviation of the step's scored rewards.
    package static let rewardDeviation = "reward/std"
    /// Share of the step's rollouts without a reward.
    package static let unscoredShare = "reward/fraction_unscored"
    /// Share of groups whose rewards are all equal.
    package static let zeroVarianceShare = "group/fraction_zero_variance"
    /// Share of groups skipped for too few scored rollouts.
    package static let skippedShare = "group/fraction_skipped"
    /// Completions sampled in place of unscored ones.
    package static let refilled = "group/refilled"
    /// Mean completion length in tokens.
    package static let completionTokens = "completion/tokens/mean"
    /// Share of completions cut at the token limit.
    package static let truncatedShare = "completion/fraction_truncated"
    /// The policy loss.
    package static let policyLoss = "loss/policy"
    /// The KL term to the reference policy, in nats a token.
    package static let kl = "loss/kl"
    /// Mean entropy of the next-token distribution, in nats.
    package static let entropy = "policy/entropy"
    /// Share of tokens whose importance ratio was clipped.
    package static let clipFraction = "policy/clip_fraction"
    /// The largest importance ratio.
    package static let largestRatio = "policy/importance_ratio/max"
    /// Mean absolute gap between sampling and training log-probabilities, in nats.
    package static let samplingGapMean = "policy/sampling_gap/mean"
    /// The largest such gap.
    package static let samplingGapMax = "policy/sampling_gap/max"
    /// The learning rate of the step.
    package static let learningRate = "optimizer/learning_rate"
    /// The gradient's norm before clipping.
    package static let gradientNorm = "optimizer/gradient_norm"
    /// Share of criteria that no judge answered.
    package static let judgeFailureRate = "judge/failure_rate"
    /// Share of criteria that a judge could not assess.
    package static let cannotAssessRate = "judge/cannot_assess_rate"
    /// Median wall time of a completion's judging, in seconds.
    package static let judgeLatency = "judge/latency_seconds"
    /// Cost of the step's judging, in US dollars.
    package static let judgeCost = "judge/cost_usd"
    /// Share of judge calls answered from the ledger.
    package static let judgeCacheHits = "judge/cache_hit_rate"
    /// Seconds spent waiting for the policy to sample the step's completions.
    package static let rolloutTime = "time/rollout"
    /// Seconds spent waiting for judges with nothing else to do.
    package static let gradeTime = "time/grade"
    /// Seconds spent on forward, backward and the optimiser.
    package static let updateTime = "time/update"
    /// Seconds of the whole step.
    package static let stepTime = "time/step"
    /// Sampled tokens a second.
    package static let decodeRate = "throughput/decode_tokens_per_second"
    /// Tokens trained on a second.
    package static let trainRate = "throughput/train_tokens_per_second"
    /// The process's largest resident size so far.
    package static let peakMemory = "memory/peak_bytes"
    /// Mean held-out reward.
    package static let heldOutMean = "held_out/mean"
    /// Lower end of its 95% interval.
    package static let heldOutLow = "held_out/low"
    /// Upper end of its 95% interval.
    package static let heldOutHigh = "held_out/high"

    /// Share of a class's criteria that were credited.
    package static func passRate(_ importance: Importance) -> String {
        "reward/importance/\(importance.rawValue)/pass_rate"
    }

    /// Share of a kind's criteria that were credited.
    package static func passRate(_ kind: CriterionKind) -> String {
        "reward/kind/\(kind.rawValue)/pass_rate"
    }

    /// Mean held-out reward over a kind's criteria alone.
    package static func heldOutMean(_ kind: CriterionKind) -> String {
        "held_out/kind/\(kind.rawValue)/mean"
    }

    /// Every name.
    package static let all: [String] =
        [
            rewardMean, rewardDeviation, unscoredShare, zeroVarianceShare, skippedShare, refilled,
            completionTokens,
            truncatedShare, policyLoss, kl, entropy, clipFraction, largestRatio, samplingGapMean, samplingGapMax,
            learningRate, gradientNorm, judgeFailureRate, cannotAssessRate, judgeLatency, judgeCost, judgeCacheHits,
            rolloutTime,
            gradeTime, updateTime, stepTime, decodeRate, trainRate, peakMemory, heldOutMean, heldOutLow, heldOutHigh,
        ] + Importance.allCases.map(passRate) + CriterionKind.allCases.map(passRate)
        + CriterionKind.allCases.map(heldOutMean)
}
