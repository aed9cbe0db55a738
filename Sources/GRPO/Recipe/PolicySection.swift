// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TrainingRecipe {
    /// What is trained.
    public struct PolicySection: Sendable, Hashable, Codable {
        /// A Hugging Face directory or a GGUF file.
        public var model = "models/SmolLM2-135M-Instruct.gguf"
        /// The type that matrices compute in: `bf16` or `f32`. Master weights are always f32.
        public var dtype = ComputeType.bf16

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case model
            case dtype
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            model = try container.value(.model, or: model)
            dtype = try container.value(.dtype, or: dtype)
        }
    }

    /// The type that matrices compute in.
    public enum ComputeType: String, Sendable, Hashable, Codable, CaseIterable {
        case bf16
        case f32
    }
}
