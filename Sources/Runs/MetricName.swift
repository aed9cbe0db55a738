// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// The names of the run log, each explained in Docs/metrics.md.
public enum MetricName {
    /// Mean reward of the step's scored rollouts.
    public static let rewardMean = "reward/mean"
    /// Standard deviation of the step's scored rewards.
    public static let rewardDeviation = "reward/std"
    /// Share of the step's rollouts without a reward.
    public static let unscoredShare = "reward/fraction_unscored"
    /// Share of groups whose rewards are all equal.
    public static let zeroVarianceShare = "group/fraction_zero_variance"
    /// Share of groups skipped for too few scored rollouts.
    public static let skippedShare = "group/fraction_skipped"
    /// Mean completion length in tokens.
    public static let completionTokens = "completion/tokens/mean"
    /// Share of completions cut at the token limit.
    public static let truncatedShare = "completion/fraction_truncated"
    /// The policy loss.
    public static let policyLoss = "loss/policy"
    /// The KL term to the reference policy, in nats a token.
    public static let kl = "loss/kl"
    /// Mean entropy of the next-token distribution, in nats.
    public static let entropy = "policy/entropy"
    /// Share of tokens whose importance ratio was clipped.
    public static let clipFraction = "policy/clip_fraction"
    /// The largest importance ratio.
    public static let largestRatio = "policy/importance_ratio/max"
    /// Mean absolute gap between sampling and training log-probabilities, in nats.
    public static let samplingGapMean = "policy/sampling_gap/mean"
    /// The largest such gap.
    public static let samplingGapMax = "policy/sampling_gap/max"
    /// The learning rate of the step.
    public static let learningRate = "optimizer/learning_rate"
    /// The gradient's norm before clipping.
    public static let gradientNorm = "optimizer/gradient_norm"
    /// Share of criteria that no judge answered.
    public static let judgeFailureRate = "judge/failure_rate"
    /// Share of criteria that a judge could not assess.
    public static let cannotAssessRate = "judge/cannot_assess_rate"
    /// Mean wall time of a completion's judging, in seconds.
    public static let judgeLatency = "judge/latency_seconds"
    /// Cost of the step's judging, in US dollars.
    public static let judgeCost = "judge/cost_usd"
    /// Share of judge calls answered from the ledger.
    public static let judgeCacheHits = "judge/cache_hit_rate"
    /// Seconds spent sampling.
    public static let rolloutTime = "time/rollout"
    /// Seconds spent judging.
    public static let gradeTime = "time/grade"
    /// Seconds spent on forward, backward and the optimiser.
    public static let updateTime = "time/update"
    /// Seconds of the whole step.
    public static let stepTime = "time/step"
    /// Sampled tokens a second.
    public static let decodeRate = "throughput/decode_tokens_per_second"
    /// Tokens trained on a second.
    public static let trainRate = "throughput/train_tokens_per_second"
    /// The process's largest resident size so far.
    public static let peakMemory = "memory/peak_bytes"
    /// Mean held-out reward.
    public static let heldOutMean = "held_out/mean"
    /// Lower end of its 95% interval.
    public static let heldOutLow = "held_out/low"
    /// Upper end of its 95% interval.
    public static let heldOutHigh = "held_out/high"

    /// Share of a class's criteria that were credited.
    public static func passRate(_ importance: Importance) -> String {
        "reward/importance/\(importance.rawValue)/pass_rate"
    }

    /// Share of a kind's criteria that were credited.
    public static func passRate(_ kind: CriterionKind) -> String {
        "reward/kind/\(kind.rawValue)/pass_rate"
    }

    /// Mean held-out reward over a kind's criteria alone.
    public static func heldOutMean(_ kind: CriterionKind) -> String {
        "held_out/kind/\(kind.rawValue)/mean"
    }

    /// Every name.
    package static let all: [String] =
        [
            rewardMean, rewardDeviation, unscoredShare, zeroVarianceShare, skippedShare, completionTokens,
            truncatedShare, policyLoss, kl, entropy, clipFraction, largestRatio, samplingGapMean, samplingGapMax,
            learningRate,
            gradientNorm, judgeFailureRate, cannotAssessRate, judgeLatency, judgeCost, judgeCacheHits, rolloutTime,
            gradeTime, updateTime, stepTime, decodeRate, trainRate, peakMemory, heldOutMean, heldOutLow, heldOutHigh,
        ] + Importance.allCases.map(passRate) + CriterionKind.allCases.map(passRate)
        + CriterionKind.allCases.map(heldOutMean)
}
