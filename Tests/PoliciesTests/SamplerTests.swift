// SPDX-License-Identifier: Apache-2.0

import Policies
import Tensors
import TestSupport
import Testing

@Suite("Sampling")
struct SamplerTests {
    /// A way to decode, with the model it belongs to.
    enum Way: String, CaseIterable, Sendable {
        case plainF32
        case plainBF16
        case packed

        /// The ways of this machine.
        static var available: [Way] { allCases.filter { $0 != .packed || TestEngine.supportsPackedDecoding } }

        var computeType: DType { self == .plainF32 ? .float32 : .bfloat16 }
        var path: Sampler.Path { self == .packed ? .packed : .plain }
    }

    private let prompts: [[Int32]] = [[3, 14, 15, 9, 26], [1], [27, 18, 28, 18, 28, 45, 9]]

    private func request(_ prompt: Int, samples: Int, seed: UInt64 = 7) -> SamplingRequest {
        SamplingRequest(
            prompt: prompts[prompt],
            streams: (0..<samples).map { DrawStream(seed: seed, step: 1, task: UInt64(prompt), sample: $0) }
        )
    }

    private func sampler(_ model: DecoderModel, _ way: Way, rows: Int = 16, tokens: Int = 24) throws -> Sampler {
        try Sampler(model: model, maximumRows: rows, maximumRowTokens: tokens, path: way.path)
    }

    @Test("The same seed gives the same tokens whatever is sampled beside", arguments: Way.available)
    func batchIndependence(_ way: Way) throws {
        for small in SmallModel.allCases {
            let model = try small.load(purpose: .inference, computeType: way.computeType)
            var sampler = try sampler(model, way)
            let options = SamplingOptions(maxTokens: 20, stopTokens: [2, 5])
            let together = try sampler.sample((0..<3).map { request($0, samples: 4) }, options: options)
            for prompt in prompts.indices {
                let alone = try sampler.sample([request(prompt, samples: 4)], options: options)[0]
                #expect(alone.map(\.tokens) == together[prompt].map(\.tokens), "\(small)")
                let one = try sampler.sample([request(prompt, samples: 1)], options: options)[0][0]
                #expect(one.tokens == together[prompt][0].tokens, "\(small)")
            }
            #expect(try sampler.sample((0..<3).map { request($0, samples: 4) }, options: options) == together)
        }
    }

