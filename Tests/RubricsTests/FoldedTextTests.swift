// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@Suite("Folded text")
struct FoldedTextTests {
    @Test(
        "Compatibility forms and case fold away",
        arguments: [
            ("Fever", "fever"), ("ＦＥＶＥＲ", "fever"), ("ﬁrst", "first"), ("Straße", "strasse"), ("ΟΔΟΣ", "οδοσ"),
            ("ὀδός", "ὀδόσ"), ("CO₂", "co2"), ("38 ℃", "38 °c"), ("don’t", "don't"), ("well‑known", "well-known"),
            ("E\u{301}", "\u{E9}"), ("\u{212B}", "\u{E5}"), ("ｶﾞ", "ガ"), ("\u{1112}\u{1161}\u{11AB}", "한"), ("", ""),
        ]
    )
    func folding(text: String, folded: String) {
        #expect(Array(FoldedText(text).text.unicodeScalars) == Array(folded.unicodeScalars))
    }

    @Test(
        "Words are runs of letters and digits",
        arguments: [
            ("Don't give 1,000.5 mg.", ["don't", "give", "1,000.5", "mg"]),
            ("fever.Then rest", ["fever", "then", "rest"]),
            ("well-known 3-4", ["well", "known", "3", "4"]), ("'quoted' end'", ["quoted", "end"]),
            ("a\r\nb", ["a", "b"]), ("e\u{301}te\u{301}", ["\u{E9}t\u{E9}"]), ("発熱がある", ["発", "熱", "が", "あ", "る"]),
            ("x<\u{338}/response>", ["x", "response"]), ("snake_case1", ["snake_case1"]), ("…—!", []),
            ("\u{301}a", ["a"]),
        ] as [(String, [String])]
    )
    func words(text: String, words: [String]) {
        let folded = FoldedText(text)
        #expect(folded.words.map { folded.text(of: $0) } == words)
    }

    @Test(
        "Terms are found at word boundaries only",
        arguments: [
            ("Drink water often", "water", "water"), ("Drink waters", "water", nil), ("underwater", "water", nil),
            ("Call a Doctor\n  soon.", "doctor soon", "Doctor\n  soon"), ("See a GP.", "gp", "GP"),
            ("Take 3.5 mg", "3", nil), ("Take 3.5 mg", "3.5 mg", "3.5 mg"), ("C++ is fun", "C++", "C++"),
            ("don’t", "don't", "don’t"), ("don't", "don", nil), ("STRASSE", "straße", "STRASSE"), ("abc", "  ", nil),
            ("abc", "", nil), ("a ﬁ\u{301}", "f", nil), ("fever and feverfew, fever", "fever,", nil),
            ("so fever , fever,", "fever,", "fever,"),
        ]
    )
    func terms(text: String, term: String, passage: String?) {
        let folded = FoldedText(text)
        #expect(folded.firstRange(of: FoldedText(term)).map(folded.passage) == passage)
    }

    @Test("A search keeps to its range")
    func searchRange() {
        let folded = FoldedText("fever. No fever.")
        #expect(folded.firstRange(of: FoldedText("fever"), in: 5..<16) == 10..<15)
        #expect(folded.firstRange(of: FoldedText("fever"), in: 10..<14) == nil)
    }

    @Test("A carriage return does not hide a line feed")
    func carriageReturn() {
        #expect("a\r\nb".contains("\n" as Character) == false)
        #expect(FoldedText("a\r\nb").scalars.contains("\n"))
    }

    @Test("Folding in segments equals folding the whole, and passages are verbatim", arguments: 0..<200)
    func segments(seed: Int) {
        var random = RandomJSON(seed: seed)
        let text = random.combiningText()
        let folded = FoldedText(text)
        #expect(
            Array(folded.text.precomposedStringWithCompatibilityMapping.unicodeScalars)
                == Array(reference(text).unicodeScalars)
        )
        #expect(Array(folded.passage(folded.scalars.indices).utf8) == Array(text.utf8) || folded.scalars.isEmpty)
        for word in folded.words {
            #expect(folded.firstRange(of: FoldedText(folded.text(of: word))) != nil)
        }
    }

    /// The same folding of the whole text at once.
    private func reference(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.unicodeScalars
            .map { scalar in
                scalar == "\u{131}"
                    ? "\u{131}"
                    : scalar.properties.uppercaseMapping.unicodeScalars.map(\.properties.lowercaseMapping).joined()
            }
            .joined().precomposedStringWithCompatibilityMapping
            .replacing("\u{2010}", with: "-").replacing("\u{2019}", with: "'")
    }
}

extension RandomJSON {
    /// A text whose scalars combine, compose and decompose.
    fileprivate mutating func combiningText() -> String {
        let pool: [Unicode.Scalar] = [
            "a", "E", "\u{301}", "\u{323}", "\u{338}", "<", "\u{1112}", "\u{1161}", "\u{11AB}", "\u{AC00}", "\u{FFA1}",
            "\u{FFC2}", "\u{FF76}", "\u{FF9E}", "\u{9C7}", "\u{9BE}", "\u{FB01}", "\u{DF}", "\u{130}", "\u{131}",
            "\u{3A3}",
            "\u{345}", "\u{1F600}", "\u{200D}", "'", " ", "\r", "\n", "7", ".", "\u{2126}", "\u{1E9B}", "\u{FDFA}",
        ]
        let scalars = (0..<24).map { _ in pool.randomElement(using: &generator) ?? "a" }
        return String(String.UnicodeScalarView(scalars))
    }
}

@Suite("Regular expressions over Unicode scalars")
struct TextPatternTests {
    private func match(_ pattern: String, _ text: String) throws -> String? {
        guard case .match(let range) = try TextPattern(pattern).firstMatch(in: text) else { return nil }
        return String(text[range])
    }

    @Test(
        "Patterns see scalars, not characters",
        arguments: [
            ("\n", "a\r\nb", "\n"), ("</response>", "x<\u{338}/response>", nil), ("G", "G\u{307}", "G"),
            ("\u{120}", "G\u{307}", nil), ("^.$", "\u{1F600}", "\u{1F600}"), ("^.$", "e\u{301}", nil),
            (#"[.!?]["'\u201d\u2019)\]]*\s*$"#, "It ends.”  \n", ".”  \n"),
            (#"(?m)^\s*([-*•]|\d+[.)])\s"#, "x\r\n- b", "- "),
            (#"(?i)\bfever\b"#, "High FEVER.", "FEVER"),
        ]
    )
    func scalars(pattern: String, text: String, found: String?) throws {
        #expect(try match(pattern, text).map { Array($0.utf8) } == found.map { Array($0.utf8) })
    }

    @Test("Endless backtracking is cut, at the same place each time", .timeLimit(.minutes(1)))
    func bound() throws {
        let pattern = try TextPattern("(a+)+$")
        #expect(pattern.firstMatch(in: String(repeating: "a", count: 60) + "b") == .tooManySteps)
    }

    @Test(
        "An invalid pattern says what is wrong",
        arguments: [("(", "expected ')'"), ("[a", "expected ']'"), ("a{2,1}", "range lower bound '2'")]
    )
    func invalid(pattern: String, message: String) {
        let error = #expect(throws: InvalidPattern.self) { try TextPattern(pattern) }
        #expect(error.map { "\($0)".contains(message) } == true)
    }
}
