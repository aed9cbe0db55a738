// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// The algorithm's numbers.
    public struct GRPOSection: Sendable, Hashable, Codable {
        /// Steps: batches of rollouts.
        public var steps = 300
        /// Prompts a step.
        public var promptsPerStep = 6
        /// Completions a prompt.
        public var groupSize = 16
        /// Optimiser steps made from each batch of rollouts.
        public var updatesPerBatch = 1
        /// How token losses become one number.
        public var loss = LossName.grpo
        /// ε_low of the clipped ratio.
        public var clipLow = 0.2
        /// ε_high of the clipped ratio.
        public var clipHigh = 0.2
        /// β, the weight of the divergence from the starting policy; 0 keeps no reference.
        public var klCoefficient = 0.0
        /// What advantages are divided by.
        public var advantageScaling = AdvantageScaling.group
        /// Whether completions cut at the limit leave the loss.
        public var masksTruncatedCompletions = false
        /// The fewest scored completions for a group to count.
        public var minimumGroupSize = 2
        /// How many rounds of new completions replace those that stay unscored.
        public var refillUnscored = 0
        /// The largest share of a step's completions without a reward with which training goes on.
        public var maximumUnscoredShare = 0.5
        /// By how many updates the weights that sample a step's rollouts are older than those it updates: 1 samples the
        /// next step while this one is judged.
        public var staleness = 0
        /// The most tokens of one forward and backward pass, whole groups as far as they fit.
        public var tokensPerMicrobatch = 4096

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case steps
            case promptsPerStep = "prompts_per_step"
            case groupSize = "group_size"
            case updatesPerBatch = "updates_per_batch"
            case loss
            case clipLow = "clip_low"
            case clipHigh = "clip_high"
            case klCoefficient = "kl_coefficient"
            case advantageScaling = "advantage_scaling"
            case masksTruncatedCompletions = "mask_truncated_completions"
            case minimumGroupSize = "minimum_group_size"
            case refillUnscored = "refill_unscored"
            case maximumUnscoredShare = "maximum_unscored_share"
            case staleness
            case tokensPerMicrobatch = "tokens_per_microbatch"
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            steps = try container.value(.steps, or: steps, in: SettingRange.count)
            promptsPerStep = try container.value(.promptsPerStep, or: promptsPerStep, in: SettingRange.count)
            groupSize = try container.value(.groupSize, or: groupSize, in: SettingRange.group)
            updatesPerBatch = try container.value(.updatesPerBatch, or: updatesPerBatch, in: SettingRange.count)
            loss = try container.value(.loss, or: loss)
            clipLow = try container.value(.clipLow, or: clipLow, in: SettingRange.share)
            clipHigh = try container.value(.clipHigh, or: clipHigh, in: SettingRange.notNegative)
            klCoefficient = try container.value(.klCoefficient, or: klCoefficient, in: SettingRange.notNegative)
            advantageScaling = try container.value(.advantageScaling, or: advantageScaling)
            masksTruncatedCompletions = try container.value(.masksTruncatedCompletions, or: masksTruncatedCompletions)
            minimumGroupSize = try container.value(.minimumGroupSize, or: minimumGroupSize, in: SettingRange.group)
            guard minimumGroupSize <= groupSize else {
                throw DecodingError.dataCorruptedError(
                    forKey: .minimumGroupSize,
                    in: container,
                    debugDescription: "minimum_group_size is \(minimumGroupSize), more than group_size \(groupSize)"
                )
            }
            refillUnscored = try container.value(.refillUnscored, or: refillUnscored, in: SettingRange.refills)
            maximumUnscoredShare = try container.value(
                .maximumUnscoredShare,
                or: maximumUnscoredShare,
                in: SettingRange.share
            )
            staleness = try container.value(.staleness, or: staleness, in: SettingRange.staleness)
            tokensPerMicrobatch = try container.value(
                .tokensPerMicrobatch,
                or: tokensPerMicrobatch,
                in: SettingRange.count
            )
        }
    }
}
