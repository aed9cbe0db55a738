// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether the reference answer answers, and stands only where it belongs.
enum ReferenceRules: RowRules {
    static let rules: Set<LintRule> = [.emptyReference, .referenceSaysNothing, .answerInQuestion, .copiedReference]
    /// From how many words on an answer within a question is no coincidence.
    private static let longAnswer = 8
    /// How many words in a row a criterion may share with the reference answer.
    private static let longCopy = 16
    /// How long a reference answer that says nothing can be.
    private static let shortTalk = 12

    static func findings(in row: LintedRow) -> [LintFinding] {
        guard let reference = row.reference, !reference.words.isEmpty || reference.isForeign else {
            return row.format == .rar || row.reference != nil ? [empty(row)] : []
        }
        let talk = reference.words.count <= shortTalk ? row.vocabulary.emptyTalk.first(in: reference.words) : nil
        if let talk { return [saysNothing(talk.phrase, row)] }
        return inQuestion(reference, row) + copies(of: reference, row)
    }

    private static func empty(_ row: LintedRow) -> LintFinding {
        row.finding(
            .emptyReference,
            "no reference answer",
            suggestion: "write one, or leave methods that compare with it out for this row"
        )
    }

    private static func saysNothing(_ phrase: String, _ row: LintedRow) -> LintFinding {
        row.finding(
            .referenceSaysNothing,
            "the reference answer says \"\(phrase)\" and no answer",
            suggestion: "write the answer itself, or take the row out"
        )
    }

    private static func inQuestion(_ reference: LintText, _ row: LintedRow) -> [LintFinding] {
        let count = reference.words.count
        guard count >= longAnswer else { return [] }
        let runs = WordRuns(of: reference.words, length: count)
        guard row.prompt.contains(where: { runs.start(in: $0.words) != nil }) else { return [] }
        return [
            row.finding(
                .answerInQuestion,
                "the question holds the whole reference answer",
                suggestion: "take it out of the question, or the row out of the set"
            )
        ]
    }

    private static func copies(of reference: LintText, _ row: LintedRow) -> [LintFinding] {
        let length = min(longCopy, reference.words.count)
        guard length >= longAnswer, row.criteria.contains(where: { $0.description.words.count >= length }) else {
            return []
        }
        let runs = WordRuns(of: reference.words, length: length)
        return row.criteria.compactMap { criterion in
            guard let start = runs.start(in: criterion.description.words) else { return nil }
            let words = criterion.description.words[start..<(start + min(length, 6))]
            let range = (words.first?.range.lowerBound ?? 0)..<(words.last?.range.upperBound ?? 0)
            return row.finding(
                .copiedReference,
                criterion,
                "copies \(length) words or more of the reference answer, from "
                    + "\"\(criterion.description.text(of: range)) …\" on",
                suggestion: "state the one fact that is looked for"
            )
        }
    }
}

/// The runs of so many words that a text holds, as hashes.
struct WordRuns {
    private let length: Int
    private let hashes: Set<UInt64>

    init(of words: [LintWord], length: Int) {
        self.length = length
        hashes = Set(words.indices.dropLast(length - 1).map { Self.hash(of: words[$0..<($0 + length)]) })
    }

    /// Where one of the runs starts among words.
    func start(in words: [LintWord]) -> Int? {
        guard words.count >= length else { return nil }
        return (0...(words.count - length)).first { hashes.contains(Self.hash(of: words[$0..<($0 + length)])) }
    }

    private static func hash(of words: ArraySlice<LintWord>) -> UInt64 {
        words.reduce(.wordHash) { $0.hashed(withWord: $1.hash) }
    }
}
