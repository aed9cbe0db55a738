// SPDX-License-Identifier: Apache-2.0

package import Rubrics

extension Tokenizer {
    /// `tokenizer.json`, from which `tokenizers` makes the same ids.
    package var huggingFaceJSON: JSONValue {
        [
            "version": "1.0",
            "truncation": nil,
            "padding": nil,
            "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": normalizes ? ["type": "NFC"] : nil,
            "pre_tokenizer": preTokenizer.json,
            "post_processor": Self.byteLevel(splits: false),
            "decoder": Self.byteLevel(splits: true),
            "model": [
                "type": "BPE",
                "dropout": nil,
                "unk_token": nil,
                "continuing_subword_prefix": nil,
                "end_of_word_suffix": nil,
                "fuse_unk": false,
                "byte_fallback": false,
                "ignore_merges": false,
                "vocab": .object(vocabularyJSON),
                "merges": .array(merges.pairs.map { [spelling(of: $0.left), spelling(of: $0.right)] }),
            ],
        ]
    }

    /// `tokenizer_config.json`; the class takes tokenizer.json as it stands in `transformers` 4 and 5.
    ///
    /// - Parameters:
    ///   - chatTemplate: The template's text.
    ///   - maximumLength: The longest context.
    /// - Returns: The file's content.
    package func configurationJSON(chatTemplate: String?, maximumLength: Int) -> JSONValue {
        var json: JSONObject = [
            "tokenizer_class": "PreTrainedTokenizerFast",
            "add_prefix_space": false,
            "clean_up_tokenization_spaces": false,
            "model_max_length": .integer(maximumLength),
        ]
        let tokens = [("bos_token", beginningOfSequenceID), ("eos_token", endOfSequenceID), ("pad_token", paddingID)]
        for case (let key, let id?) in tokens { json[key] = .string(String(decoding: vocabulary[id], as: UTF8.self)) }
        let specials = addedTokens.filter(\.isSpecial)
        json["added_tokens_decoder"] = .object(JSONObject(addedTokens.map { (String($0.id), $0.decoderJSON) }))
        let named = Set([beginningOfSequenceID, endOfSequenceID, paddingID].compactMap(\.self))
        let others = specials.filter { !named.contains($0.id) }
        json["additional_special_tokens"] = .array(others.map { .string($0.content) })
        if let chatTemplate { json["chat_template"] = .string(chatTemplate) }
        return .object(json)
    }

    private static func byteLevel(splits: Bool) -> JSONValue {
        ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": .bool(splits)]
    }

    private var vocabularyJSON: JSONObject {
        let outside = Set(addedTokens.lazy.filter { !$0.isInVocabulary }.map(\.id))
        let contents = Dictionary(addedTokens.map { ($0.id, $0.content) }) { $1 }
        var members = JSONObject()
        for id in 0..<Int32(vocabulary.count) where !outside.contains(id) && !vocabulary[id].isEmpty {
            members[contents[id] ?? ByteAlphabet.spelling(of: vocabulary[id])] = .integer(Int(id))
        }
        return members
    }

    private func spelling(of id: Int32) -> JSONValue {
        .string(ByteAlphabet.spelling(of: vocabulary[id]))
    }
}

extension AddedToken {
    fileprivate var json: JSONValue {
        var json: JSONObject = ["id": .integer(Int(id))]
        for member in decoderJSON.object?.members ?? [] { json[member.key] = member.value }
        return .object(json)
    }

    fileprivate var decoderJSON: JSONValue {
        [
            "content": .string(content),
            "single_word": false,
            "lstrip": false,
            "rstrip": false,
            "normalized": .bool(isNormalized),
            "special": .bool(isSpecial),
        ]
    }
}

extension PreTokenizer {
    fileprivate var json: JSONValue {
        func byteLevel(splits: Bool) -> JSONValue {
            ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": .bool(splits)]
        }
        let first: JSONValue
        switch self {
        case .gpt2: return byteLevel(splits: true)
        case .smolLM: first = ["type": "Digits", "individual_digits": true]
        case .qwen2:
            first = [
                "type": "Split",
                "pattern": ["Regex": .string(TokenizerParts.qwen2Pattern)],
                "behavior": "Isolated",
                "invert": false,
            ]
        }
        return ["type": "Sequence", "pretokenizers": [first, byteLevel(splits: self == .smolLM)]]
    }
}
