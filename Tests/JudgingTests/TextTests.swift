// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import Judging

@Suite("Text as checks see it")
struct TextTests {
    private func normalized(_ text: String) -> String {
        String(String.UnicodeScalarView(CompletionText(text).normalized.scalars))
    }

    private func sentences(_ text: String) -> [String] {
        let completion = CompletionText(text)
        return completion.sentences.map { completion.passage($0.raw) }
    }

    private func words(_ text: String) -> [String] {
        let completion = CompletionText(text)
        return completion.words.map(completion.passage(normalized:))
    }

    @Test(
        "Folding",
        arguments: [
            ("Größe STRASSE", "grösse strasse"), ("ﬁne ① ｆｕｌｌ", "fine 1 full"), ("A\r\n\t B", "a b"),
            ("cafe\u{301}", "café"), ("ΣΊΣΥΦΟΣ σίσυφος", "σίσυφοσ σίσυφοσ"), ("İstanbul ı", "i̇stanbul ı"), ("ẞ", "ss"),
            ("ᄀ\u{1161}ㄱㅏ", "가가"), ("½ 10²", "1⁄2 102"), ("Kelvin \u{212A}", "kelvin k"), ("ﾊﾟ", "パ"),
        ]
    )
    func folding(text: String, expected: String) {
        #expect(normalized(text).isExactly(expected))
    }

    @Test("Folding piece by piece equals folding the whole", arguments: 0..<200)
    func segments(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let alphabet = Array(
            "aé\u{301}\u{327}ßﬁ\u{1100}\u{1161}\u{11A8}ㄱㅏｶﾞ½ \n漢…“İ\u{345}Ω\u{E33}\u{E01}".unicodeScalars
        )
        let scalars = (0..<30).map { _ in alphabet[Int(rng.next() % UInt64(alphabet.count))] }
        let text = String(String.UnicodeScalarView(scalars))
        let whole = TextFolding.fold(text).split { $0.properties.isWhitespace }.flatMap { $0 }
        let pieces = CompletionText(text).normalized.scalars.filter { $0 != " " }
        #expect(pieces == whole, "\(text.debugDescription)")
    }

    @Test("Offsets lead back to verbatim passages", arguments: 0..<200)
    func offsets(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let pool = ["Sip ", "WATER", "\r\n", "½", "e\u{301}", "ﬁsh", " ", ". ", "患者", "-", "x<\u{338}", "G\u{307}"]
        let text = (0..<20).map { _ in pool[Int(rng.next() % UInt64(pool.count))] }.joined()
        let completion = CompletionText(text)
        for word in completion.words {
            #expect(text.containsExactly(completion.passage(normalized: word)))
        }
        for sentence in completion.sentences {
            #expect(text.containsExactly(completion.passage(sentence.raw)))
        }
    }

    @Test(
        "Words",
        arguments: [
            ("Don't panic: it’s 37.5 or 1,000.", ["Don't", "panic", "it’s", "37.5", "or", "1,000"]),
            ("well-known", ["well", "known"]), ("'quoted' rock'n'roll", ["quoted", "rock'n'roll"]),
            ("患者です", ["患", "者", "で", "す"]), ("café naïve", ["café", "naïve"]), ("...", []), ("a_b", ["a", "b"]),
            ("3.end", ["3", "end"]),
        ]
    )
    func wordList(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test(
        "Sentences",
        arguments: [
            ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
            ("It is 37.5 degrees. Rest.", ["It is 37.5 degrees.", "Rest."]),
            ("See Dr. Smith, e.g. today. Then go.", ["See Dr. Smith, e.g. today.", "Then go."]),
            ("At 8 a.m. take it. At 9 p.m. Sleep.", ["At 8 a.m. take it.", "At 9 p.m.", "Sleep."]),
            ("The answer is no. Take no. 5 only.", ["The answer is no.", "Take no. 5 only."]),
            ("He said \"stop.\" Then (he left.) Good.", ["He said \"stop.\"", "Then (he left.)", "Good."]),
            ("- One\n- Two\n\n1. Three\n2) Four", ["One", "Two", "Three", "Four"]),
            ("Foods: • rice • toast", ["Foods:", "rice", "toast"]),
            ("Wait... what?! Yes.", ["Wait...", "what?!", "Yes."]),
            ("a\r\nb\u{2028}c", ["a", "b", "c"]), ("The U.S. Food Agency.", ["The U.S. Food Agency."]),
            ("  \n ... ", []),
            ("No space.after the point", ["No space.after the point"]),
            ("**Bold.** Next", ["**Bold.**", "Next"]), ("1. ", []),
        ]
    )
    func sentenceList(text: String, expected: [String]) {
        #expect(sentences(text) == expected)
    }

    @Test(
        "Terms stand at word boundaries",
        arguments: [
            ("ear", "heart", false), ("ear", "an ear.", true), ("sip water", "Sip\n  Water!", true),
            ("5%", "about 5% of", true), ("5", "15", false), ("b12", "vitamin B12", true), ("don", "don't", true),
            ("e", "e\u{301}", false), ("é", "CAFE\u{301} E\u{301}", true), ("敗血症", "患者は敗血症です", true),
            ("g", "G\u{307}", false), ("\u{120}", "G\u{307}", true), ("</response>", "x<\u{338}/response>", false),
            ("fever", "anti-fever", true), ("water", "", false),
        ]
    )
    func terms(term: String, text: String, expected: Bool) throws {
        #expect(try Check.anyOf([term]).evaluate(text).met == expected)
    }

    @Test(
        "Numbers",
        arguments: [
            ("5 kg and 1,500.5 or -3", [5, 1500.5, -3]), ("3-5 days", [3, 5]), ("−4 °C", [-4]), ("1,5", [1.5]),
            ("1,500", [1500]), ("0,500", [0.5]), ("1,2,3", [1, 2, 3]), ("10\u{202F}000", [10_000]), ("B12 H2O", []),
            ("5th 2nd", []), ("1.2.3", []), ("½ and 2½", [0.5, 2.5]), ("10²", [10]), ("6.02e23", [6.02e23]),
            ("1.5 × 10^-3", [0.0015]), ("3x10⁸ m", [3e8]), ("2 x 4", [2, 4]), (".5 mg", [0.5]), ("37.", [37]),
            ("10:30", [10, 30]), ("٣ days", [3]), ("1,234,567", [1_234_567]), ("12,34", [12.34]), ("(7)", [7]),
            ("COVID-19", [19]), ("5e", [5]), ("50%-60%", [50, 60]), ("1e9999", []),
        ]
    )
    func numbers(text: String, expected: [Double]) {
        #expect(NumberScanner.numbers(in: Array(text.unicodeScalars)).map(\.value) == expected)
    }

    @Test(
        "Thinking is no part of the answer",
        arguments: [
            ("<think>a</think>b", "b"), ("a<think>b</think>c<think>d", "ac"), ("a</think>b", "b"),
            ("plain < text", "plain < text"),
            ("<thinking>a</thinking> b", " b"), ("<think>a<think>b</think>c", "c"),
        ]
    )
    func thinking(completion: String, answer: String) {
        #expect(Thinking.standard.removed(from: completion) == answer)
    }

    @Test("A completion of white space, invisible characters or thinking leaves nothing")
    func nothing() {
        for text in ["", " \n", "\u{200B}\u{FEFF}", "<think>x</think>\n", "<think>x", "\0"] {
            #expect(Thinking.standard.leavesNothing(of: text))
        }
        #expect(!Thinking.standard.leavesNothing(of: "."))
    }
}
