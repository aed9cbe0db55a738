// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// The optimiser and its schedule.
    public struct OptimizerSection: Sendable, Hashable, Codable {
        /// The peak learning rate.
        public var learningRate = 5e-6
        /// What follows the warm-up.
        public var schedule = LearningRateSchedule.Shape.constantWithWarmup
        /// The share of steps in which the rate rises.
        public var warmupRatio = 0.1
        /// AdamW's first decay.
        public var beta1 = 0.9
        /// AdamW's second decay.
        public var beta2 = 0.999
        /// AdamW's epsilon.
        public var epsilon = 1e-8
        /// Decoupled weight decay of matrices.
        public var weightDecay = 0.0
        /// Gradients are scaled down to this norm.
        public var maximumGradientNorm = 1.0

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case learningRate = "learning_rate"
            case schedule
            case warmupRatio = "warmup_ratio"
            case beta1
            case beta2
            case epsilon
            case weightDecay = "weight_decay"
            case maximumGradientNorm = "maximum_gradient_norm"
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            learningRate = try container.value(.learningRate, or: learningRate, in: SettingRange.positive)
            schedule = try container.value(.schedule, or: schedule)
            warmupRatio = try container.value(.warmupRatio, or: warmupRatio, in: SettingRange.share)
            beta1 = try container.value(.beta1, or: beta1, in: SettingRange.decay)
            beta2 = try container.value(.beta2, or: beta2, in: SettingRange.decay)
            epsilon = try container.value(.epsilon, or: epsilon, in: SettingRange.positive)
            weightDecay = try container.value(.weightDecay, or: weightDecay, in: SettingRange.notNegative)
            maximumGradientNorm = try container.value(
                .maximumGradientNorm,
                or: maximumGradientNorm,
                in: SettingRange.positive
            )
        }
    }
}
