// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors
import TestSupport
import Testing

@testable import Policies

/// The demo's model against `transformers`, which dequantised the same GGUF (Scripts/goldens/models.py).
@Suite("SmolLM2 equals that of transformers")
struct SmolLM2GoldenTests {
    private struct Golden: Decodable {
        var tokens: [Int32]
        var positions: [Int]
        var vocabulary: [Int]
        var logits: [[Float]]
        var most_likely: [Int]
        var largest: [Float]
        var log_sum_exp: [Float]
        var greedy: [Int32]
    }

    private let golden: Golden

    init() throws {
        golden = try TestEngine.golden(Golden.self, "smollm2.json")
    }

    // One test, because reading the model takes seconds and half a gigabyte.
    @Test("Logits, greedy text, and sampling on every path", .timeLimit(.minutes(5)))
    func smolLM2() throws {
        let model = try DecoderModel.load(
            ModelFile.open(TestEngine.smolLM2),
            purpose: .inference,
            computeType: .float32,
            engine: TestEngine.load(),
            maximumPositions: 64
        )
        try compareLogits(model)
        let greedy = SamplingOptions(temperature: 0, maxTokens: golden.greedy.count, stopTokens: [])
        #expect(try sample(model, rows: 1, path: .plain, greedy)[0].tokens == golden.greedy)
        let narrow = try model.converted(to: .bfloat16)
        var paths: [Sampler.Path] = [.plain]
        if TestEngine.supportsPackedDecoding { paths.append(.packed) }
        for path in paths { try compareSampling(narrow, model, path: path) }
    }

    private func compareLogits(_ model: DecoderModel) throws {
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
    }

    private func sample(
        _ model: DecoderModel,
        rows: Int,
        path: Sampler.Path,
        _ options: SamplingOptions
    ) throws -> [SampledTokens] {
        var sampler = try Sampler(model: model, maximumRows: rows, maximumRowTokens: options.maxTokens, path: path)
        let streams = (0..<rows).map { DrawStream(seed: 3, step: 1, task: 0, sample: $0) }
        return try sampler.sample([SamplingRequest(prompt: golden.tokens, streams: streams)], options: options)[0]
    }

    /// Sampling in bf16 strays from f32 about as far as training in bf16 does.
    private func compareSampling(_ narrow: DecoderModel, _ wide: DecoderModel, path: Sampler.Path) throws {
        let drawn = try sample(narrow, rows: 4, path: path, SamplingOptions(maxTokens: 24, stopTokens: []))
        let exact = try logprobs(wide, drawn)
        let training = try logprobs(narrow, drawn)
        let sampling = drawn.flatMap(\.samplingLogprobs)
        let (gap, allowed) = (meanDifference(sampling, exact), meanDifference(training, exact))
        #expect(allowed < 0.05 && gap < 0.05, "\(path): \(gap), training \(allowed)")
        #expect(meanDifference(sampling, training) < 0.05)
        #expect(largestDifference(sampling, training) < 0.5)
    }

    private func meanDifference(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(a.count)
    }

    /// Log-probabilities on the training path: the prompt once, all completions behind it.
    private func logprobs(_ model: DecoderModel, _ drawn: [SampledTokens]) throws -> [Float] {
        try model.engine.withoutGradients {
            var tokens = golden.tokens
            var predictors: [Int64] = []
            for completion in drawn {
                predictors.append(Int64(golden.tokens.count - 1))
                predictors += (tokens.count..<tokens.count + completion.tokens.count - 1).map(Int64.init)
                tokens += completion.tokens.dropLast()
            }
            let layout = GroupLayout(
                promptLength: golden.tokens.count,
                completionLengths: drawn.map { $0.tokens.count - 1 }
            )
            let hidden = try model.hiddenStates(tokens, groups: [layout])
            return try model.tokenLogprobs(
                hidden.selecting(model.engine.tensor(predictors)),
                targets: drawn.flatMap(\.tokens)
            ).logprobs.floats()
        }
    }
}

extension DecoderModel {
    /// The same weights computing in another type, without reading the file again.
    fileprivate func converted(to dtype: DType) throws -> DecoderModel {
        func matrix(_ parameter: Parameter) throws -> Parameter {
            let working = try parameter.working.to(dtype)
            return Parameter(name: parameter.name, master: working, gradient: nil, working: working)
        }
        let embedding = try matrix(embedding)
        return DecoderModel(
            configuration: configuration,
            computeType: dtype,
            embedding: embedding,
            layers: try layers.map { layer in
                var layer = layer
                layer.qkv = try matrix(layer.qkv)
                layer.attentionOutput = try matrix(layer.attentionOutput)
                layer.gateUp = try matrix(layer.gateUp)
                layer.down = try matrix(layer.down)
                return layer
            },
            finalNorm: finalNorm,
            outputMatrix: configuration.tiedEmbeddings ? embedding : try matrix(outputMatrix),
            rotary: rotary
        )
    }
}
