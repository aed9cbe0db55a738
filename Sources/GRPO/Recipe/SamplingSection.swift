// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// How completions are drawn in training.
    public struct SamplingSection: Sendable, Hashable, Codable {
        /// Divides the logits; above 0.
        public var temperature = 1.0
        /// Only the smallest set of tokens with at least this probability.
        public var topP = 1.0
        /// Only this many most likely tokens; 0 for all.
        public var topK = 0
        /// The longest completion, in tokens.
        public var maxCompletionTokens = 256
        /// Whether every completion runs to the limit, for measurements of speed.
        public var ignoresEndOfSequence = false

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case temperature
            case topP = "top_p"
            case topK = "top_k"
            case maxCompletionTokens = "max_completion_tokens"
            case ignoresEndOfSequence = "ignore_end_of_sequence"
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            temperature = try container.value(.temperature, or: temperature, in: SettingRange.positive)
            topP = try container.value(.topP, or: topP, in: SettingRange.positiveShare)
            topK = try container.value(.topK, or: topK, in: SettingRange.countOrZero)
            maxCompletionTokens = try container.value(
                .maxCompletionTokens,
                or: maxCompletionTokens,
                in: SettingRange.count
            )
            ignoresEndOfSequence = try container.value(.ignoresEndOfSequence, or: ignoresEndOfSequence)
        }
    }
}
