// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether each criterion is one statement that a judge can decide.
enum WordingRules: RowRules {
    static let rules: Set<LintRule> = [
        .compoundCriterion, .severalSentences, .vagueWording, .notSelfContained, .titleLength,
    ]
    /// What the paper's generation prompt asks for (Appendix A.6).
    private static let titleWords = 2...4

    static func findings(in row: LintedRow) -> [LintFinding] {
        row.criteria.flatMap { findings(for: $0, in: row) }
    }

    static func findings(for criterion: LintedCriterion, in row: LintedRow) -> [LintFinding] {
        [
            sentences(of: criterion, row) ?? compound(criterion, row), vague(criterion, row), outside(criterion, row),
            title(of: criterion, row),
        ].compactMap(\.self)
    }

    private static func sentences(of criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        let count = SentenceCount(of: criterion.description).count
        guard count > 1 else { return nil }
        return row.finding(
            .severalSentences,
            criterion,
            "\(count) sentences",
            suggestion: "state one thing in one sentence; make the others criteria of their own"
        )
    }

    /// "Identifies … and explains …": a verdict cannot say which half is missing.
    private static func compound(_ criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        let words = criterion.description.words
        guard !criterion.content.isEmpty, let second = SecondAction(in: words) else { return nil }
        return row.finding(
            .compoundCriterion,
            criterion,
            "asks for two things: \"\(criterion.description.text(of: second.first)) …\" and "
                + "\"\(criterion.description.text(of: second.second)) …\"",
            suggestion: "split it: a verdict cannot say which of them is missing"
        )
    }

    private static func vague(_ criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        let text = criterion.description
        let found: String? =
            if let hedge = row.vocabulary.hedges.first(in: text.words) {
                hedge.phrase
            } else {
                vagueObject(in: text).map { text.text(of: $0.range) }
            }
        guard let found else { return nil }
        return row.finding(
            .vagueWording,
            criterion,
            "\"\(found)\" leaves the verdict to taste",
            suggestion: "say what exactly counts"
        )
    }

    /// The word behind an action that leaves open what is asked for ("Mentions appropriate dosages"), where nothing in
    /// the statement spells it out.
    private static func vagueObject(in text: LintText) -> LintWord? {
        let isSpelledOut = text.hasSpecifics || text.words.contains { $0.classes.contains(.specifying) }
        guard !isSpelledOut, let start = SecondAction.opening(of: text.words)?.index else { return nil }
        let object = text.words.dropFirst(start + 1).prefix(4).prefix { !$0.classes.contains(.clause) }
        return object.first { $0.classes.contains(.vague) }
    }

    private static func outside(_ criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        let text = criterion.description
        if let found = row.vocabulary.outside.first(in: text.words) {
            return row.finding(
                .notSelfContained,
                criterion,
                "\"\(found.phrase)\" points at something the judge does not see",
                suggestion: "write out what is meant"
            )
        }
        guard criterion.content.isEmpty, !text.hasSpecifics, !text.isNegated,
            let found = row.vocabulary.unnamedAnswers.first(in: text.words)
        else { return nil }
        return row.finding(
            .notSelfContained,
            criterion,
            "\"\(found.phrase)\" without saying which",
            suggestion: "name the answer"
        )
    }

    private static func title(of criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        let title = criterion.criterion.title
        guard row.format == .rar || row.format == .native && !title.isEmpty else { return nil }
        var count = title.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }.count
        if count == 1 { count = title.utf8.split(separator: UInt8(ascii: "-")).count }
        guard !titleWords.contains(count) else { return nil }
        return row.finding(
            .titleLength,
            criterion,
            count == 0 ? "no title" : "a title of \(count) \(count == 1 ? "word" : "words")",
            suggestion: "use two to four words"
        )
    }
}

/// Two actions that a statement asks for, joined by "and".
struct SecondAction {
    /// Where the first one's word stands in the text.
    let first: Range<Int>
    /// Where the second one's does.
    let second: Range<Int>

    /// - Returns: `nil` where there is one action, or none that is known.
    init?(in words: [LintWord]) {
        guard let (start, kind) = Self.opening(of: words) else { return nil }
        for index in words.indices.dropFirst(start + 2) where words[index].hash == Self.and {
            var next = index + 1
            // "and clearly explains", "and must explain"
            while next < words.count, next <= index + 2, !words[next].classes.contains(kind),
                words[next].classes.contains(.modal) || Self.adverbs.contains(words[next].hash)
            {
                next += 1
            }
            guard next < words.count, words[next].classes.contains(kind) else { continue }
            (first, second) = (words[start].range, words[next].range)
            return
        }
        return nil
    }

    private static let and = hash("and")
    private static let adverbs = Set(
        ["clearly", "correctly", "explicitly", "briefly", "accurately", "also", "then", "specifically", "properly"]
            .map(hash)
    )

    private static func hash(_ word: String) -> UInt64 {
        word.utf8.reduce(.wordHash) { $0.hashed(with: $1) }
    }

    /// The first action: the statement's first or second word ("States …", "Clearly states …"), or what stands behind a
    /// modal ("The response must clearly state …").
    static func opening(of words: [LintWord]) -> (index: Int, kind: LintWord.Classes)? {
        if let index = words.indices.prefix(2).first(where: { words[$0].classes.contains(.action) }) {
            return (index, .action)
        }
        guard let modal = words.indices.prefix(6).first(where: { words[$0].classes.contains(.modal) }) else {
            return nil
        }
        let action = words.indices.dropFirst(modal + 1).prefix(3).first { words[$0].classes.contains(.bareAction) }
        return action.map { ($0, .bareAction) }
    }
}

/// How many sentences a text has.
struct SentenceCount {
    /// The number, at least 1.
    private(set) var count = 1

    /// Counts a text's sentences: one ends at `.`, `!` or `?` before white space and a capital letter, but not behind
    /// an abbreviation or a single letter ("E. Coli").
    init(of text: LintText) {
        let bytes = Array(text.text.utf8)
        for (left, right) in zip(text.words, text.words.dropFirst())
        where right.isCapitalized && Self.isBreak(bytes[left.range.upperBound..<right.range.lowerBound]) {
            guard left.range.count > 1, !left.classes.contains(.abbreviation) else { continue }
            count += 1
        }
    }

    /// Whether a point, an exclamation or a question mark stands before white space.
    private static func isBreak(_ gap: ArraySlice<UInt8>) -> Bool {
        guard
            let end = gap.firstIndex(where: {
                $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "?")
            })
        else { return false }
        return gap[(end + 1)...].contains { $0 == 0x20 || $0 == 0x0A }
    }
}

extension LintText {
    /// The part of the text at a word.
    func text(of range: Range<Int>) -> String {
        String(decoding: text.utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
    }

    /// The beginning of the text on one line in quotation marks.
    var quoted: String {
        let start = text.unicodeScalars.prefix(80)
        let isWhole = start.endIndex == text.unicodeScalars.endIndex
        return JSONValue.string(String(start) + (isWhole ? "" : " …")).serialized()
    }
}
