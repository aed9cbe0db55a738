// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import Policies

struct TokenizerTests {
    /// A vocabulary that the goldens were made with.
    enum Kind: String, CaseIterable, Sendable {
        case gpt2
        case smollm
        case qwen2
        /// The demo's model; there once `make test` has fetched it.
        case smollm2

        static let available = allCases.filter { $0 != .smollm2 || Goldens.model != nil }

        func tokenizer() throws -> Tokenizer {
            guard self == .smollm2 else { return try Tokenizer(directory: Goldens.directory(rawValue)) }
            return try Tokenizer(gguf: try GGUFFile(path: try #require(Goldens.model)))
        }
    }

    /// For tests with many cases.
    private static let gpt2 = Result { try Kind.gpt2.tokenizer() }

    @Test("Every text of the nasty corpus becomes the ids that tokenizers gives", arguments: Kind.available)
    func corpus(kind: Kind) throws {
        let goldens = try TokenizerGoldens()
        let expected = try goldens.expected(kind.rawValue)
        let tokenizer = try kind.tokenizer()
        #expect(expected.ids.count == goldens.texts.count)
        for (text, ids) in zip(goldens.texts, expected.ids) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test("Ids become the text that tokenizers gives back", arguments: Kind.available)
    func decoding(kind: Kind) throws {
        let expected = try TokenizerGoldens().expected(kind.rawValue)
        let tokenizer = try kind.tokenizer()
        for case (let ids, let text?) in zip(expected.ids, expected.decoded) {
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
        }
    }

    @Test("200 random joins of nasty pieces become the same ids", arguments: Kind.available)
    func random(kind: Kind) throws {
        let goldens = try TokenizerGoldens()
        let expected = try goldens.expected(kind.rawValue)
        let tokenizer = try kind.tokenizer()
        #expect(expected.random.count == 200)
        for (seed, hash) in expected.random.enumerated() {
            let text = goldens.randomText(seed: seed)
            #expect(TokenizerGoldens.hash(tokenizer.encode(text)) == hash, "\(text.debugDescription)")
        }
    }

    @Test("A megabyte of text becomes the same ids", arguments: Kind.available)
    func megabyte(kind: Kind) throws {
        let goldens = try TokenizerGoldens()
        let expected = try goldens.expected(kind.rawValue).megabyte
        let ids = try kind.tokenizer().encode(goldens.megabyte())
        #expect(ids.count == expected["count"]?.int)
        #expect(TokenizerGoldens.hash(ids) == expected["hash"]?.string)
    }

    @Test("Every scalar has the kind that the regular expressions of tokenizers see")
    func scalarKinds() throws {
        let expected = try TokenizerGoldens().json["scalar_kinds"]?.array?.compactMap(\.string)
        let letters: [UInt8] = [ScalarKind.letter, .number, .space, .lineEnd, .other].map {
            switch $0 {
            case .letter: UInt8(ascii: "L")
            case .number: UInt8(ascii: "N")
            case .space, .lineEnd: UInt8(ascii: "S")
            case .other: UInt8(ascii: "O")
            }
        }
        let hashes = (UInt32(0)..<0x110).map { block in
            TokenizerGoldens.hash(
                (block << 12..<(block + 1) << 12).map { value in
                    Unicode.Scalar(value).map { letters[Int(ScalarKind($0).rawValue)] } ?? UInt8(ascii: "O")
                }
            )
        }
        #expect(hashes == expected)
    }

    @Test("Tokens come out as whole scalars, one by one the same as at once", arguments: 0..<200)
    func streaming(seed: Int) throws {
        let tokenizer = try Self.gpt2.get()
        var random = SplitMix64(seed: UInt64(seed))
        // Any ids, so invalid UTF-8 too.
        let ids = (0..<40).map { _ in Int32(random.next() % 400) }
        for skips in [true, false] {
            var decoder = IncrementalDecoder(tokenizer, skipsSpecials: skips)
            let texts = ids.map { decoder.append($0) } + [decoder.finish()]
            let whole = tokenizer.decode(ids, skipsSpecials: skips)
            #expect(texts.joined().utf8.elementsEqual(whole.utf8))
        }
    }

    @Test("An emoji of four tokens is streamed when it is complete")
    func streamedEmoji() throws {
        let tokenizer = try Kind.gpt2.tokenizer()
        let bytes = Array("\u{1F9EC}".utf8)
        let ids = bytes.compactMap {
            tokenizer.id(of: ByteAlphabet.spelling(of: [$0])) ?? tokenizer.vocabulary.id(of: [$0])
        }
        var decoder = IncrementalDecoder(tokenizer)
        #expect(ids.count == 4)
        #expect(ids.map { decoder.append($0) } == ["", "", "", "\u{1F9EC}"])
        #expect(decoder.finish().isEmpty)
    }

    @Test("Text that spells a special token stays text on demand")
    func specialsAsText() throws {
        let tokenizer = try Kind.gpt2.tokenizer()
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        let text = "a<|im_end|>b<tool_call>"
        #expect(tokenizer.encode(text).contains(end))
        let plain = tokenizer.encode(text, specials: .asText)
        #expect(!plain.contains(end))
        #expect(tokenizer.decode(plain) == text)
        #expect(plain.last == tokenizer.id(of: "<tool_call>"))
    }

    @Test("Texts that are equal as Characters keep their own scalars")
    func exactScalars() throws {
        let tokenizer = try Kind.gpt2.tokenizer()
        for text in ["a\r\nb", "x<\u{338}/response>", "\u{120}", "G\u{307}"] {
            #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8))
        }
        #expect(tokenizer.encode("\u{120}") != tokenizer.encode("G\u{307}"))
    }

    @Test("Bytes that are not UTF-8 count as U+FFFD")
    func invalidBytes() throws {
        let tokenizer = try Kind.gpt2.tokenizer()
        #expect(tokenizer.encode([0x61, 0xFF, 0x62]) == tokenizer.encode("a\u{FFFD}b"))
    }

    @Test("Long words without a space take time in proportion", arguments: ["a", "\u{4F60}", "\u{1F600}", " "])
    func longWords(piece: String) throws {
        let tokenizer = try Kind.qwen2.tokenizer()
        let text = String(repeating: piece, count: 20_000)
        #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8))
    }

    @Test("A saved tokenizer gives the same ids", arguments: Kind.available)
    func roundTrip(kind: Kind) throws {
        let goldens = try TokenizerGoldens()
        let original = try kind.tokenizer()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokenizer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(original.huggingFaceJSON.serialized().utf8)
            .write(to: folder.appendingPathComponent("tokenizer.json"))
        try Data(original.configurationJSON(chatTemplate: nil, maximumLength: 64).serialized().utf8)
            .write(to: folder.appendingPathComponent("tokenizer_config.json"))
        let saved = try Tokenizer(directory: folder.path)
        #expect(saved.addedTokens == original.addedTokens)
        #expect(saved.endOfSequenceID == original.endOfSequenceID)
        #expect(saved.vocabularySize == original.vocabularySize)
        for text in goldens.texts { #expect(saved.encode(text) == original.encode(text)) }
    }
}
