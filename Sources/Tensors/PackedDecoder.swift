// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

/// The fused bf16 decode path: weights packed once for the CPU's bf16 dot instruction, one call a token step.
///
/// Rows of a group share their prompt's keys and values as a *prefix*; each row has a cache of its own behind it.
public final class PackedDecoder {
    /// The sizes of the model.
    public struct Configuration: Sendable, Hashable {
        /// Transformer layers.
        public var layers: Int
        /// Width of the residual stream.
        public var width: Int
        /// Query heads.
        public var heads: Int
        /// Key and value heads.
        public var kvHeads: Int
        /// Width of a head.
        public var headDimension: Int
        /// Width of the feed-forward layer.
        public var feedForward: Int
        /// Rows of the embedding.
        public var vocabulary: Int
        /// Base of the rotary frequencies.
        public var ropeBase: Double
        /// Epsilon of the norms.
        public var normEpsilon: Double
        /// Whether q, k and v have a bias.
        public var hasAttentionBias: Bool
        /// Whether q and k are normalised a head.
        public var normalizesQueriesAndKeys: Bool

        /// Describes a model.
        public init(
            layers: Int,
            width: Int,
            heads: Int,
            kvHeads: Int,
            headDimension: Int,
            feedForward: Int,
            vocabulary: Int,
            ropeBase: Double,
            normEpsilon: Double,
            hasAttentionBias: Bool,
            normalizesQueriesAndKeys: Bool
        ) {
            self.layers = layers
            self.width = width
            self.heads = heads
            self.kvHeads = kvHeads
            self.headDimension = headDimension
            self.feedForward = feedForward
            self.vocabulary = vocabulary
            self.ropeBase = ropeBase
            self.normEpsilon = normEpsilon
            self.hasAttentionBias = hasAttentionBias
            self.normalizesQueriesAndKeys = normalizesQueriesAndKeys
        }
    }

    /// One layer's weights: matrices bf16 [out, in], norms and bias f32.
    public struct Layer {
        private let qkv, output, gateUp, down, attentionNorm, feedForwardNorm: Tensor
        private let queryNorm, keyNorm, qkvBias: Tensor?

        /// Names one layer's weights; `qkv` and `gateUp` are stacked along `out`.
        public init(
            qkv: Tensor,
            output: Tensor,
            gateUp: Tensor,
            down: Tensor,
            attentionNorm: Tensor,
            feedForwardNorm: Tensor,
            queryNorm: Tensor?,
            keyNorm: Tensor?,
            qkvBias: Tensor?
        ) {
            (self.qkv, self.output, self.gateUp, self.down) = (qkv, output, gateUp, down)
            (self.attentionNorm, self.feedForwardNorm) = (attentionNorm, feedForwardNorm)
            (self.queryNorm, self.keyNorm, self.qkvBias) = (queryNorm, keyNorm, qkvBias)
        }

        /// Handles that are good as long as the layer is.
        var code: rubrics_decoder_layer {
            rubrics_decoder_layer(
                qkv: qkv.pointer,
                output: output.pointer,
                gate_up: gateUp.pointer,
                down: down.pointer,
                attention_norm: attentionNorm.pointer,
                ffn_norm: feedForwardNorm.pointer,
                q_norm: queryNorm?.pointer,
                k_norm: keyNorm?.pointer,
                qkv_bias: qkvBias?.pointer
            )
        }
    }

    /// One active row of a step.
    public struct Row: Sendable, Hashable {
        /// The row's cache.
        public var slot: Int
        /// The shared prompt that it continues; `nil` for none.
        public var prefix: Int32?
        /// How many of its own tokens are cached.
        public var position: Int
        /// The token to feed.
        public var token: Int32

        /// Describes a row.
        public init(slot: Int, prefix: Int32?, position: Int, token: Int32) {
            self.slot = slot
            self.prefix = prefix
            self.position = position
            self.token = token
        }

        var code: rubrics_decoder_row {
            rubrics_decoder_row(slot: Int32(slot), prefix: prefix ?? -1, position_in_row: Int32(position), token: token)
        }
    }

    private let engine: TorchEngine
    private let pointer: rubrics_decoder
    private let vocabulary: Int

