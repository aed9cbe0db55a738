// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Tensors
import TestSupport
import Testing

/// Logits against `transformers` (Scripts/goldens/models.py).
@Suite("Model outputs equal those of transformers")
struct ModelGoldenTests {
    private struct Small: Decodable {
        struct Model: Decodable {
            var configuration: Configuration
            var logits: [[[Float]]]
        }

        /// What tells the models apart, to notice when the script and ``SmallModel`` part ways.
        struct Configuration: Decodable {
            var vocab_size: Int
            var hidden_size: Int
            var intermediate_size: Int
            var num_hidden_layers: Int
            var rope_theta: Double
            var rms_norm_eps: Double
            var tie_word_embeddings: Bool
        }

        var sequences: [[Int32]]
        var models: [String: Model]
    }

    @Test("Small random models, f32, all logits within 1e-4", arguments: SmallModel.allCases)
    func smallModels(_ small: SmallModel) throws {
        let golden = try TestEngine.golden(Small.self, "small-models.json")
        let expected = try #require(golden.models[small.rawValue])
        let configuration = small.configuration
        #expect(configuration.vocabularySize == expected.configuration.vocab_size)
        #expect(configuration.hiddenSize == expected.configuration.hidden_size)
        #expect(configuration.intermediateSize == expected.configuration.intermediate_size)
        #expect(configuration.layers == expected.configuration.num_hidden_layers)
        #expect(configuration.ropeTheta == expected.configuration.rope_theta)
        #expect(configuration.rmsNormEps == expected.configuration.rms_norm_eps)
        #expect(configuration.tiedEmbeddings == expected.configuration.tie_word_embeddings)
        let model = try small.load(purpose: .inference)
        for (tokens, logits) in zip(golden.sequences, expected.logits) {
            #expect(largestDifference(try model.logits(of: tokens).joined(), logits.joined()) < 1e-4)
        }
    }

    @Test("Small random models in bf16 stay within bf16 of f32", arguments: SmallModel.allCases)
    func smallModelsInBF16(_ small: SmallModel) throws {
        let golden = try TestEngine.golden(Small.self, "small-models.json")
        let expected = try #require(golden.models[small.rawValue])
        let model = try small.load(purpose: .inference, computeType: .bfloat16)
        for (tokens, logits) in zip(golden.sequences, expected.logits) {
            let found = try model.logits(of: tokens).flatMap(\.self)
            #expect(relativeDistance(found, logits.flatMap(\.self)) < 0.03)
        }
    }
}
