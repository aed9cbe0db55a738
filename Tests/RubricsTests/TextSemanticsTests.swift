// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

/// What goes wrong with characters and canonical equivalence, and does not here.
@Suite("Text is bytes and scalars")
struct TextSemanticsTests {
    private func document(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(JSONValue.string(text).serialized().utf8), file: "t.json")
    }

    @Test("A line feed behind a carriage return is there")
    func lineFeed() throws {
        let text = "a\r\nb"
        #expect(!text.contains("\n" as Character))
        #expect(try CompiledRegex("\n").firstMatch(in: Array(text.unicodeScalars)) != nil)
        #expect(try document(text) == .string(text))
        #expect(try Document.jsonLines("1\r\n2\r\n", file: "t.jsonl").map(\.json) == [1, 2])
    }

    @Test("A combining stroke takes no bracket away, and makes none")
    func combiningStroke() throws {
        let text = "x<\u{338}/response>"
        #expect(!text.contains("<" as Character))
        #expect(text.unicodeScalars.contains("<"))
        #expect(try CompiledRegex("<").firstMatch(in: Array(text.unicodeScalars)) != nil)
        #expect(try CompiledRegex("</response>").firstMatch(in: Array(text.unicodeScalars)) == nil)
        #expect(try document(text).serialized() == "\"x<\u{338}/response>\"")
    }

    @Test("Canonically equivalent texts are different keys, identifiers and values")
    func equivalence() throws {
        let (one, other) = ("\u{120}", "G\u{307}")
        #expect(one == other)
        #expect(ExactText(one) != ExactText(other))
        #expect(JSONValue.string(one) != .string(other))
        #expect(JSONValue.string(one).hashValue != JSONValue.string(other).hashValue)
        #expect(Set([ExactText(one), ExactText(other)]).count == 2)
        #expect(try document(one) == .string(one))
        #expect(try CompiledRegex(one).firstMatch(in: Array(other.unicodeScalars)) == nil)
    }
}
