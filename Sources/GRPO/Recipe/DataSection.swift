// SPDX-License-Identifier: Apache-2.0

public import Rubrics

extension TrainingRecipe {
    /// The prompts and their rubrics.
    public struct DataSection: Sendable, Hashable, Codable {
        /// Rubric rows to train on, a path relative to the recipe.
        public var train = ""
        /// Rubric rows to measure on; empty for none.
        public var heldOut = ""
        /// The tags of the rows that are used; empty for all rows.
        public var tags: [String] = []
        /// What to do with criteria whose polarity nobody has decided.
        public var undecided = UndecidedPolarity.error

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case train
            case heldOut = "held_out"
            case tags, undecided
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            train = try container.decode(String.self, forKey: .train)
            heldOut = try container.value(.heldOut, or: heldOut)
            tags = try container.value(.tags, or: tags)
            undecided = try container.value(.undecided, or: undecided)
        }
    }
}
