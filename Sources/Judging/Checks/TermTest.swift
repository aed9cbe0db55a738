// SPDX-License-Identifier: Apache-2.0

/// A term as written and as it is searched for.
struct Term: Sendable {
    let text: String
    let folded: [Unicode.Scalar]

    init(_ text: String) throws {
        self.text = text
        folded = NormalizedText.term(text)
        if folded.isEmpty { throw JudgingError(.invalidCheck, "a term is empty; remove it or write a word") }
    }

    static func list(_ terms: [String]) throws -> [Term] {
        guard !terms.isEmpty else { throw JudgingError(.invalidCheck, "a list of terms is empty; write at least one") }
        return try terms.map(Term.init)
    }
}

/// `any_of`, `all_of`, `none_of`.
struct TermTest: CheckTest {
    enum Quantifier: Sendable {
        case anyOf
        case allOf
        case noneOf
    }

    private let quantifier: Quantifier
    private let terms: [Term]

    init(_ quantifier: Quantifier, _ terms: [String]) throws {
        self.quantifier = quantifier
        self.terms = try Term.list(terms)
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let hits = terms.map { completion.normalized.occurrences(of: $0.folded).first }
        let passages = hits.compactMap { $0.map(completion.passage(normalized:)) }
        let missing = zip(terms, hits).compactMap { $1 == nil ? $0.text : nil }
        let met =
            switch quantifier {
            case .anyOf: !passages.isEmpty
            case .allOf: missing.isEmpty
            case .noneOf: passages.isEmpty
            }
        return CheckFinding(met: met, reason: reason(passages: passages, missing: missing), evidence: passages)
    }

    private func reason(passages: [String], missing: [String]) -> String {
        switch quantifier {
        case .anyOf, .noneOf:
            guard passages.isEmpty else { return "names " + Wording.terms(passages, joiner: "and") }
            return "names none of " + Wording.terms(missing, joiner: "or")
        case .allOf:
            guard missing.isEmpty else { return "does not name " + Wording.terms(missing, joiner: "or") }
            return "names " + Wording.terms(passages, joiner: "and")
        }
    }
}

/// `sentence`: one term of each list in one sentence of bounded length.
struct SentenceTest: CheckTest {
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
