// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Tensors

/// Samples completions in batches: each prompt is read once for all its completions, and a finished row costs nothing.
public struct Sampler {
    /// Where decoding runs.
    public enum Path: String, Sendable, Hashable, CaseIterable {
        /// The packed bf16 path where the CPU has it and the model computes in bf16, else the plain one.
        case automatic
        case packed
        case plain
    }

    /// Called after each drawn token with its row, counted over all requests, and the token.
    public typealias Observer = (_ row: Int, _ token: Int32) throws -> Void

    /// Called with each completion as soon as its last token is drawn, in the order in which completions end.
    public typealias Receiver = (FinishedCompletion) throws -> Void

    let model: DecoderModel
    private var decoder: any TokenDecoder
    private let maximumRows: Int
    private let maximumRowTokens: Int

    /// Makes a sampler for at most `maximumRows` rows at once of `maximumRowTokens` new tokens each.
    ///
    /// - Throws: `TensorError` where the packed path is demanded and not supported.
    public init(model: DecoderModel, maximumRows: Int, maximumRowTokens: Int, path: Path = .automatic) throws {
        self.model = model
        self.maximumRows = maximumRows
        self.maximumRowTokens = maximumRowTokens
        let canPack = model.engine.supportsPackedDecoding && model.computeType == .bfloat16 && model.device == .cpu
        if path == .packed, !canPack {
            throw TensorError(
                code: .operation,
                message: "packed decoding needs a CPU with AVX-512 BF16 and a bf16 model: choose the plain path"
            )
        }
        decoder =
            canPack && path != .plain
            ? try PackedTokenDecoder(model: model, maximumRows: maximumRows, maximumRowTokens: maximumRowTokens)
            : PlainTokenDecoder(model: model)
    }

    /// Takes over the model's present weights; needed after every update.
    public func refresh() throws {
        try (decoder as? PackedTokenDecoder)?.pack()
    }

    /// Samples every request's completions, in order.
    ///
    /// Requests run in waves of as many whole groups as fit the row limit, so what is batched together follows from the
    /// requests alone.
    ///
    /// - Parameters:
    ///   - requests: Prompts with the streams of their completions.
    ///   - options: How tokens are drawn.
    ///   - observer: Sees each token.
    ///   - finished: Takes each completion when it ends, before the next token of any other is drawn.
    /// - Returns: One list a request.
    /// - Throws: `CancellationError` between tokens, ``ContextOverflow`` for a prompt that fills the context,
    ///   `TensorError` for an empty one.
    public mutating func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        observer: Observer? = nil,
        finished: Receiver? = nil
    ) throws -> [[SampledTokens]] {
        precondition(options.maxTokens <= maximumRowTokens, "a sampler made for completions this long")
        var results: [[SampledTokens]] = []
        var firstRow = 0
        for wave in waves(requests) {
            let (rowsBefore, requestsBefore) = (firstRow, results.count)
            var run = try SamplingWave(requests: wave, options: options, configuration: model.configuration)
            try model.engine.withoutGradients {
                try run.complete(
                    with: &decoder,
                    engine: model.engine,
                    observer: { try observer?(rowsBefore + $0, $1) },
                    finished: { completion in
                        var completion = completion
                        completion.request += requestsBefore
                        try finished?(completion)
                    }
                )
            }
            results += run.results
            firstRow += wave.reduce(0) { $0 + $1.streams.count }
        }
        return results
    }

    private func waves(_ requests: [SamplingRequest]) -> [[SamplingRequest]] {
        var waves: [[SamplingRequest]] = []
        var room = 0
        for request in requests {
            precondition(request.streams.count <= maximumRows, "a sampler made for groups this large")
            if request.streams.count > room {
                waves.append([])
                room = maximumRows
            }
            waves[waves.count - 1].append(request)
            room -= request.streams.count
        }
        return waves
    }
}

/// The rows that are decoded together.
private struct SamplingWave {
    private struct Row {
        let prompt: Int
        let sample: Int
        let stream: DrawStream
        let limit: Int
        var result = SampledTokens()
        var isActive = true
    }

    private let requests: [SamplingRequest]
    private let options: SamplingOptions
    private let vocabulary: Int
    private let contextLength: Int
    private var rows: [Row]

    init(requests: [SamplingRequest], options: SamplingOptions, configuration: ModelConfiguration) throws {
        self.requests = requests
        self.options = options
        vocabulary = configuration.vocabularySize
        contextLength = configuration.maxPositions
        rows = []
        for (index, request) in requests.enumerated() {
            let room = contextLength - request.prompt.count
            guard !request.prompt.isEmpty else {
                throw TensorError(code: .operation, message: "a prompt has no tokens: write at least one")
            }
            guard room > 0 else {
                throw ContextOverflow(promptLength: request.prompt.count, room: 1, contextLength: contextLength)
            }
            let limit = min(options.maxTokens, room)
            rows += request.streams.enumerated().map { Row(prompt: index, sample: $0, stream: $1, limit: limit) }
        }
    }

    /// The completions, a list a request.
    var results: [[SampledTokens]] {
        requests.indices.map { index in rows.filter { $0.prompt == index }.map(\.result) }
    }

    mutating func complete(
        with decoder: inout any TokenDecoder,
        engine: TorchEngine,
        observer: Sampler.Observer,
        finished: Sampler.Receiver
    ) throws {
        let prompts = try decoder.begin(requests.map(\.prompt), rows: requests.map(\.streams.count))
        var logits: [Float] = []
        logits.reserveCapacity(rows.count * vocabulary)
        for row in rows {
            logits += prompts[row.prompt * vocabulary..<(row.prompt + 1) * vocabulary]
        }
        var active = Array(rows.indices)
        while !active.isEmpty {
            try Task.checkCancellation()
            try draw(active, logits, engine: engine, observer: observer)
            for row in active.map({ rows[$0] }) where !row.isActive {
                try finished(FinishedCompletion(request: row.prompt, sample: row.sample, completion: row.result))
            }
            active = active.filter { rows[$0].isActive }
            guard !active.isEmpty else { break }
            try decoder.step(active.map(decodeRow), logits: &logits)
        }
    }

    private func decodeRow(_ index: Int) -> DecodeRow {
        let tokens = rows[index].result.tokens
        return DecodeRow(
            slot: index,
            prompt: rows[index].prompt,
            position: tokens.count - 1,
            token: tokens[tokens.count - 1]
        )
    }

    private mutating func draw(
        _ active: [Int],
        _ logits: [Float],
        engine: TorchEngine,
        observer: Sampler.Observer
    ) throws {
        let drawn = try engine.sample(
            logits: logits,
            vocabulary: vocabulary,
            uniforms: active.map { rows[$0].stream.uniform(at: rows[$0].result.tokens.count) },
            temperature: options.temperature,
            topK: options.topK,
            topP: options.topP
        )
        for (place, index) in active.enumerated() {
            let token = drawn.tokens[place]
            rows[index].result.tokens.append(token)
            rows[index].result.samplingLogprobs.append(drawn.logprobs[place])
            try observer(index, token)
            finishIfDone(index, token)
        }
    }

    private mutating func finishIfDone(_ index: Int, _ token: Int32) {
        if options.stopTokens.contains(token) {
            rows[index].result.stopReason = .endOfSequence
            rows[index].isActive = false
        } else if rows[index].result.tokens.count >= rows[index].limit {
            rows[index].result.stopReason = rows[index].limit < options.maxTokens ? .contextOverflow : .maxTokens
            rows[index].isActive = false
        }
    }
}
