// SPDX-License-Identifier: Apache-2.0

/// A parameter of ``DecoderModel`` and the tensors of a Hugging Face file that it is made of.
enum ModelPart {
    case embedding
    case finalNorm
    case outputMatrix
    case attentionNorm(Int)
    case qkv(Int)
    case qkvBias(Int)
    case queryNorm(Int)
    case keyNorm(Int)
    case attentionOutput(Int)
    case feedForwardNorm(Int)
    case gateUp(Int)
    case down(Int)

    /// One tensor of a file.
    struct Piece {
        var name: String
        var shape: [Int]
    }

    /// The parameter's name: the file's own, or the fused one.
    var name: String {
        switch self {
        case .qkv(let layer): "model.layers.\(layer).self_attn.qkv_proj.weight"
        case .qkvBias(let layer): "model.layers.\(layer).self_attn.qkv_proj.bias"
        case .gateUp(let layer): "model.layers.\(layer).mlp.gate_up_proj.weight"
        default: simpleName
        }
    }

    private var simpleName: String {
        switch self {
        case .embedding: "model.embed_tokens.weight"
        case .finalNorm: "model.norm.weight"
        case .outputMatrix: "lm_head.weight"
        case .attentionNorm(let layer): "model.layers.\(layer).input_layernorm.weight"
        case .queryNorm(let layer): "model.layers.\(layer).self_attn.q_norm.weight"
        case .keyNorm(let layer): "model.layers.\(layer).self_attn.k_norm.weight"
        case .attentionOutput(let layer): "model.layers.\(layer).self_attn.o_proj.weight"
        case .feedForwardNorm(let layer): "model.layers.\(layer).post_attention_layernorm.weight"
        case .down(let layer): "model.layers.\(layer).mlp.down_proj.weight"
        case .qkv, .qkvBias, .gateUp: name
        }
    }

    /// The file's tensors, in the order in which they are stacked along the first dimension.
    func pieces(_ c: ModelConfiguration) -> [Piece] {
        let (queries, keys) = (c.heads * c.headDimension, c.kvHeads * c.headDimension)
        switch self {
        case .embedding, .outputMatrix: return [Piece(name: simpleName, shape: [c.vocabularySize, c.hiddenSize])]
        case .finalNorm, .attentionNorm, .feedForwardNorm: return [Piece(name: simpleName, shape: [c.hiddenSize])]
        case .queryNorm, .keyNorm: return [Piece(name: simpleName, shape: [c.headDimension])]
        case .attentionOutput: return [Piece(name: simpleName, shape: [c.hiddenSize, queries])]
        case .down: return [Piece(name: simpleName, shape: [c.hiddenSize, c.intermediateSize])]
        case .qkv(let layer):
            return zip(["q", "k", "v"], [queries, keys, keys]).map {
                Piece(name: "model.layers.\(layer).self_attn.\($0)_proj.weight", shape: [$1, c.hiddenSize])
            }
        case .qkvBias(let layer):
            return zip(["q", "k", "v"], [queries, keys, keys]).map {
                Piece(name: "model.layers.\(layer).self_attn.\($0)_proj.bias", shape: [$1])
            }
        case .gateUp(let layer):
            return ["gate", "up"].map {
                Piece(name: "model.layers.\(layer).mlp.\($0)_proj.weight", shape: [c.intermediateSize, c.hiddenSize])
            }
        }
    }

    /// Every part of a model, in the order of ``DecoderModel/parameters``.
    static func all(_ c: ModelConfiguration) -> [ModelPart] {
        let layers = (0..<c.layers).flatMap { layer -> [ModelPart] in
            [
                .attentionNorm(layer), .qkv(layer), .attentionOutput(layer), .feedForwardNorm(layer), .gateUp(layer),
                .down(layer),
            ]
                + (c.attentionBias ? [.qkvBias(layer)] : [])
                + (c.qkNorm ? [.queryNorm(layer), .keyNorm(layer)] : [])
        }
        return [.embedding] + layers + [.finalNorm] + (c.tiedEmbeddings ? [] : [.outputMatrix])
    }
}
