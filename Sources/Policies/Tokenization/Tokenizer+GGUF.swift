// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
    /// Reads the tokenizer in a GGUF file's metadata.
    ///
    /// - Throws: ``ModelFileError`` for another model than byte-level BPE or an unknown pre-tokeniser.
    package init(gguf: GGUFFile) throws {
        let path = gguf.file.path
        let model = gguf.metadata["tokenizer.ggml.model"]?.text ?? "(none)"
        guard model == "gpt2" else {
            throw TokenizerParts.unsupported(
                path,
                "key tokenizer.ggml.model",
                "the tokenizer \(model) is not supported"
            )
        }
        let name = gguf.metadata["tokenizer.ggml.pre"]?.text ?? "(none)"
        guard let preTokenizer = PreTokenizer(ggufName: name) else {
            throw TokenizerParts.unsupported(
                path,
                "key tokenizer.ggml.pre",
                "the pre-tokeniser \(name) is not supported"
            )
        }
        // llama.cpp does not normalise; Qwen's own tokenizer does.
        var parts = TokenizerParts(file: path, preTokenizer: preTokenizer, normalizes: preTokenizer == .qwen2)
        try parts.readTokens(gguf)
        try parts.readMerges(gguf)
        self = try parts.tokenizer()
        let special = { (key: String) in
            gguf.metadata["tokenizer.ggml.\(key)_token_id"]?.integer.flatMap(Int32.init(exactly:))
        }
        endOfSequenceID = special("eos")
        beginningOfSequenceID = special("bos")
        paddingID = special("padding")
    }
}

extension PreTokenizer {
    /// llama.cpp's names (llama-vocab.cpp).
    fileprivate init?(ggufName: String) {
        switch ggufName {
        case "gpt-2": self = .gpt2
        case "smollm": self = .smolLM
        case "qwen2": self = .qwen2
        default: return nil
        }
    }
}

extension TokenizerParts {
    /// `llama_token_type`: 3 steers the model, 4 was added by a user, 5 is not used.
    private enum TokenType: Int {
        case control = 3
        case userDefined = 4
        case unused = 5
    }

    fileprivate mutating func readTokens(_ gguf: GGUFFile) throws {
        let spellings = try texts(gguf, "tokens")
        let types = gguf.metadata["tokenizer.ggml.token_type"]?.array?.map { $0.integer.flatMap(TokenType.init) } ?? []
        guard types.isEmpty || types.count == spellings.count else {
            let message = "\(types.count) token types for \(spellings.count) tokens"
            throw ModelFileError(.malformed, file: file, place: "key tokenizer.ggml.token_type", message)
        }
        tokens = spellings
        // Ids above every ordinary token's were added after training, as Qwen's are.
        let lastOrdinary = types.lastIndex { $0 == nil } ?? -1
        for (id, type) in types.enumerated() {
            switch type {
            case .unused: tokens[id] = nil
            case .control, .userDefined:
                addedTokens.append(
                    AddedToken(
                        id: Int32(id),
                        content: spellings[id],
                        isSpecial: type == .control,
                        isInVocabulary: id < lastOrdinary
                    )
                )
            case nil: break
            }
        }
    }

    fileprivate mutating func readMerges(_ gguf: GGUFFile) throws {
        merges = try texts(gguf, "merges").enumerated().map { rank, text in
            guard let merge = Self.merge(text) else {
                let place = "key tokenizer.ggml.merges, element \(rank)"
                throw ModelFileError(.malformed, file: file, place: place, "\"\(text)\" is not a pair of tokens")
            }
            return merge
        }
    }

    private func texts(_ gguf: GGUFFile, _ key: String) throws -> [String] {
        let elements = gguf.metadata["tokenizer.ggml.\(key)"]?.array ?? []
        let texts = elements.compactMap(\.text)
        guard !texts.isEmpty, texts.count == elements.count else {
            let place = "key tokenizer.ggml.\(key)"
            throw ModelFileError(.malformed, file: file, place: place, "expected a list of texts")
        }
        return texts
    }

    /// Both halves of `"left right"`.
    static func merge(_ text: String) -> (left: String, right: String)? {
        let halves = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard halves.count == 2, let left = String(halves[0]), let right = String(halves[1]) else { return nil }
        return (left, right)
    }
}
