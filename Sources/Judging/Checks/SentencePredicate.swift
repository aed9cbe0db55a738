// SPDX-License-Identifier: Apache-2.0

/// `sentence`: one term of each list in one sentence of bounded length.
struct SentencePredicate: CheckPredicate {
    private let lists: [[Term]]
    private let length: ClosedRange<Int>

    init(_ lists: [[String]], minWords: Int, maxWords: Int) throws {
        guard !lists.isEmpty else { throw JudgingError(.invalidCheck, "`sentence` needs at least one list of terms") }
        guard minWords <= maxWords else {
            throw JudgingError(.invalidCheck, "`sentence`: min_words \(minWords) is above max_words \(maxWords)")
        }
        self.lists = try lists.map(Term.list)
        length = minWords...maxWords
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let occurrences = lists.map { list in
            list.flatMap { completion.normalized.occurrences(of: $0.folded) }.sorted { $0.lowerBound < $1.lowerBound }
        }
        var outOfBounds: CompletionText.Sentence?
        for sentence in completion.sentences {
            let hits = occurrences.compactMap { list in list.first { sentence.normalized.contains($0) } }
            guard hits.count == lists.count else { continue }
            guard length.contains(sentence.wordCount) else {
                outOfBounds = outOfBounds ?? sentence
                continue
            }
            return met(hits, in: sentence, of: completion)
        }
        return unmet(occurrences, outOfBounds: outOfBounds, in: completion)
    }

    private func met(
        _ hits: [Range<Int>],
        in sentence: CompletionText.Sentence,
        of completion: CompletionText
    ) -> CheckFinding {
        let passages = hits.map(completion.passage(normalized:))
        let reason = Wording.terms(passages, joiner: "and", limit: 6) + " in one sentence"
        return CheckFinding(met: true, reason: reason, evidence: [completion.passage(sentence.raw)])
    }

    private func unmet(
        _ occurrences: [[Range<Int>]],
        outOfBounds: CompletionText.Sentence?,
        in completion: CompletionText
    ) -> CheckFinding {
        if let sentence = outOfBounds {
            let words = Wording.count(sentence.wordCount, "word")
            let bounds = "\(length.lowerBound) to \(length.upperBound)"
            return CheckFinding(
                met: false,
                reason: "the sentence that names them has \(words), not \(bounds)",
                evidence: [completion.passage(sentence.raw)]
            )
        }
        let passages = occurrences.compactMap { $0.first.map(completion.passage(normalized:)) }
        let names = lists.map { Wording.terms($0.map(\.text), joiner: "or") }
        let absent = zip(names, occurrences).compactMap { $1.isEmpty ? $0 : nil }
        let reason =
            absent.isEmpty
            ? "no one sentence names " + Wording.list(passages.map(Wording.quoted), joiner: "and") + " together"
            : "no sentence names " + Wording.list(absent, joiner: "and")
        return CheckFinding(met: false, reason: reason, evidence: passages)
    }
}

extension Range where Bound: Comparable {
    fileprivate func contains(_ other: Range<Bound>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
