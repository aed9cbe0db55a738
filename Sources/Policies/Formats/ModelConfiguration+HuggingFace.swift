// SPDX-License-Identifier: Apache-2.0

package import Rubrics

extension ModelConfiguration {
    /// Reads `config.json` and, if it is there, `generation_config.json`.
    ///
    /// - Throws: ``ModelFileError`` that names the file and key, above all for what changes the mathematics and is not
    ///   supported: another architecture, RoPE scaling, sliding windows, experts, quantisation.
    package init(huggingFace reader: ConfigurationReader, generation: ConfigurationReader?) throws {
        let architecture = try Self.architecture(reader)
        try Self.refuseUnsupported(reader, architecture)
        let heads = try reader.requiredInteger("num_attention_heads")
        self.init(
            architecture: architecture,
            vocabularySize: try reader.requiredInteger("vocab_size"),
            hiddenSize: try reader.requiredInteger("hidden_size"),
            intermediateSize: try reader.requiredInteger("intermediate_size"),
            layers: try reader.requiredInteger("num_hidden_layers"),
            heads: heads,
            kvHeads: try reader.integer("num_key_value_heads") ?? heads,
            // Qwen3Config's default; the others divide the hidden size.
            headDimension: try reader.integer("head_dim") ?? (architecture == .qwen3 ? 128 : nil),
            ropeTheta: try Self.ropeTheta(reader),
            rmsNormEps: try reader.number("rms_norm_eps") ?? 1e-6,
            maxPositions: try reader.integer("max_position_embeddings") ?? 2048,
            tiedEmbeddings: try reader.bool("tie_word_embeddings") ?? false,
            eosIDs: try generation?.tokenIDs("eos_token_id") ?? reader.tokenIDs("eos_token_id") ?? [],
            bosID: try (generation?.tokenIDs("bos_token_id") ?? reader.tokenIDs("bos_token_id"))?.first,
            padID: try (generation?.tokenIDs("pad_token_id") ?? reader.tokenIDs("pad_token_id"))?.first
        )
        try validate(file: reader.file)
    }

