// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Policies

struct TokenizerFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A small tokenizer.json.
    private static let json: JSONObject = [
        "added_tokens": [["id": 4, "content": "<|end|>", "special": true]],
        "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
        "model": ["type": "BPE", "vocab": ["a": 0, "b": 1, "ab": 2, "\u{120}": 3], "merges": ["a b"]],
    ]

    private func tokenizer(_ changes: JSONObject, model: JSONObject = [:]) throws -> Tokenizer {
        var json = Self.json
        for (key, value) in changes.members { json[key] = value }
        var parts = try #require(json["model"]?.object)
        for (key, value) in model.members { parts[key] = value }
        json["model"] = .object(parts)
        try folder.write("tokenizer.json", .object(json))
        return try Tokenizer(directory: folder.path(""))
    }

    @Test("Merges are read as texts and as pairs, and ids may leave gaps")
    func variants() throws {
        #expect(try tokenizer([:]).encode("abb a<|end|>") == [2, 1, 3, 0, 4])
        #expect(try tokenizer([:], model: ["merges": [["a", "b"]]]).encode("ab") == [2])
        #expect(try tokenizer([:], model: ["type": nil]).encode("ab") == [2])
        let sparse = try tokenizer(["added_tokens": []], model: ["vocab": ["a": 0, "b": 1, "ab": 9]])
        #expect(sparse.encode("ab") == [9])
        #expect(sparse.vocabularySize == 10)
        #expect(sparse.decode([5, 0, 77, -1, 9]) == "aab")
    }

    @Test("Of overlapping added tokens the longest at the leftmost place is found")
    func overlappingAddedTokens() throws {
        let tokenizer = try tokenizer([
            "added_tokens": [
                ["id": 4, "content": "<x>", "special": true], ["id": 5, "content": "<x><x>", "special": false],
                ["id": 6, "content": "a<x", "special": true],
            ]
        ])
        #expect(tokenizer.encode("<x><x><x>a<x><") == [5, 4, 6])
        #expect(tokenizer.encode("<x><x><x>", specials: .asText) == [5])
    }

    @Test("An unknown token does not matter where every byte has one")
    func unknownToken() throws {
        #expect(throws: ModelFileError.self) { try tokenizer([:], model: ["unk_token": "a"]) }
        let vocabulary = JSONObject((0..<256).map { (ByteAlphabet.spelling(of: [UInt8($0)]), .integer($0)) })
        let whole: JSONObject = ["unk_token": "!", "vocab": .object(vocabulary), "merges": []]
        #expect(try tokenizer(["added_tokens": []], model: whole).encode("ab") == [97, 98])
    }

    @Test("The empty post-processor of transformers 5 is read")
    func emptyTemplate() throws {
        let sequence: JSONValue = ["Sequence": ["id": "A", "type_id": 0]]
        let template: JSONObject = ["post_processor": ["type": "TemplateProcessing", "single": [sequence]]]
        #expect(try tokenizer(template).encode("ab") == [2])
        let adding: JSONValue = [["SpecialToken": ["id": "<s>", "type_id": 0]], sequence]
        #expect(throws: ModelFileError.self) {
            try tokenizer(["post_processor": ["type": "TemplateProcessing", "single": adding]])
        }
    }

    static let refusals: [(JSONObject, JSONObject, String)] = [
        ([:], ["type": "Unigram"], "the model Unigram is not supported; byte-level BPE with the GPT-2, SmolLM, Qwen2"),
        ([:], ["type": nil, "merges": nil], "the model (none) is not supported"),
        ([:], ["byte_fallback": true], "byte_fallback"),
        ([:], ["ignore_merges": true], "ignore_merges"),
        ([:], ["end_of_word_suffix": "</w>"], "end_of_word_suffix"),
        ([:], ["dropout": 0.1], "dropping merges"),
        ([:], ["vocab": ["a": 0, "b": 0]], "id 0 is another token's"),
        ([:], ["vocab": ["a": 1_000_000]], "token \"a\": its id is no sensible number"),
        ([:], ["vocab": ["a": "0"]], "its id is no sensible number"),
        ([:], ["vocab": nil], "expected a mapping"),
        ([:], ["vocab": ["\u{4F60}": 0]], "is not spelled in GPT-2's byte alphabet"),
        ([:], ["merges": ["a c"]], "merge 0: \"a\" and \"c\" do not merge"),
        ([:], ["merges": ["abc"]], "merge 0: expected a pair"),
        (["normalizer": ["type": "NFKC"]], [:], "the normaliser NFKC is not supported; NFC is"),
        (["decoder": ["type": "WordPiece"]], [:], "the decoder WordPiece"),
        (["pre_tokenizer": nil], [:], "the pre-tokeniser (none)"),
        (["pre_tokenizer": ["type": "Metaspace"]], [:], "the pre-tokeniser Metaspace"),
        (
            ["pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": true]], [:],
            "the pre-tokeniser ByteLevel with its"
        ),
        (
            [
                "pre_tokenizer": [
                    "type": "Sequence",
                    "pretokenizers": [
                        [
                            "type": "Split", "pattern": ["Regex": "\\p{N}{1,3}"], "behavior": "Isolated",
                            "invert": false,
                        ],
                        ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
                    ],
                ]
            ], [:], "the pre-tokeniser Split + ByteLevel"
        ),
        (["added_tokens": [["id": 4, "content": "<m>", "lstrip": true]]], [:], "added token \"<m>\": lstrip"),
        (["added_tokens": [["id": 4, "content": ""]]], [:], "without sensible id or text"),
        (["added_tokens": [["id": 4_000_000, "content": "x"]]], [:], "without sensible id or text"),
    ]

    @Test("What is not supported or senseless is refused by name", arguments: refusals.indices)
    func refusal(index: Int) throws {
        let (changes, model, message) = Self.refusals[index]
        let error = #expect(throws: ModelFileError.self) { try tokenizer(changes, model: model) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.file.hasSuffix("tokenizer.json") == true)
    }

    @Test("The tokens that end and start come from tokenizer_config.json, as texts or objects")
    func specials() throws {
        try folder.write(
            "tokenizer_config.json",
            ["eos_token": ["content": "<|end|>"], "bos_token": "a", "pad_token": nil]
        )
        let tokenizer = try tokenizer([:])
        #expect(tokenizer.endOfSequenceID == 4)
        #expect(tokenizer.encode("b", addsBeginning: true) == [0, 1])
        #expect(tokenizer.paddingID == nil)
        try folder.write("tokenizer_config.json", ["eos_token": "</s>"])
        let error = #expect(throws: ModelFileError.self) { try self.tokenizer([:]) }
        #expect(error?.description.contains("tokenizer.json has no token \"</s>\"") == true)
    }

    @Test("Corrupted bytes give an error or a tokenizer, never a crash", arguments: 0..<200)
    func fuzz(seed: Int) throws {
        var bytes = Array(JSONValue.object(Self.json).serialized().utf8)
        var random = SplitMix64(seed: UInt64(seed))
        bytes.corrupt(with: &random)
        try folder.write("tokenizer.json", bytes)
        _ = try? Tokenizer(directory: folder.path("")).encode("abb a<|end|>")
    }
}
