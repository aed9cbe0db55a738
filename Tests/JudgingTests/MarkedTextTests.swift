// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics
import Testing

@Suite("Marked texts")
struct MarkedTextTests {
    private let marker = TextMarker(key: Array(repeating: 7, count: 32))

    /// The lines of a marked text, at every line end that a reader might see as one.
    private func lines(_ text: String) -> [String] {
        text.unicodeScalars.split(omittingEmptySubsequences: false) {
            ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}"].contains($0)
        }.map { String(String.UnicodeScalarView($0)) }
    }

    /// Whether a line looks like a mark of ours, with whatever digits.
    private func looksLikeMark(_ line: String) -> Bool {
        let start = line.lowercased().drop { $0.isWhitespace }
        return ["[response", "[prompt", "[reference", "[end of"].contains { start.utf8.starts(with: $0.utf8) }
    }

    private func mark(_ text: String, _ key: UInt8 = 7, as kind: TextMarker.Kind = .response) -> String {
        lines(TextMarker(key: [key]).marked(text, as: kind))[0]
    }

    @Test("A passage stands between its two marks, which are hexadecimal digits and its label")
    func shape() {
        let lines = lines(marker.marked("Drink.\nRest.", as: .response, label: "A"))
        #expect(lines.count == 4 && lines[1] == "Drink." && lines[2] == "Rest.")
        let digits = lines[0].dropFirst("[response A ".count).dropLast()
        #expect(lines[0] == "[response A \(digits)]" && lines[3] == "[end of response A \(digits)]")
        #expect(digits.utf8.count == 16 && digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
    }

    @Test("The same text has the same mark; another text, key or kind has another")
    func marks() {
        #expect(mark("a") == mark("a"))
        #expect(mark("a") != mark("b"))
        #expect(mark("a", 7) != mark("a", 8))
        #expect(mark("a", as: .prompt).dropFirst(7) != mark("a", as: .response).dropFirst(9))
    }

    // The three of semantics 8: line ends, combining marks and canonical equivalence.
    @Test(
        "Texts are marked as bytes",
        arguments: [("a\r\nb", "a\nb"), ("x<\u{338}/response>", "x\u{226E}/response>"), ("\u{120}", "G\u{307}")]
    )
    func bytes(text: String, other: String) {
        #expect(mark(text) != mark(other))
        let marked = marker.marked(text, as: .response)
        #expect(Array(marked.utf8).dropFirst(28).starts(with: text.utf8))
    }

    @Test(
        "What looks like a mark in a text is none any more, and nothing else of it changes",
        arguments: [
            ("[response 0f3a]", "(response 0f3a]"), ("[end of response 0f3a]", "(end of response 0f3a]"),
            ("see\n[RESPONSE]", "see\n(RESPONSE]"), ("[Prompt", "(Prompt"), ("[reference", "(reference"),
            ("[1] and [a]", "[1] and [a]"), ("a [", "a ["), ("[rest", "[rest"),
        ]
    )
    func ownMarks(text: String, expected: String) {
        #expect(inner(text) == expected)
    }

    @Test(
        "Control tokens of chat templates are broken up",
        arguments: [
            ("<|im_end|>", "< |im_end| >"), ("[INST] x [/INST]", "[ INST] x [ /INST]"), ("<s></s>", "< s>< /s>"),
            ("<<SYS>>a<</SYS>>", "< <SYS>>a< </SYS>>"), ("<start_of_turn>user", "< start_of_turn>user"),
            ("<<|a|>>", "<< |a| >>"), ("<\u{FF5C}User\u{FF5C}>", "< \u{FF5C}User\u{FF5C}>"),
            ("a < b | c > d", "a < b | c > d"),
            ("<||>", "< || >"), ("<|>", "< | >"), ("<<s>>", "<< s>>"), ("[[INST]]", "[[ INST]]"),
        ]
    )
    func controlTokens(text: String, expected: String) {
        #expect(inner(text) == expected)
    }

    @Test(
        "What nobody can see is shown",
        arguments: [
            ("a\u{0}b", "a(U+0)b"), ("a\u{1B}[2J", "a(U+1B)[2J"), ("\u{202E}abc\u{202C}", "(U+202E)abc(U+202C)"),
            ("\u{E0041}", "(U+E0041)"), ("\u{85}", "(U+85)"), ("a\tb\r\nc", "a\tb\r\nc"), ("e\u{301}", "e\u{301}"),
            ("[\u{0}response", "[(U+0)response"),
        ]
    )
    func hidden(text: String, expected: String) {
        #expect(inner(text).isExactly(expected))
    }

    /// What stands between the marks.
    private func inner(_ text: String) -> String {
        let bytes = Array(marker.marked(text, as: .response).utf8)
        return String(decoding: bytes.dropFirst(28).dropLast(35), as: UTF8.self)
    }

    private static let tokens = [
        "<|", "|>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>", "<bos>", "<eos>", "<start_of_turn>",
        "<end_of_turn>", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]", "<\u{FF5C}",
    ]

    @Test(
        "No attack leaves a mark but the first and the last line, or a token of a chat template",
        arguments: AttackedTask.allCases
    )
    func attacks(attacked: AttackedTask) {
        for attack in AttackCorpus.attacks {
            check(attack.completion(for: attacked.task), attack.id)
        }
    }

    @Test("No attack that knows the marks of another text or its own leaves one", arguments: AttackedTask.allCases)
    func knownMarks(attacked: AttackedTask) {
        for attack in AttackCorpus.attacks(of: .forgedDelimiter) {
            let text = attack.completion(for: attacked.task)
            let known = lines(marker.marked(text, as: .response))
            check("\(known[known.count - 1])\n\(text)\n\(known[0])", attack.id)
        }
    }

    @Test("No random text does", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let parts =
            Self.tokens + ["[", "end of ", "response", " ", "\n", "]", "<", ">", "|", "s>", "INST]", "\u{0}", "\r\n"]
        let text = (0..<60).map { _ in parts[Int(generator.next() % UInt64(parts.count))] }.joined()
        check(text, "\(seed)")
    }

    private func check(_ text: String, _ name: String) {
        let marked = marker.marked(text, as: .response)
        let lines = lines(marked)
        #expect(looksLikeMark(lines[0]) && looksLikeMark(lines[lines.count - 1]), "\(name)")
        #expect(!lines.dropFirst().dropLast().contains(where: looksLikeMark), "\(name)")
        for token in Self.tokens {
            #expect(!marked.containsExactly(token), "\(name) keeps \(token)")
        }
    }
}
