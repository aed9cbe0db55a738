// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

extension Tokenizer {
    /// Reads `tokenizer.json` and, if it is there, `tokenizer_config.json`.
    ///
    /// - Throws: ``ModelFileError`` or `DocumentError` that names the file and key, above all for what is not supported.
    package init(directory path: String) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let file = folder.appendingPathComponent("tokenizer.json").path
        guard FileManager.default.fileExists(atPath: file) else {
            throw ModelFileError(
                .notFound,
                file: path,
                "the directory holds no tokenizer.json",
                remedy: "save the tokenizer with transformers' fast tokenizers"
            )
        }
        let reader = try ConfigurationReader(path: file)
        self = try TokenizerParts(huggingFace: reader).tokenizer()
        let configuration = folder.appendingPathComponent("tokenizer_config.json").path
        guard FileManager.default.fileExists(atPath: configuration) else { return }
        try readSpecials(try ConfigurationReader(path: configuration))
    }

    private mutating func readSpecials(_ reader: ConfigurationReader) throws {
        func special(_ key: String) throws -> Int32? {
            let text = try reader.optional(key, "a token") { $0.string ?? $0["content"]?.string }
            guard let text else { return nil }
            guard let id = id(of: text) else {
                let message = "tokenizer.json has no token \"\(text)\""
                throw ModelFileError(.malformed, file: reader.file, place: "key \"\(key)\"", message)
            }
            return id
        }
        endOfSequenceID = try special("eos_token")
        beginningOfSequenceID = try special("bos_token")
        paddingID = try special("pad_token")
    }
}

extension TokenizerParts {
    fileprivate init(huggingFace reader: ConfigurationReader) throws {
        let model = ConfigurationReader(json: reader["model"] ?? .null, file: reader.file)
        try Self.checkModel(model)
        try Self.checkWrapping(reader)
        self.init(
            file: reader.file,
            preTokenizer: try Self.preTokenizer(reader),
            normalizes: try Self.normalizes(reader)
        )
        unknownToken = try model.string("unk_token")
        try readVocabulary(model)
        try readMerges(model)
        try readAddedTokens(reader)
    }

    // MARK: - What is supported

    private static func checkModel(_ model: ConfigurationReader) throws {
        // Old files of GPT-2 leave the type out.
        let type = try model.string("type") ?? (model["merges"] == nil ? "(none)" : "BPE")
        guard type == "BPE" else {
            throw unsupported(model.file, "key model.type", "the model \(type) is not supported")
        }
        for key in ["byte_fallback", "ignore_merges"] where try model.bool(key) == true {
            throw unsupported(model.file, "key model.\(key)", "\(key) is not supported")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard let text = try model.string(key), !text.isEmpty else { continue }
            throw unsupported(model.file, "key model.\(key)", "\(key) is not supported")
        }
        if let dropout = try model.number("dropout"), dropout != 0 {
            throw unsupported(model.file, "key model.dropout", "dropping merges at random is not supported")
        }
    }

    /// Decoder and post-processor: byte-level, adding nothing.
    private static func checkWrapping(_ reader: ConfigurationReader) throws {
        for key in ["decoder", "post_processor"] {
            guard let value = reader[key], let type = value["type"]?.string, type != "ByteLevel" else { continue }
            if key == "post_processor", addsNothing(value) { continue }
            throw unsupported(reader.file, "key \(key)", "the \(key) \(type) is not supported; ByteLevel is")
        }
    }

    /// The empty template that transformers 5 writes.
    private static func addsNothing(_ postProcessor: JSONValue) -> Bool {
        guard postProcessor["type"]?.string == "TemplateProcessing", let pieces = postProcessor["single"]?.array else {
            return false
        }
        return pieces.count == 1 && pieces[0]["Sequence"] != nil
    }

    private static func normalizes(_ reader: ConfigurationReader) throws -> Bool {
        guard let normalizer = reader["normalizer"] else { return false }
        let type = normalizer["type"]?.string ?? "(none)"
        guard type == "NFC" else {
            throw unsupported(reader.file, "key normalizer", "the normaliser \(type) is not supported; NFC is")
        }
        return true
    }

