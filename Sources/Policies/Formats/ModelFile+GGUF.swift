// SPDX-License-Identifier: Apache-2.0

extension ModelFile {
    init(gguf path: String) throws {
        let gguf = try GGUFFile(path: path)
        let configuration = try ModelConfiguration(gguf: gguf)
        try self.init(
            path: path,
            configuration: configuration,
            chatTemplateSource: gguf.metadata["tokenizer.chat_template"]?.text,
            tokenizer: Result { try Tokenizer(gguf: gguf) },
            sources: Self.sources(gguf, configuration)
        )
    }

    private static func sources(_ gguf: GGUFFile, _ configuration: ModelConfiguration) -> [String: WeightSource] {
        var sources: [String: WeightSource] = [:]
        for tensor in gguf.tensors {
            guard let name = huggingFaceName(of: tensor.name) else { continue }
            let isPermuted =
                configuration.architecture == .llama
                && [".q_proj.weight", ".k_proj.weight", ".q_proj.bias", ".k_proj.bias"].contains { name.hasSuffix($0) }
            sources[name] = WeightSource(
                file: gguf.file,
                tensor: tensor,
                permutedHead: isPermuted ? configuration.headDimension : nil
            )
        }
        return sources
    }

    /// The Hugging Face name of a GGUF tensor (gguf-py's tensor_mapping.py), or `nil` for one that no decoder uses.
    static func huggingFaceName(of name: String) -> String? {
        if let whole = wholeNames[name] { return whole }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), let part = layerNames[String(parts[2])]
        else {
            return nil
        }
        return "model.layers.\(layer).\(part).\(parts[3])"
    }

    private static let wholeNames = [
        "token_embd.weight": "model.embed_tokens.weight",
        "output_norm.weight": "model.norm.weight",
        "output.weight": "lm_head.weight",
    ]

    private static let layerNames = [
        "attn_norm": "input_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "attn_q_norm": "self_attn.q_norm",
        "attn_k_norm": "self_attn.k_norm",
        "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    ]
}
