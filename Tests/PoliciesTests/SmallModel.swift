// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Tensors
import TestSupport

/// Small random models whose weights come from the formula of Scripts/goldens/models.py.
enum SmallModel: String, CaseIterable, Sendable {
    case llama
    case llamaTied = "llama-tied"
    case qwen2
    case qwen3

    /// The same sizes as in the script.
    var configuration: ModelConfiguration {
        switch self {
        case .llama:
            ModelConfiguration(
                architecture: .llama,
                vocabularySize: 64,
                hiddenSize: 48,
                intermediateSize: 80,
                layers: 2,
                heads: 6,
                kvHeads: 2,
                headDimension: 8,
                rmsNormEps: 1e-5,
                maxPositions: 64
            )
        case .llamaTied:
            ModelConfiguration(
                architecture: .llama,
                vocabularySize: 72,
                hiddenSize: 24,
                intermediateSize: 56,
                layers: 3,
                heads: 3,
                kvHeads: 1,
                headDimension: 8,
                ropeTheta: 100_000,
                maxPositions: 64,
                tiedEmbeddings: true
            )
        case .qwen2:
            ModelConfiguration(
                architecture: .qwen2,
                vocabularySize: 64,
                hiddenSize: 32,
                intermediateSize: 72,
                layers: 2,
                heads: 4,
                kvHeads: 2,
                ropeTheta: 1e6,
                maxPositions: 64
            )
        case .qwen3:
            ModelConfiguration(
                architecture: .qwen3,
                vocabularySize: 80,
                hiddenSize: 40,
                intermediateSize: 64,
                layers: 2,
                heads: 4,
                kvHeads: 2,
                headDimension: 16,
                ropeTheta: 1e6,
                maxPositions: 64,
                tiedEmbeddings: true
            )
        }
    }

    /// SplitMix64 seeded with the FNV-1a hash of the tensor's name, as doubles in [-1, 1), scaled by what it is.
    static func weight(_ name: String, shape: [Int]) -> [Float] {
        var state = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let scale = shape.count > 1 ? (3 / Double(shape[1])).squareRoot() : 1
        return (0..<shape.reduce(1, *)).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            let uniform = Double(mixed >> 11) * 0x1p-52 - 1
            if name.hasSuffix("norm.weight") { return Float(1 + uniform / 4) }
            return Float(name.hasSuffix(".bias") || name.hasPrefix("model.embed_tokens") ? uniform : uniform * scale)
        }
    }

    /// Writes the model as a Hugging Face directory and reads it back.
    func load(
        purpose: DecoderModel.Purpose = .training,
        computeType: DType = .float32
    ) throws -> DecoderModel {
        let folder = try TemporaryFolder()
        let configuration = configuration
        let shapes = Dictionary(configuration.weights.map { ($0.name, $0.shape) }) { first, _ in first }
        try ModelFile.save(
            to: folder.url.path,
            configuration: configuration,
            tokenizer: nil,
            chatTemplate: nil,
            format: .f32
        ) { name, append in
            try Self.weight(name, shape: shapes[name] ?? []).withUnsafeBufferPointer(append)
        }
        return try DecoderModel.load(
            ModelFile.open(folder.url.path),
            purpose: purpose,
            computeType: computeType,
            engine: TestEngine.load()
        )
    }
}

extension DecoderModel {
    /// Logits [token][vocabulary] of a text on its own.
    func logits(of tokens: [Int32]) throws -> [[Float]] {
        try engine.withoutGradients {
            let layout = GroupLayout(promptLength: tokens.count, completionLengths: [])
            let logits = try logits(hiddenStates(tokens, groups: [layout])).floats()
            let width = configuration.vocabularySize
            return tokens.indices.map { Array(logits[$0 * width..<($0 + 1) * width]) }
        }
    }
}
