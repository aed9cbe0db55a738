// SPDX-License-Identifier: Apache-2.0

extension ModelConfiguration {
    /// Reads a GGUF file's metadata; what the metadata does not say, the tensors do.
    ///
    /// - Throws: ``ModelFileError`` that names the file and key.
    package init(gguf: GGUFFile) throws {
        let reader = try GGUFMetadata(gguf)
        try Self.refuseUnsupported(reader)
        let heads = try reader.requiredInteger("attention.head_count")
        let hidden = try reader.requiredInteger("embedding_length")
        let names = Set(gguf.tensors.map(\.name))
        guard let embedding = gguf.tensors.first(where: { $0.name == "token_embd.weight" }) else {
            let place = "tensor token_embd.weight"
            throw ModelFileError(.missingTensor, file: gguf.file.path, place: place, "there is no such tensor")
        }
        self.init(
            architecture: reader.architecture,
            vocabularySize: embedding.rows,
            hiddenSize: hidden,
            intermediateSize: try reader.requiredInteger("feed_forward_length"),
            layers: try reader.requiredInteger("block_count"),
            heads: heads,
            kvHeads: try reader.integer("attention.head_count_kv") ?? heads,
            headDimension: try reader.integer("attention.key_length"),
            ropeTheta: try reader.number("rope.freq_base") ?? 10_000,
            rmsNormEps: try reader.number("attention.layer_norm_rms_epsilon") ?? 1e-6,
            maxPositions: try reader.integer("context_length") ?? 2048,
            tiedEmbeddings: !names.contains("output.weight"),
            attentionBias: names.contains("blk.0.attn_q.bias"),
            qkNorm: names.contains("blk.0.attn_q_norm.weight"),
            eosIDs: reader.tokenIDs("eos_token_id", "eot_token_id"),
            bosID: reader.tokenIDs("bos_token_id").first,
            padID: reader.tokenIDs("padding_token_id").first
        )
        try validate(file: gguf.file.path)
        try refuseUnknownVariant(reader)
        if let rotated = try reader.integer("rope.dimension_count"), rotated != headDimension {
            let message = "rotating \(rotated) of \(headDimension) places is not supported"
            throw reader.unsupported("rope.dimension_count", message)
        }
    }

    /// Saving and reading again would lose what config.json does not say of an architecture.
    private func refuseUnknownVariant(_ reader: GGUFMetadata) throws {
        guard attentionBias == (architecture == .qwen2), qkNorm == (architecture == .qwen3) else {
            let bias = attentionBias ? "with" : "without"
            let norm = qkNorm ? "with" : "without"
            throw ModelFileError(
                .unsupported,
                file: reader.gguf.file.path,
                "a \(architecture.rawValue) \(bias) attention biases and \(norm) query and key norms is not supported",
                remedy: "choose a model of the llama, qwen2 or qwen3 family as published"
            )
        }
    }

    private static func refuseUnsupported(_ reader: GGUFMetadata) throws {
        let scaling = reader["rope.scaling.type"]?.text ?? "none"
        guard scaling == "none" else {
            throw reader.unsupported("rope.scaling.type", "RoPE scaling of kind \(scaling) is not supported")
        }
        guard try reader.integer("expert_count") ?? 0 == 0 else {
            throw reader.unsupported("expert_count", "mixtures of experts are not supported")
        }
        guard try reader.integer("attention.sliding_window") ?? 0 == 0 else {
            throw reader.unsupported("attention.sliding_window", "attention with a sliding window is not supported")
        }
        guard reader.gguf.metadata["split.count"]?.integer ?? 1 <= 1 else {
            throw ModelFileError(
                .unsupported,
                file: reader.gguf.file.path,
                place: "key split.count",
                "models split over several GGUF files are not supported",
                remedy: "merge them: llama-gguf-split --merge FIRST.gguf WHOLE.gguf"
            )
        }
        guard !reader.gguf.tensors.contains(where: { $0.name == "rope_freqs.weight" }) else {
            throw ModelFileError(
                .unsupported,
                file: reader.gguf.file.path,
                place: "tensor rope_freqs.weight",
                "RoPE scaling of kind llama3 is not supported"
            )
        }
    }
}

/// The metadata of one architecture: its keys start with the architecture's name.
private struct GGUFMetadata {
    let gguf: GGUFFile
    let architecture: ModelConfiguration.Architecture

    init(_ gguf: GGUFFile) throws {
        let name = gguf.metadata["general.architecture"]?.text ?? "(none)"
        guard let architecture = ModelConfiguration.Architecture(rawValue: name) else {
            let supported = ModelConfiguration.Architecture.allCases.map(\.rawValue).joined(separator: ", ")
            throw ModelFileError(
                .unsupported,
                file: gguf.file.path,
                place: "key general.architecture",
                "the architecture \(name) is not supported; \(supported) are",
                remedy: "choose another model"
            )
        }
        self.gguf = gguf
        self.architecture = architecture
    }

    subscript(key: String) -> GGUFValue? {
        gguf.metadata["\(architecture.rawValue).\(key)"]
    }

    func integer(_ key: String) throws -> Int? {
        try read(key, "a whole number", \.integer)
    }

    func number(_ key: String) throws -> Double? {
        try read(key, "a number", \.double)
    }

    func requiredInteger(_ key: String) throws -> Int {
        guard let value = try integer(key) else { throw fault(key, "the key is missing") }
        return value
    }

    func tokenIDs(_ keys: String...) -> [Int32] {
        let ids = keys.compactMap { gguf.metadata["tokenizer.ggml.\($0)"]?.integer.flatMap(Int32.init(exactly:)) }
        return ids.enumerated().filter { ids.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    func unsupported(_ key: String, _ message: String) -> ModelFileError {
        ModelFileError(.unsupported, file: gguf.file.path, place: "key \(architecture.rawValue).\(key)", message)
    }

    private func read<Value>(_ key: String, _ expected: String, _ get: (GGUFValue) -> Value?) throws -> Value? {
        guard let value = self[key] else { return nil }
        guard let result = get(value) else {
            throw fault(key, value.array == nil ? "expected \(expected)" : "one value for each layer is not supported")
        }
        return result
    }

    private func fault(_ key: String, _ message: String) -> ModelFileError {
        ModelFileError(.malformed, file: gguf.file.path, place: "key \(architecture.rawValue).\(key)", message)
    }
}