    @Test("Waves of few rows give what one wave of all gives", arguments: Way.available)
    func waves(_ way: Way) throws {
        let model = try SmallModel.llama.load(purpose: .inference, computeType: way.computeType)
        let options = SamplingOptions(maxTokens: 8, stopTokens: [])
        let requests = (0..<3).map { request($0, samples: 3) }
        var narrow = try sampler(model, way, rows: 4)
        var wide = try sampler(model, way, rows: 16)
        var rows: [Int: [Int32]] = [:]
        let found = try narrow.sample(requests, options: options) { row, token in rows[row, default: []].append(token) }
        #expect(
            found.map { $0.map(\.tokens) } == (try wide.sample(requests, options: options)).map { $0.map(\.tokens) }
        )
        // The observer counts rows over all requests.
        #expect((0..<9).map { rows[$0] } == found.joined().map(\.tokens))
    }

    @Test("A completion is handed over when its last token is drawn, once, whatever the wave", arguments: [3, 16])
    func finished(rows: Int) throws {
        let model = try SmallModel.llama.load(purpose: .inference)
        let options = SamplingOptions(maxTokens: 20, stopTokens: [2, 5, 7, 11])
        let requests = (0..<3).map { request($0, samples: 3) }
        var sampler = try sampler(model, .plainF32, rows: rows)
        var drawn = [Int](repeating: 0, count: 9)
        var found: [FinishedCompletion] = []
        let all = try sampler.sample(
            requests,
            options: options,
            observer: { row, _ in drawn[row] += 1 },
            finished: { finished in
                found.append(finished)
                let count = finished.completion.tokens.count
                #expect(drawn[finished.request * 3 + finished.sample] == count)
                // Nobody of the same wave is a token further.
                let wave = rows == 3 ? finished.request * 3..<finished.request * 3 + 3 : 0..<9
                #expect(drawn[wave].allSatisfy { $0 <= count })
            }
        )
        #expect(Set(found.map { $0.request * 3 + $0.sample }) == Set(0..<9) && found.count == 9)
        for finished in found { #expect(finished.completion == all[finished.request][finished.sample]) }
        #expect(Set(found.map(\.completion.tokens.count)).count > 1)
    }

    @Test("Other seeds and samples give other tokens")
    func seeds() throws {
        let model = try SmallModel.qwen2.load(purpose: .inference)
        var sampler = try sampler(model, .plainF32)
        let options = SamplingOptions(maxTokens: 20, stopTokens: [])
        let found = try sampler.sample([request(0, samples: 4), request(0, samples: 1, seed: 8)], options: options)
        #expect(Set(found.joined().map(\.tokens)).count == 5)
    }

    @Test("Greedy decoding takes the most likely token of the full forward pass", arguments: SmallModel.allCases)
    func greedy(_ small: SmallModel) throws {
        let model = try small.load(purpose: .inference)
        var sampler = try sampler(model, .plainF32)
        let options = SamplingOptions(temperature: 0, maxTokens: 12, stopTokens: [])
        let found = try sampler.sample((0..<3).map { request($0, samples: 2) }, options: options)
        for (prompt, completions) in zip(prompts, found) {
            var text = prompt
            for _ in 0..<12 {
                let logits = try #require(model.logits(of: text).last)
                text.append(Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0))
            }
            for completion in completions { #expect(completion.tokens == Array(text.dropFirst(prompt.count))) }
        }
    }

    @Test(
        "Sampling log-probabilities are those of the training path, whatever top-k and top-p cut",
        arguments: Way.available,
        [0.7, 1.0]
    )
    func logprobs(_ way: Way, temperature: Double) throws {
        for small in SmallModel.allCases {
            let model = try small.load(purpose: .inference, computeType: way.computeType)
            var sampler = try sampler(model, way)
            let options = SamplingOptions(temperature: temperature, topP: 0.9, topK: 20, maxTokens: 16, stopTokens: [])
            for (prompt, completions) in try zip(prompts, sampler.sample(requests(4), options: options)) {
                for completion in completions {
                    let expected = try trainingLogprobs(model, prompt, completion.tokens, temperature)
                    let worst = largestDifference(completion.samplingLogprobs, expected)
                    #expect(worst < (way == .plainF32 ? 1e-4 : 0.2), "\(small)")
                    let mean = zip(completion.samplingLogprobs, expected).reduce(0) { $0 + abs($1.0 - $1.1) } / 16
                    #expect(mean < (way == .plainF32 ? 1e-4 : 0.05), "\(small)")
                }
            }
        }
    }

    private func requests(_ samples: Int) -> [SamplingRequest] { prompts.indices.map { request($0, samples: samples) } }

    private func trainingLogprobs(
        _ model: DecoderModel,
        _ prompt: [Int32],
        _ completion: [Int32],
        _ temperature: Double
    ) throws -> [Float] {
        try model.engine.withoutGradients {
            let tokens = prompt + completion.dropLast()
            let layout = GroupLayout(promptLength: prompt.count, completionLengths: [completion.count - 1])
            let hidden = try model.hiddenStates(tokens, groups: [layout])[prompt.count - 1..<tokens.count]
            return try model.tokenLogprobs(hidden, targets: completion, temperature: temperature).logprobs.floats()
        }
    }

    @Test("A stop token ends its row and is part of it; the others go on", arguments: Way.available)
    func stopTokens(_ way: Way) throws {
        let model = try SmallModel.qwen2.load(purpose: .inference, computeType: way.computeType)
        var sampler = try sampler(model, way)
        let free = SamplingOptions(maxTokens: 20, stopTokens: [])
        let unstopped = try sampler.sample([request(0, samples: 6)], options: free)[0]
        // A token that some rows draw on the way and others do not.
        let stop = try #require(unstopped[0].tokens.dropFirst(3).first)
        var options = free
        options.stopTokens = [stop]
        let stopped = try sampler.sample([request(0, samples: 6)], options: options)[0]
        for (free, found) in zip(unstopped, stopped) {
            let end = free.tokens.firstIndex(of: stop)
            #expect(found.tokens == Array(free.tokens.prefix((end ?? 19) + 1)))
            #expect(found.samplingLogprobs.count == found.tokens.count)
            #expect(found.stopReason == (end == nil ? .maxTokens : .endOfSequence))
        }
        #expect(Set(stopped.map(\.tokens.count)).count > 1)
    }

    @Test("A completion ends where the context does", arguments: Way.available)
    func contextEnd(_ way: Way) throws {
        let model = try SmallModel.llama.load(purpose: .inference, computeType: way.computeType)
        var sampler = try sampler(model, way)
        let options = SamplingOptions(maxTokens: 24, stopTokens: [])
        func sample(promptLength: Int) throws -> SampledTokens {
            let prompt = (0..<promptLength).map { Int32($0 % 60) }
            let stream = DrawStream(seed: 1, step: 1, task: 1, sample: 0)
            return try sampler.sample([SamplingRequest(prompt: prompt, streams: [stream])], options: options)[0][0]
        }
        #expect(try sample(promptLength: 40).stopReason == .maxTokens)
        let short = try sample(promptLength: 60)
        #expect(short.tokens.count == 4 && short.stopReason == .contextOverflow)
        let one = try sample(promptLength: 63)
        #expect(one.tokens.count == 1 && one.stopReason == .contextOverflow)
        let error = #expect(throws: ContextOverflow.self) { _ = try sample(promptLength: 64) }
        #expect(error?.description.contains("64 tokens") == true)
        #expect(throws: TensorError.self) { _ = try sample(promptLength: 0) }
        // A refused request leaves the sampler usable.
        #expect(try sample(promptLength: 60) == short)
    }

    @Test("One token, and requests without samples", arguments: Way.available)
    func edges(_ way: Way) throws {
        let model = try SmallModel.llamaTied.load(purpose: .inference, computeType: way.computeType)
        var sampler = try sampler(model, way)
        let options = SamplingOptions(maxTokens: 1, stopTokens: [])
        let found = try sampler.sample([request(0, samples: 2), request(1, samples: 0)], options: options)
        #expect(found.map { $0.map(\.tokens.count) } == [[1, 1], []])
        #expect(try sampler.sample([], options: options).isEmpty)
    }

    // MARK: The packed path

    @Test(
        "Packed decoding agrees with the plain path within bf16",
        .enabled(if: TestEngine.supportsPackedDecoding, "this CPU has no AVX-512 BF16"),
        arguments: SmallModel.allCases
    )
    func packedAgreesWithPlain(_ small: SmallModel) throws {
        let model = try small.load(purpose: .inference, computeType: .bfloat16)
        let options = SamplingOptions(maxTokens: 24, stopTokens: [])
        var packed = try sampler(model, .packed)
        let drawn = try packed.sample(requests(4), options: options)
        var plain = try sampler(model, .plainBF16)
        let other = try plain.sample(requests(4), options: options)
        // Rounding may flip a draw now and then; until then the texts and log-probabilities are the same.
        var compared = 0
        for (a, b) in zip(drawn.joined(), other.joined()) {
            let same = zip(a.tokens, b.tokens).prefix { $0 == $1 }.count
            compared += same
            #expect(largestDifference(a.samplingLogprobs.prefix(same), b.samplingLogprobs.prefix(same)) < 0.2)
        }
        #expect(compared > 12 * 24 / 2)
    }

    @Test(
        "A refresh takes over changed weights",
        .enabled(if: TestEngine.supportsPackedDecoding, "this CPU has no AVX-512 BF16")
    )
    func refresh() throws {
        let model = try SmallModel.llama.load(computeType: .bfloat16)
        var sampler = try sampler(model, .packed)
        let options = SamplingOptions(maxTokens: 12, stopTokens: [])
        let before = try sampler.sample(requests(2), options: options)
        for parameter in model.parameters where parameter.working.dtype == .bfloat16 {
            try parameter.working.assign(parameter.working * 1.5)
        }
        try sampler.refresh()
        let after = try sampler.sample(requests(2), options: options)
        #expect(after != before)
        var fresh = try self.sampler(model, .packed)
        #expect(try fresh.sample(requests(2), options: options) == after)
    }

    @Test("Packed decoding of an f32 model is refused with the way out")
    func packedNeedsBF16() throws {
        let model = try SmallModel.llama.load(purpose: .inference)
        let error = #expect(throws: TensorError.self) { _ = try sampler(model, .packed) }
        #expect(error?.message.hasSuffix("choose the plain path") == true)
        // Left to itself the sampler takes the plain path.
        var automatic = try Sampler(model: model, maximumRows: 4, maximumRowTokens: 4)
        #expect(try automatic.sample(requests(1), options: SamplingOptions(maxTokens: 4, stopTokens: [])).count == 3)
    }
}