    /// Makes caches for `maximumRows` rows of `maximumRowTokens` tokens each.
    ///
    /// - Throws: ``TensorError`` where the CPU does not support the path (``TorchEngine/supportsPackedDecoding``).
    public init(
        _ configuration: Configuration,
        maximumRows: Int,
        maximumRowTokens: Int,
        engine: TorchEngine
    ) throws {
        let code = rubrics_decoder_config(
            layers: Int64(configuration.layers),
            width: Int64(configuration.width),
            heads: Int64(configuration.heads),
            kv_heads: Int64(configuration.kvHeads),
            head_dim: Int64(configuration.headDimension),
            ffn: Int64(configuration.feedForward),
            vocabulary: Int64(configuration.vocabulary),
            rope_base: Float(configuration.ropeBase),
            norm_epsilon: Float(configuration.normEpsilon),
            attention_bias: configuration.hasAttentionBias ? 1 : 0,
            qk_norm: configuration.normalizesQueriesAndKeys ? 1 : 0
        )
        guard let pointer = engine.table.pointee.decoder_make(code, Int64(maximumRows), Int64(maximumRowTokens)) else {
            throw engine.failure("a packed decoder of \(maximumRows) rows")
        }
        self.engine = engine
        self.pointer = pointer
        vocabulary = configuration.vocabulary
    }

    deinit {
        engine.table.pointee.decoder_release(pointer)
    }

    /// Packs one layer's weights; again after every update.
    public func setLayer(_ index: Int, _ layer: Layer) throws {
        try withExtendedLifetime(layer) {
            try engine.check(
                engine.table.pointee.decoder_set_layer(pointer, Int64(index), layer.code),
                "packing layer \(index)"
            )
        }
    }

    /// Packs the output matrix; keeps the embedding.
    public func setHead(embedding: Tensor, output: Tensor, finalNorm: Tensor) throws {
        try engine.check(
            engine.table.pointee.decoder_set_head(pointer, embedding.pointer, output.pointer, finalNorm.pointer),
            "packing the output matrix"
        )
    }

    /// Forgets all prompts.
    public func removePrefixes() throws {
        try engine.check(engine.table.pointee.decoder_clear_prefixes(pointer), "clearing prompts")
    }

    /// Stores a prompt's keys (after RoPE) and values, each [token, kv head, d], one pair a layer.
    public func addPrefix(length: Int, layers: [(keys: Tensor, values: Tensor)]) throws -> Int32 {
        var prefix: Int32 = 0
        try engine.check(engine.table.pointee.decoder_add_prefix(pointer, Int64(length), &prefix), "adding a prompt")
        for (index, layer) in layers.enumerated() {
            let status = engine.table.pointee.decoder_write_prefix(
                pointer,
                prefix,
                Int64(index),
                layer.keys.pointer,
                layer.values.pointer
            )
            try engine.check(status, "storing a prompt of \(length) tokens")
        }
        return prefix
    }

    /// Feeds one token to each of `rows` and writes the next token's logits to `logits`, [row, vocabulary].
    public func step(_ rows: [Row], logits: inout [Float]) throws {
        precondition(logits.count >= rows.count * vocabulary, "room for every row's logits")
        try engine.check(
            engine.table.pointee.decoder_step(pointer, rows.map(\.code), Int64(rows.count), &logits),
            "a decode step of \(rows.count) rows"
        )
    }
}

extension TorchEngine {
    /// Draws one token a row from logits [row, vocabulary] and gives its log-probability under
    /// log_softmax(logits / temperature) over the whole vocabulary, before top-k and top-p.
    ///
    /// - Parameters:
    ///   - logits: [row, vocabulary]; more than the rows asked for is allowed.
    ///   - vocabulary: The length of a row.
    ///   - uniforms: One number in [0, 1) a row; the draw follows from it alone.
    ///   - temperature: 0 takes the most likely token.
    ///   - topK: Only the k most likely tokens; 0 for all.
    ///   - topP: Only the smallest set of tokens with at least this probability; 1 for all.
    /// - Returns: The tokens and their log-probabilities, one a row.
    /// - Throws: ``TensorError`` when a logit is NaN or plus infinity.
    public func sample(
        logits: [Float],
        vocabulary: Int,
        uniforms: [Double],
        temperature: Double,
        topK: Int,
        topP: Double
    ) throws -> (tokens: [Int32], logprobs: [Float]) {
        let rows = uniforms.count
        precondition(logits.count >= rows * vocabulary, "logits for every row")
        var tokens = [Int32](repeating: 0, count: rows)
        var logprobs = [Float](repeating: 0, count: rows)
        let options = rubrics_sampling(temperature: Float(temperature), top_k: Int64(topK), top_p: Float(topP))
        try check(
            table.pointee.sample(logits, Int64(rows), Int64(vocabulary), options, uniforms, &tokens, &logprobs),
            "sampling \(rows) tokens"
        )
        return (tokens, logprobs)
    }
}
