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
struct TermPredicate: CheckPredicate {
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
