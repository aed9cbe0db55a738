// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// What is measured on held-out prompts.
    public struct EvaluationSection: Sendable, Hashable, Codable {
        /// Steps between measurements; the untrained and the final policy are always measured. 0 for only those.
        public var every = 0
        /// Completions a prompt.
        public var samples = 4
        /// The sampling temperature.
        public var temperature = 1.0
        /// The seed of the samples, the same at every measurement, so that they are paired.
        public var seed: UInt64 = 0

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case every
            case samples
            case temperature
            case seed
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            every = try container.value(.every, or: every, in: SettingRange.countOrZero)
            samples = try container.value(.samples, or: samples, in: SettingRange.count)
            temperature = try container.value(.temperature, or: temperature, in: SettingRange.notNegative)
            seed = try container.value(.seed, or: seed)
        }
    }
}