    private static func preTokenizer(_ reader: ConfigurationReader) throws -> PreTokenizer {
        let value = reader["pre_tokenizer"] ?? .null
        let steps = value["pretokenizers"]?.array ?? [value]
        let isByteLevel = steps.last?["type"]?.string == "ByteLevel" && steps.last?["add_prefix_space"]?.bool == false
        let splits = steps.last?["use_regex"]?.bool ?? true
        let first = steps.first ?? .null
        switch (isByteLevel, splits, steps.count, first["type"]?.string) {
        case (true, true, 1, _): return .gpt2
        case (true, true, 2, "Digits") where first["individual_digits"]?.bool == true: return .smolLM
        case (true, false, 2, "Split") where isQwen2(first): return .qwen2
        default:
            let names = steps.map { $0["type"]?.string ?? "(none)" }.joined(separator: " + ")
            let message = "the pre-tokeniser \(names) with its options is not supported"
            throw unsupported(reader.file, "key pre_tokenizer", message)
        }
    }

    static let qwen2Pattern =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"#
        + #"\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static func isQwen2(_ split: JSONValue) -> Bool {
        split["pattern"]?["Regex"]?.string?.isExactly(qwen2Pattern) == true && split["behavior"]?.string == "Isolated"
            && split["invert"]?.bool != true
    }

    // MARK: - Content

    private mutating func readVocabulary(_ model: ConfigurationReader) throws {
        guard let members = model["vocab"]?.object?.members, !members.isEmpty else {
            let message = "expected a mapping of tokens to ids"
            throw ModelFileError(.malformed, file: file, place: "key model.vocab", message)
        }
        // Ids may leave gaps, but not absurd ones.
        let limit = 2 * members.count + 1024
        tokens = [String?](repeating: nil, count: members.count)
        for (token, value) in members {
            guard let id = value.int, (0..<limit).contains(id) else {
                let message = "its id is no sensible number"
                throw ModelFileError(.malformed, file: file, place: "token \"\(token)\"", message)
            }
            while tokens.count <= id { tokens.append(nil) }
            guard tokens[id] == nil else {
                throw ModelFileError(.malformed, file: file, place: "token \"\(token)\"", "id \(id) is another token's")
            }
            tokens[id] = token
        }
        while tokens.last == .some(nil) { tokens.removeLast() }
    }

    /// Merges are lists of two texts in newer files, texts with a space between in older ones.
    private mutating func readMerges(_ model: ConfigurationReader) throws {
        merges = try (model["merges"]?.array ?? []).enumerated().map { rank, value in
            if let merge = value.string.flatMap(Self.merge) { return merge }
            if let pair = value.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string {
                return (left, right)
            }
            throw ModelFileError(.malformed, file: file, place: "merge \(rank)", "expected a pair of tokens")
        }
    }

    private mutating func readAddedTokens(_ reader: ConfigurationReader) throws {
        for value in reader["added_tokens"]?.array ?? [] {
            guard let id = value["id"]?.int.flatMap(Int32.init(exactly:)), let content = value["content"]?.string,
                !content.isEmpty, id >= 0, id < tokens.count + 100_000
            else {
                let message = "a token without sensible id or text"
                throw ModelFileError(.malformed, file: file, place: "key added_tokens", message)
            }
            for flag in ["single_word", "lstrip", "rstrip"] where value[flag]?.bool == true {
                throw Self.unsupported(file, "added token \"\(content)\"", "\(flag) is not supported")
            }
            let isInVocabulary = Int(id) < tokens.count && tokens[Int(id)] != nil
            addedTokens.append(
                AddedToken(
                    id: id,
                    content: content,
                    isSpecial: value["special"]?.bool ?? false,
                    isNormalized: value["normalized"]?.bool ?? false,
                    isInVocabulary: isInVocabulary
                )
            )
        }
    }
}
