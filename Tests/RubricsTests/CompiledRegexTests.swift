// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@Suite("Regular expressions")
struct CompiledRegexTests {
    private func match(_ pattern: String, in text: String) throws -> String? {
        let scalars = Array(text.unicodeScalars)
        return try CompiledRegex(pattern).firstMatch(in: scalars).map { String(String.UnicodeScalarView(scalars[$0])) }
    }

    @Test("Python's re finds the same first match", .timeLimit(.minutes(10)))
    func agreesWithPython() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/regex.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count > 1_000)
        for line in lines {
            let golden = try JSONParser.parse(line, file: "regex.jsonl")
            let pattern = try #require(golden["pattern"]?.string)
            let text = try #require(golden["text"]?.string)
            let span = golden["match"]?.array?.compactMap(\.int)
            let found = try CompiledRegex(pattern).firstMatch(in: Array(text.unicodeScalars))
            #expect(found.map { [$0.lowerBound, $0.upperBound] } == span, "\(pattern) in \(text.debugDescription)")
        }
    }

    @Test(
        "Syntax",
        arguments: [
            (#"[.!?][\"'\u201d\u2019)\]]*\s*$"#, "It ends.\u{201D} ", ".\u{201D} "),
            (#"[.!?][\"'\u201d\u2019)\]]*\s*$"#, "It goes on", nil),
            (#"(?m)^\s*([-*\u2022]|\d+[.)])\s"#, "Steps:\n 1. Rest", " 1. "),
            (#"\*\*|^#"#, "a **b**", "**"),
            (#"a+?"#, "aaa", "a"),
            (#"(a|ab)(c|bcd)"#, "abcd", "abcd"),
            (#"(?i:STRASSE) x"#, "Strasse x", "Strasse x"),
            (#"(?i)é"#, "É", "É"),
            (#"a(?i)b|C"#, "c", "c"),
            (#"(?x) a b # comment"#, "ab", "ab"),
            (#"(?s)a.b"#, "a\nb", "a\nb"),
            (#"a.b"#, "a\nb", nil),
            (#"\p{Lu}\P{L}"#, "xA1", "A1"),
            (#"[\p{Nd}x-]+"#, "a1x-٣", "1x-٣"),
            (#"\x41\u0042\u{43}\x{44}"#, "ABCD", "ABCD"),
            (#"(?<=\$)\d+"#, "5 or $12", "12"),
            (#"(?<!\$)\b\d+"#, "$12 or 5", "5"),
            (#"\d+(?!\d|\s*mg)"#, "12 mg, 34 g", "34"),
            (#"^(?!.*\bas an ai\b)"#, "I am", ""),
            (#"(?<year>\d{4})(?#comment)"#, "in 1999", "1999"),
            (#"[]a]+"#, "]a", "]a"),
            (#"[a\]b]+"#, "a]b", "a]b"),
            (#"x{,2}y"#, "xxxy", "xxy"),
            (#"a{b"#, "a{b", "a{b"),
            (#"$"#, "a\n", ""),
            (#"a\z"#, "a\n", nil),
            (#"a\Z"#, "a\n", "a"),
            (#"\r\n"#, "a\r\nb", "\r\n"),
            (#"x<"#, "x<\u{338}/response>", "x<"),
            (#"\u0120"#, "G\u{307}", nil),
            (#""#, "a", ""),
        ] as [(String, String, String?)]
    )
    func syntax(pattern: String, text: String, expected: String?) throws {
        #expect(try match(pattern, in: text) == expected)
    }

    @Test(
        "What cannot be compiled names the place and the way out",
        arguments: [
            ("(a", 0, "not closed"), ("a)", 1, "closes no group"), ("[a", 0, "not closed"), ("*a", 0, "nothing stands"),
            ("a**", 0, "one quantifier"), (#"(a)\1"#, 3, "backreferences"), ("a++", 2, "possessive"),
            ("(?>a)", 0, "atomic"), ("[z-a]", 1, "ends before"), (#"\q"#, 0, "unknown escape"),
            (#"\u12"#, 0, "4 hexadecimal"), ("a{5,2}", 1, "wrong order"), ("a{2000}", 1, "counts end"),
            (#"\p{Klingon}"#, 0, "general category"), ("(?z)", 0, "followed by none"), ("a\\", 1, "backslash"),
            ("((a{100}){100}){100}", 0, "too large"), ("[[:alpha:]]", 1, "named classes"), (#"\uD800"#, 0, "scalar"),
        ]
    )
    func errors(pattern: String, offset: Int, message: String) throws {
        let error = try #require(throws: RegexError.self) { try CompiledRegex(pattern) }
        #expect(error.offset == offset)
        #expect(error.message.contains(message), "\(error)")
        #expect(error.description.contains("character \(offset + 1)"))
    }

    @Test("Deep nesting is an error, not a crash")
    func deepNesting() {
        let pattern = String(repeating: "(", count: 50_000) + String(repeating: ")", count: 50_000)
        #expect(throws: RegexError.self) { try CompiledRegex(pattern) }
    }

    @Test(
        "Expressions that hang a backtracking matcher take linear time",
        .timeLimit(.minutes(10)),
        arguments: ["(a+)+$", "^(a|a)*$", "(a*)*b", "(a|aa)+$", "(.*a){12}b", #"(\w+\s?)*$!"#, "^(?=(a+)+$)b"]
    )
    func catastrophic(pattern: String) throws {
        let text = Array((String(repeating: "a", count: 4_000) + "!").unicodeScalars)
        #expect(try CompiledRegex(pattern).firstMatch(in: text) == nil)
    }

    @Test("Repeating nothing takes no time", .timeLimit(.minutes(10)), arguments: ["(?:){1000}", "(?:(?:){0}){1000}"])
    func emptyRepetition(inner: String) throws {
        let pattern = (0..<5).reduce(inner) { pattern, _ in "(?:\(pattern)){1000}" }
        #expect(try CompiledRegex(pattern + "a").firstMatch(in: Array("ba".unicodeScalars)) == 1..<2)
    }
}
