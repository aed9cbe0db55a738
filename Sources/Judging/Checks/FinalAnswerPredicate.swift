// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// `final_answer`: what the completion settles on equals a text.
///
/// The answer is the content of the last `\boxed{…}`; else what follows the last `Answer:`, `answer is` or `####` on
/// its line (or the next one), whole or up to the end of its sentence; else the last line. Both sides are compared
/// folded, without surrounding markup, quotes and closing punctuation; two numbers by value (`1,000` is `1000`).
struct FinalAnswerPredicate: CheckPredicate {
    private let answer: String
    private let folded: [Unicode.Scalar]
    private let number: Double?
    private let marker: CompiledRegex

    init(_ answer: String) throws {
        self.answer = answer
        let cleaned = AnswerText.cleaned(Array(answer.unicodeScalars)[...])
        folded = Self.fold(cleaned)
        number = NumberScanner.value(of: Array(cleaned))
        guard !folded.isEmpty else { throw JudgingError(.invalidCheck, "`final_answer` is empty") }
        marker = try CompiledRegex(#"(?is)^.*(?:\banswer\b(?:\s*\([^)]*\))?[\s*_]*(?::|=|\bis\b:?)|####)"#)
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let candidates = candidates(in: completion)
        for candidate in candidates {
            let cleaned = AnswerText.cleaned(completion.raw[candidate])
            guard equals(cleaned) else { continue }
            let passage = String(String.UnicodeScalarView(cleaned))
            let reason = "the final answer is \(Wording.excerpt(passage))"
            return CheckFinding(met: true, reason: reason, evidence: [passage])
        }
        guard let found = candidates.last else { return CheckFinding(met: false, reason: "there is no answer") }
        let passage = String(String.UnicodeScalarView(AnswerText.cleaned(completion.raw[found])))
        let reason = "the final answer is \(Wording.excerpt(passage)), not \(Wording.quoted(answer))"
        return CheckFinding(met: false, reason: reason, evidence: [passage])
    }

    private func candidates(in completion: CompletionText) -> [Range<Int>] {
        let raw = completion.raw
        if let boxed = AnswerText.lastBoxed(in: raw) { return [boxed] }
        let start = marker.firstMatch(in: raw)?.upperBound
        let lines = AnswerText.lines(of: raw, from: start ?? 0)
        guard let line = start == nil ? lines.last : lines.first else { return [] }
        guard start != nil else { return [line] }
        return [line, line.lowerBound..<Sentences.end(from: line.lowerBound, line: line, in: raw)]
    }

    private func equals(_ cleaned: ArraySlice<Unicode.Scalar>) -> Bool {
        if Self.fold(cleaned) == folded { return true }
        guard let number, let found = NumberScanner.value(of: Array(cleaned)) else { return false }
        return abs(found - number) <= 1e-9 * abs(number)
    }

    private static func fold(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        NormalizedText.term(String(String.UnicodeScalarView(text)))
    }
}

/// Where answers stand in a completion, and without what surrounds them.
enum AnswerText {
    /// The content of the last `\boxed{…}` with its braces balanced.
    static func lastBoxed(in raw: [Unicode.Scalar]) -> Range<Int>? {
        let opening = Array(#"\boxed{"#.unicodeScalars)
        var start = raw.count - opening.count
        while start >= 0 {
            defer { start -= 1 }
            guard raw[start] == "\\", raw[start...].starts(with: opening) else { continue }
            let content = start + opening.count
            if let end = closingBrace(in: raw, from: content) { return content..<end }
        }
        return nil
    }

    private static func closingBrace(in raw: [Unicode.Scalar], from start: Int) -> Int? {
        var depth = 1
        for index in raw[start...].indices {
            if raw[index] == "{" { depth += 1 }
            if raw[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The lines from `start` on that hold more than white space.
    static func lines(of raw: [Unicode.Scalar], from start: Int) -> [Range<Int>] {
        raw[start...].split { $0 == "\n" || $0 == "\r" }
            .filter { $0.contains { !$0.properties.isWhitespace } }
            .map(\.indices)
    }

    /// The text without white space, markup, quotes and closing punctuation around it.
    static func cleaned(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var text = text
        while true {
            let before = text.count
            text = text.drop { $0.properties.isWhitespace || opening.contains($0) }
            while let last = text.last, last.properties.isWhitespace || closing.contains(last) { text.removeLast() }
            text = unwrapped(text)
            if text.count == before { return text }
        }
    }

    private static let opening: Set<Unicode.Scalar> = ["*", "_", "`", "$", "\"", "'", "\u{201C}", "\u{2018}", ":", "#"]
    private static let closing: Set<Unicode.Scalar> = [
        "*", "_", "`", "$", "\"", "'", "\u{201D}", "\u{2019}", ".", ",", ";", ":", "!",
    ]

    /// The content of `\text{…}`, `\(…\)` or `\[…\]` that is the whole text.
    private static func unwrapped(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        for (open, close) in wrappers where text.count >= open.count + close.count {
            guard text.starts(with: open), text.suffix(close.count) == close[...] else { continue }
            return text.dropFirst(open.count).dropLast(close.count)
        }
        return text
    }

    private static let wrappers: [([Unicode.Scalar], [Unicode.Scalar])] = [
        (#"\text{"#, "}"), (#"\textbf{"#, "}"), (#"\mathrm{"#, "}"), (#"\mathbf{"#, "}"), (#"\("#, #"\)"#),
        (#"\["#, #"\]"#),
    ].map { (Array($0.unicodeScalars), Array($1.unicodeScalars)) }
}
