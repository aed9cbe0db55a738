// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// `choice`: the letter of a multiple-choice question that the raw completion settles on.
///
/// The first of these that is there decides: the last `\boxed{B}`; the last `answer is (B)`, `Answer: B` or `correct
/// option is B`, with up to five words before `is`; the last `B is correct`; a last line that is only the letter; a
/// beginning such as `B`, `B.` or `(B)`; the last `option B`, `choose B`; the last `it is B`; the last `(B)`. A bare letter counts in upper case only, and `A` and `I` not where they begin a phrase.
struct ChoicePredicate: CheckPredicate {
    private let letter: Unicode.Scalar
    private let rules: [CompiledRegex]

    init(_ letter: String) throws {
        let scalars = letter.unicodeScalars.filter { !$0.properties.isWhitespace }
        guard scalars.count == 1, let only = scalars.first?.asciiLowercase, ("a"..."z").contains(only) else {
            throw JudgingError(.invalidCheck, "`choice` is one letter from A to Z, not \(Wording.quoted(letter))")
        }
        self.letter = only
        rules = try Self.patterns.map { try CompiledRegex($0) }
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        for rule in rules {
            guard let end = rule.firstMatch(in: completion.raw)?.upperBound else { continue }
            let found = completion.raw[end - 1]
            let sentence = completion.sentences.first { $0.raw.contains(end - 1) }?.raw ?? (end - 1)..<end
            let shown = "\(found)".uppercased()
            let met = found.asciiLowercase == letter
            let reason = met ? "chooses \(shown)" : "chooses \(shown), not \("\(letter)".uppercased())"
            return CheckFinding(met: met, reason: reason, evidence: [completion.passage(sentence)])
        }
        return CheckFinding(met: false, reason: "chooses no letter")
    }

    /// Each pattern ends with the letter; the greedy `.*` before it makes the last one count.
    private static let patterns: [String] = {
        let bare = #"(?:[B-HJ-Z](?![\w'’])|[AI](?![\w'’]|[ \t]+(?!(?:because|since|as|and|for)\b)[a-z]))"#
        let letter = #"(?:\(\s*[A-Za-z](?=\s*\))|\#(bare))"#
        let verb = #"(?:\s+(?:is|was|must\s+be|would\s+be|should\s+be)\b)?"#
        let noun = #"(?:\b(?i:option|choice|letter|answer)\b[\s:*_]*)?"#
        let filler = #"(?:\s+(?!(?i:not|is|isn't|isn’t|was|must|would|should)\b)[A-Za-z'’-]+){0,5}"#
        let surely = #"(?:\s+(?i:clearly|therefore|thus|hence|probably|definitely|simply|likely|most\s+likely))?"#
        return [
            #"(?s)^.*\\boxed\{\s*(?:\\(?:text|textbf|mathrm|mathbf)\{)?\s*\(?[A-Za-z](?=\s*[).:}])"#,
            #"(?s)^.*\b(?i:answer|correct\s+(?:option|choice))\b(?i:\#(verb))[\s:=*_"\[]*\#(noun)\#(letter)"#,
            #"(?s)^.*\b(?i:answer|option|choice)\b\#(filler)\s+(?i:is|must\s+be)\b\#(surely)[\s:*_"]*\#(noun)\#(letter)"#,
            #"(?s)^.*(?:^|[\n.!?:])\s*[*_]*(?:\b(?i:option|choice)\s+)?\(?[A-Z](?=[)*_]*\s+is\s+(?:the\s+)?(?i:correct|right|best)\b)"#,
            #"(?s)^.*\n\s*[*_]*\(?[A-Z](?=[*_).]*\s*$)"#,
            #"^\s*[*_]*\(?[A-Z](?=[).:]|[*_]*\s*(?:\n|$))"#,
            #"(?s)^.*\b(?i:option|choice|choose|select|pick)\b[\s:*_"]*\#(noun)\#(letter)"#,
            #"(?s)^.*\b(?i:it\s+is|it['’]s)\s+[*_"]*\#(noun)\#(letter)"#,
            #"(?s)^.*\([A-Z](?=\))"#,
        ]
    }()
}
