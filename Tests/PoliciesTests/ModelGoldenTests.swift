// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Tensors
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

    private struct SmolLM2: Decodable {
        var tokens: [Int32]
        var positions: [Int]
        var vocabulary: [Int]
        var logits: [[Float]]
        var most_likely: [Int]
        var largest: [Float]
        var log_sum_exp: [Float]
        var greedy: [Int32]
    }

    private func golden<Value: Decodable>(_ name: String) throws -> Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name)")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
    }

    @Test("Small random models, f32, all logits within 1e-4", arguments: SmallModel.allCases)
    func smallModels(_ small: SmallModel) throws {
        let golden: Small = try golden("small-models.json")
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
        let golden: Small = try golden("small-models.json")
        let expected = try #require(golden.models[small.rawValue])
        let model = try small.load(purpose: .inference, computeType: .bfloat16)
        for (tokens, logits) in zip(golden.sequences, expected.logits) {
            let found = try model.logits(of: tokens).flatMap(\.self)
            #expect(relativeDistance(found, logits.flatMap(\.self)) < 0.03)
        }
    }

    @Test("SmolLM2 from its GGUF, f32, within 1e-3, and its greedy text", .timeLimit(.minutes(5)))
    func smolLM2() throws {
        let golden: SmolLM2 = try golden("smollm2.json")
        let model = try DecoderModel.load(
            ModelFile.open(TestEngine.smolLM2),
            purpose: .inference,
            computeType: .float32,
            engine: TestEngine.load(),
            maximumPositions: 64
        )
        let logits = try model.logits(of: golden.tokens)
        for (row, position) in golden.positions.enumerated() {
            let found = logits[position]
            #expect(largestDifference(golden.vocabulary.map { found[$0] }, golden.logits[row]) < 1e-3)
            let best = try #require(found.indices.max { found[$0] < found[$1] })
            #expect(best == golden.most_likely[row])
            #expect(abs(found[best] - golden.largest[row]) < 1e-3)
            let sum = found.reduce(0.0) { $0 + exp(Double($1 - found[best])) }
            #expect(abs(Double(found[best]) + log(sum) - Double(golden.log_sum_exp[row])) < 1e-3)
        }
        var sampler = try Sampler(model: model, maximumRows: 1, maximumRowTokens: golden.greedy.count, path: .plain)
        let request = SamplingRequest(
            prompt: golden.tokens,
            streams: [DrawStream(seed: 0, step: 0, task: 0, sample: 0)]
        )
        let options = SamplingOptions(temperature: 0, maxTokens: golden.greedy.count, stopTokens: [])
        #expect(try sampler.sample([request], options: options)[0][0].tokens == golden.greedy)
    }
}