    private static var supported: String {
        Architecture.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static func architecture(_ reader: ConfigurationReader) throws -> Architecture {
        guard let name = try reader.string("model_type") else {
            throw ModelFileError(
                .malformed,
                file: reader.file,
                place: "key \"model_type\"",
                "the key is missing",
                remedy: "it names the architecture: \(supported)"
            )
        }
        guard let architecture = Architecture(rawValue: name) else {
            throw reader.unsupported(
                "model_type",
                "the architecture \(name) is not supported; \(supported) are",
                remedy: "choose another model"
            )
        }
        return architecture
    }

    private static func refuseUnsupported(_ reader: ConfigurationReader, _ architecture: Architecture) throws {
        if let activation = try reader.string("hidden_act"), activation != "silu" {
            throw reader.unsupported("hidden_act", "the activation \(activation) is not supported; silu is")
        }
        let flags = [
            ("use_sliding_window", "attention with a sliding window is not supported"),
            ("mlp_bias", "a bias in the feed-forward layers is not supported"),
            ("attention_bias", "a bias in all four attention projections is not supported; qwen2's three are"),
        ]
        for (key, message) in flags where try reader.bool(key) == true {
            if key == "attention_bias", architecture == .qwen2 { continue }
            throw reader.unsupported(key, message)
        }
        for key in ["num_experts", "num_local_experts"] where try reader.integer(key) ?? 0 > 0 {
            throw reader.unsupported(key, "mixtures of experts are not supported")
        }
        if architecture == .llama, reader["sliding_window"] != nil {
            throw reader.unsupported("sliding_window", "attention with a sliding window is not supported")
        }
        let layers = reader["layer_types"]?.array?.compactMap(\.string) ?? []
        if let kind = layers.first(where: { $0 != "full_attention" }) {
            throw reader.unsupported("layer_types", "\(kind) layers are not supported; full_attention is")
        }
        if reader["quantization_config"] != nil {
            throw reader.unsupported(
                "quantization_config",
                "quantised Hugging Face weights are not supported",
                remedy: "get the model in bfloat16, or as GGUF in Q8_0"
            )
        }
        if let factor = try reader.number("partial_rotary_factor"), factor != 1 {
            throw reader.unsupported("partial_rotary_factor", "rotating a part of each head is not supported")
        }
        try refuseScaling(reader)
    }

    /// `rope_scaling` up to transformers 4, `rope_parameters` from 5 on.
    private static func refuseScaling(_ reader: ConfigurationReader) throws {
        for key in ["rope_scaling", "rope_parameters"] {
            guard let value = reader[key] else { continue }
            guard let kind = (value["rope_type"] ?? value["type"] ?? "default").string, kind == "default" else {
                let kind = (value["rope_type"] ?? value["type"])?.string ?? "unknown"
                throw reader.unsupported(key, "RoPE scaling of kind \(kind) is not supported")
            }
        }
    }

    private static func ropeTheta(_ reader: ConfigurationReader) throws -> Double {
        if let value = reader["rope_parameters"]?["rope_theta"]?.double { return value }
        if let value = try reader.number("rope_theta") { return value }
        guard reader["rope_parameters"] == nil else {
            throw reader.unsupported("rope_parameters", "RoPE parameters without one rope_theta are not supported")
        }
        return 10_000
    }

    // MARK: - Writing

    /// `config.json`, for `transformers` 4 and 5 and vLLM.
    ///
    /// - Parameter format: How the weights are stored, F32 or BF16.
    /// - Returns: The file's content.
    package func huggingFaceJSON(weights format: TensorFormat) -> JSONValue {
        var json: JSONObject = [
            "architectures": [.string(architecture.modelClass)],
            "model_type": .string(architecture.rawValue),
            "vocab_size": .integer(vocabularySize),
            "hidden_size": .integer(hiddenSize),
            "intermediate_size": .integer(intermediateSize),
            "num_hidden_layers": .integer(layers),
            "num_attention_heads": .integer(heads),
            "num_key_value_heads": .integer(kvHeads),
            "head_dim": .integer(headDimension),
            "hidden_act": "silu",
            "rms_norm_eps": .number(rmsNormEps),
            "rope_theta": .number(ropeTheta),
            "rope_scaling": nil,
            "max_position_embeddings": .integer(maxPositions),
            "tie_word_embeddings": .bool(tiedEmbeddings),
        ]
        switch architecture {
        case .llama: json["mlp_bias"] = false
        case .qwen2, .qwen3: json["use_sliding_window"] = false
        }
        if architecture != .qwen2 { json["attention_bias"] = false }
        json["initializer_range"] = 0.02
        json["use_cache"] = true
        for member in specialTokens.members { json[member.key] = member.value }
        json["torch_dtype"] = format == .f32 ? "float32" : "bfloat16"
        return .object(json)
    }

    /// `generation_config.json`. The policy samples, as it did in training: without `do_sample`, `transformers` takes the
    /// likeliest token whatever temperature a request names.
    package var generationJSON: JSONValue {
        var json = specialTokens
        json["do_sample"] = true
        return .object(json)
    }

    private var specialTokens: JSONObject {
        var json: JSONObject = [:]
        if let bosID { json["bos_token_id"] = .integer(Int(bosID)) }
        let ids = eosIDs.map { JSONValue.integer(Int($0)) }
        if let first = ids.first { json["eos_token_id"] = ids.count == 1 ? first : .array(ids) }
        if let padID { json["pad_token_id"] = .integer(Int(padID)) }
        return json
    }
}

extension ModelConfiguration.Architecture {
    /// The class of `transformers`.
    fileprivate var modelClass: String {
        switch self {
        case .llama: "LlamaForCausalLM"
        case .qwen2: "Qwen2ForCausalLM"
        case .qwen3: "Qwen3ForCausalLM"
        }
    }
}
