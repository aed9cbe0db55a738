// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Feeds tokens to a model one a row and gives the next logits: the packed path and the plain one.
protocol TokenDecoder {
    /// Forgets everything, reads each prompt once, and gives its next logits, [prompt, vocabulary].
    ///
    /// - Parameters:
    ///   - prompts: Tokens; none is empty.
    ///   - rows: How many rows continue each prompt.
    /// - Returns: The logits.
    /// - Throws: `TensorError` when a prompt does not fit the context.
    mutating func begin(_ prompts: [[Int32]], rows: [Int]) throws -> [Float]

    /// Feeds one token to each row and writes the next logits to `logits`, [row, vocabulary].
    ///
    /// `rows` are the active ones, in increasing order of slot.
    mutating func step(_ rows: [DecodeRow], logits: inout [Float]) throws
}

/// An active row: its slot, its prompt, how many of its own tokens were fed, and the token to feed.
struct DecodeRow {
    var slot: Int
    var prompt: Int
    var position: Int
    var token: Int32
}

/// The fused bf16 path.
struct PackedTokenDecoder: TokenDecoder {
    private let model: DecoderModel
    private let decoder: PackedDecoder
    private var prefixes: [Int32] = []

    init(model: DecoderModel, maximumRows: Int, maximumRowTokens: Int) throws {
        let c = model.configuration
        let configuration = PackedDecoder.Configuration(
            layers: c.layers,
            width: c.hiddenSize,
            heads: c.heads,
            kvHeads: c.kvHeads,
            headDimension: c.headDimension,
            feedForward: c.intermediateSize,
            vocabulary: c.vocabularySize,
            ropeBase: c.ropeTheta,
            normEpsilon: c.rmsNormEps,
            hasAttentionBias: c.attentionBias,
            normalizesQueriesAndKeys: c.qkNorm
        )
        self.model = model
        decoder = try PackedDecoder(
            configuration,
            maximumRows: maximumRows,
            maximumRowTokens: maximumRowTokens,
            engine: model.engine
        )
        try pack()
    }

    /// Packs the model's present weights; needed after every update.
    func pack() throws {
        for (index, layer) in model.layers.enumerated() {
            let weights = PackedDecoder.Layer(
                qkv: layer.qkv.working,
                output: layer.attentionOutput.working,
                gateUp: layer.gateUp.working,
                down: layer.down.working,
                attentionNorm: layer.attentionNorm.working,
                feedForwardNorm: layer.feedForwardNorm.working,
                queryNorm: layer.queryNorm?.working,
                keyNorm: layer.keyNorm?.working,
                qkvBias: layer.qkvBias?.working
            )
            try decoder.setLayer(index, weights)
        }
        try decoder.setHead(
            embedding: model.embedding.working,
            output: model.outputMatrix.working,
            finalNorm: model.finalNorm.working
        )
    }

    mutating func begin(_ prompts: [[Int32]], rows: [Int]) throws -> [Float] {
        try decoder.removePrefixes()
        let (layers, logits) = try model.prefill(prompts)
        var start = 0
        prefixes = try prompts.map { prompt in
            let range = start..<start + prompt.count
            start = range.upperBound
            return try decoder.addPrefix(
                length: prompt.count,
                layers: layers.map { (keys: try $0.keys[range], values: try $0.values[range]) }
            )
        }
        return try logits.array()
    }

    func step(_ rows: [DecodeRow], logits: inout [Float]) throws {
        let packed = rows.map {
            PackedDecoder.Row(slot: $0.slot, prefix: prefixes[$0.prompt], position: $0.position, token: $0.token)
        }
        try decoder.step(packed, logits: &logits)
    }
}

/// The plain path: libtorch operations in the model's compute type, one prompt's rows at a time.
struct PlainTokenDecoder: TokenDecoder {
    private let model: DecoderModel
    private var caches: [PromptCache] = []

    /// The rows of one prompt: they stand at the same position, so their caches are one tensor a layer.
    fileprivate struct PromptCache {
        var length: Int
        var slots: [Int]
        /// Keys and values a layer, [row, kv head, token, d].
        var layers: [KeysAndValues]
    }

    init(model: DecoderModel) {
        self.model = model
    }

    mutating func begin(_ prompts: [[Int32]], rows: [Int]) throws -> [Float] {
        let (layers, logits) = try model.prefill(prompts)
        let c = model.configuration
        var start = 0
        var slot = 0
        caches = try zip(prompts, rows).map { prompt, count in
            let range = start..<start + prompt.count
            let shape = [count, c.kvHeads, prompt.count, c.headDimension]
            func spread(_ x: Tensor) throws -> Tensor {
                try x[range].transposed(0, 1).reshaped([1] + shape.dropFirst()).expanded(to: shape)
            }
            defer { (start, slot) = (range.upperBound, slot + count) }
            return PromptCache(
                length: prompt.count,
                slots: Array(slot..<slot + count),
                layers: try layers.map { KeysAndValues(keys: try spread($0.keys), values: try spread($0.values)) }
            )
        }
        return try logits.array()
    }

    mutating func step(_ rows: [DecodeRow], logits: inout [Float]) throws {
        let vocabulary = model.configuration.vocabularySize
        var start = 0
        while start < rows.count {
            let prompt = rows[start].prompt
            let end = rows[start...].firstIndex { $0.prompt != prompt } ?? rows.endIndex
            let found = try step(Array(rows[start..<end]), prompt: prompt)
            logits.replaceSubrange(start * vocabulary..<end * vocabulary, with: found)
            start = end
        }
    }

    private mutating func step(_ rows: [DecodeRow], prompt: Int) throws -> [Float] {
        try caches[prompt].keep(rows.map(\.slot), engine: model.engine, device: model.device)
        let c = model.configuration
        let position = caches[prompt].length
        var cache = caches[prompt]
        let hidden = try model.attend(
            rows.map(\.token),
            positions: [Int](repeating: position, count: rows.count)
        ) { layer, queries, context in
            func grow(_ past: Tensor, _ x: Tensor) throws -> Tensor {
                let next = try x.reshaped([rows.count, c.kvHeads, 1, c.headDimension])
                return try model.engine.concatenate([past, next], dimension: 2)
            }
            cache.layers[layer].keys = try grow(cache.layers[layer].keys, context.keys)
            cache.layers[layer].values = try grow(cache.layers[layer].values, context.values)
            return try queries.reshaped([rows.count, c.heads, 1, c.headDimension])
                .attention(keys: cache.layers[layer].keys, values: cache.layers[layer].values)
                .reshaped([rows.count, c.heads * c.headDimension])
        }
        cache.length += 1
        caches[prompt] = cache
        return try model.logits(hidden).array()
    }
}

extension PlainTokenDecoder.PromptCache {
    /// Drops the rows that are no longer active.
    fileprivate mutating func keep(_ active: [Int], engine: TorchEngine, device: Device) throws {
        guard active != slots else { return }
        let kept = active.compactMap { slots.firstIndex(of: $0) }.map(Int64.init)
        let indices = try engine.tensor(kept, device: device)
        for layer in layers.indices {
            layers[layer].keys = try layers[layer].keys.selecting(indices)
            layers[layer].values = try layers[layer].values.selecting(indices)
        }
        slots = active
    }
}
