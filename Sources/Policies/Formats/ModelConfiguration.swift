// SPDX-License-Identifier: Apache-2.0

/// The shape of a llama-style decoder: what tells the supported architectures apart is flags, not code.
public struct ModelConfiguration: Sendable, Hashable {
    /// The families that are supported, in the words of `model_type` and `general.architecture`.
    public enum Architecture: String, Sendable, Hashable, CaseIterable {
        case llama
        case qwen2
        case qwen3
    }

    /// The family.
    public var architecture: Architecture
    /// The number of tokens, rows of the embedding.
    public var vocabularySize: Int
    /// The width of the residual stream.
    public var hiddenSize: Int
    /// The width of the feed-forward layers.
    public var intermediateSize: Int
    /// The number of layers.
    public var layers: Int
    /// The number of query heads.
    public var heads: Int
    /// The number of key and value heads; divides `heads`.
    public var kvHeads: Int
    /// The width of one head; even, and not always `hiddenSize / heads`.
    public var headDimension: Int
    /// The base of the rotary embedding.
    public var ropeTheta: Double
    /// What keeps RMS norms from dividing by zero.
    public var rmsNormEps: Double
    /// The longest context.
    public var maxPositions: Int
    /// Whether the output matrix is the embedding.
    public var tiedEmbeddings: Bool
    /// Whether query, key and value projections add a bias (qwen2).
    public var attentionBias: Bool
    /// Whether queries and keys are normalised head by head (qwen3).
    public var qkNorm: Bool
    /// The tokens that end a completion.
    public var eosIDs: [Int32]
    /// The token that starts a sequence.
    public var bosID: Int32?
    /// The token that fills up batches.
    public var padID: Int32?

    /// Makes a configuration; flags that are not given are the architecture's usual ones.
    public init(
        architecture: Architecture,
        vocabularySize: Int,
        hiddenSize: Int,
        intermediateSize: Int,
        layers: Int,
        heads: Int,
        kvHeads: Int,
        headDimension: Int? = nil,
        ropeTheta: Double = 10_000,
        rmsNormEps: Double = 1e-6,
        maxPositions: Int = 2048,
        tiedEmbeddings: Bool = false,
        attentionBias: Bool? = nil,
        qkNorm: Bool? = nil,
        eosIDs: [Int32] = [],
        bosID: Int32? = nil,
        padID: Int32? = nil
    ) {
        self.architecture = architecture
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.layers = layers
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDimension = headDimension ?? (heads > 0 ? hiddenSize / heads : 0)
        self.ropeTheta = ropeTheta
        self.rmsNormEps = rmsNormEps
        self.maxPositions = maxPositions
        self.tiedEmbeddings = tiedEmbeddings
        self.attentionBias = attentionBias ?? (architecture == .qwen2)
        self.qkNorm = qkNorm ?? (architecture == .qwen3)
        self.eosIDs = eosIDs
        self.bosID = bosID
        self.padID = padID
    }

    /// The names and shapes of the weights, as Hugging Face files spell them, in the order in which they are written.
    public var weights: [(name: String, shape: [Int])] {
        var weights = [("model.embed_tokens.weight", [vocabularySize, hiddenSize])]
        for layer in 0..<layers { weights += self.weights(ofLayer: layer) }
        weights.append(("model.norm.weight", [hiddenSize]))
        if !tiedEmbeddings { weights.append(("lm_head.weight", [vocabularySize, hiddenSize])) }
        return weights
    }

    private func weights(ofLayer layer: Int) -> [(name: String, shape: [Int])] {
        let queries = heads * headDimension
        let keys = kvHeads * headDimension
        var weights = [("input_layernorm.weight", [hiddenSize])]
        for (name, width) in [("q", queries), ("k", keys), ("v", keys)] {
            weights.append(("self_attn.\(name)_proj.weight", [width, hiddenSize]))
            if attentionBias { weights.append(("self_attn.\(name)_proj.bias", [width])) }
            if qkNorm, name != "v" { weights.append(("self_attn.\(name)_norm.weight", [headDimension])) }
        }
        weights += [
            ("self_attn.o_proj.weight", [hiddenSize, queries]),
            ("post_attention_layernorm.weight", [hiddenSize]),
            ("mlp.gate_proj.weight", [intermediateSize, hiddenSize]),
            ("mlp.up_proj.weight", [intermediateSize, hiddenSize]),
            ("mlp.down_proj.weight", [hiddenSize, intermediateSize]),
        ]
        return weights.map { ("model.layers.\(layer).\($0.0)", $0.1) }
    }

    /// Checks that the sizes fit each other.
    ///
    /// - Throws: ``ModelFileError`` that names `file` and the first size at fault.
    package func validate(file: String) throws {
        let sizes = [
            ("vocabulary size", vocabularySize), ("hidden size", hiddenSize), ("feed-forward size", intermediateSize),
            ("number of layers", layers), ("number of heads", heads), ("number of key-value heads", kvHeads),
            ("head dimension", headDimension), ("number of positions", maxPositions),
        ]
        // Generous beyond any model, so that no product of two of them overflows.
        for (name, size) in sizes where !(1...1 << 28).contains(size) {
            throw ModelFileError(.malformed, file: file, "the \(name) is \(size)")
        }
        guard heads % kvHeads == 0 else {
            let message = "\(heads) heads cannot share \(kvHeads) key-value heads evenly"
            throw ModelFileError(.malformed, file: file, message)
        }
        guard headDimension % 2 == 0 else {
            let message = "the head dimension \(headDimension) is odd, RoPE needs pairs"
            throw ModelFileError(.malformed, file: file, message)
        }
        for (name, value) in [("RoPE base", ropeTheta), ("RMS norm's epsilon", rmsNormEps)]
        where !(value > 0 && value.isFinite) {
            throw ModelFileError(.malformed, file: file, "the \(name) is \(value), expected a positive number")
        }
    }
}
