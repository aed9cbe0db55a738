// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// What is saved.
    public struct CheckpointSection: Sendable, Hashable, Codable {
        /// Steps between checkpoints; the last step is always saved. 0 for only that.
        public var every = 50
        /// How many of the newest to keep.
        public var keep = 1
        /// Whether to keep the weights of the best held-out measurement too.
        public var best = true

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case every
            case keep
            case best
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            every = try container.value(.every, or: every, in: SettingRange.countOrZero)
            keep = try container.value(.keep, or: keep, in: SettingRange.count)
            best = try container.value(.best, or: best)
        }
    }
}
