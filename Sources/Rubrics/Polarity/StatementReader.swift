// SPDX-License-Identifier: Apache-2.0

/// Reads a statement's shape off its words.
///
/// First the frame is taken off: "The response must not …" is a rule for responses, "Flags responses that …" speaks of
/// grading, "The response …" names the subject. Then comes the predicate: an adverb, a negation, a verb, what it is
/// about.
struct StatementReader {
    private let words: [String]

    /// Takes a statement.
    init(_ statement: String) {
        let all = StatementText(statement).words
        words = Array(all.drop(while: StatementText.isMark))
    }

    /// The statement's shape.
    func shape() -> StatementShape {
        if let decided = frame() { return decided }
        return predicate(Array(words[subjectEnd()...]))
    }

    // MARK: - The frame

    /// A rule for responses or for grading, where the statement is one.
    private func frame() -> StatementShape? {
        guard let first = words.first else { return nil }
        if VerbForm(first)?.verbClass == .sanction { return .decided(.sanction, isVirtue: false) }
        if Self.mistakes.begin(words[...]) { return .decided(.error, isVirtue: false) }
        if let place = modalPlace() { return rule(Array(words[place...])) }
        if isCommand {
            return .decided(
                words.contains(where: Self.negations.contains) ? .prohibition : .requirement,
                isVirtue: true
            )
        }
        return nil
    }

    /// Whether a command stands in the place of a statement: "Do not assume …".
    private var isCommand: Bool {
        if words.first == "never", words.count > 1 { return VerbForm(words[1])?.inflection == .base }
        return Self.commands.begin(words[...])
    }

    /// Where "must", "should" and the like stand in the main clause.
    private func modalPlace() -> Int? {
        if words.first.map({ Self.modals.contains($0) }) == true { return 0 }
        let clause = words.prefix(14).prefix { !Self.clauseStarts.contains($0) && !StatementText.isMark($0) }
        guard !clause.indices.contains(where: isPredicate) else { return nil }
        return clause.indices.first { place in
            Self.modals.contains(clause[place]) || Self.modalPhrases.begin(words[place...])
        }
    }

    /// Whether the predicate of a response begins at a word: "The response claims", "Incorrectly states", "Does not".
    private func isPredicate(at place: Int) -> Bool {
        let word = words[place]
        guard !Self.responseNouns.contains(word) else { return false }
        let isFirst = place == 0 || Self.responseNouns.contains(words[place - 1]) || Manner(words[place - 1]) != nil
        return isFirst
            && (VerbForm(word)?.inflection == .thirdPerson || ["does", "do", "did", "doesn't"].contains(word))
    }

    /// What a modal says: a prohibition, a requirement, or a sanction.
    private func rule(_ rest: [String]) -> StatementShape {
        let head = rest.prefix(8)
        if head.contains(where: { Self.sanctions.contains($0) }) { return .decided(.sanction, isVirtue: false) }
        let forbids =
            Self.avoided.stand(in: rest)
            || head.contains { Self.negations.contains($0) || VerbForm($0)?.verbClass == .avoidance }
        return .decided(forbids ? .prohibition : .requirement, isVirtue: true)
    }

    /// Where the predicate begins: behind "The response", "Responses that", "A response which".
    private func subjectEnd() -> Int {
        let start = words.prefix(7)
        guard let noun = start.firstIndex(where: { Self.responseNouns.contains($0) }), noun <= 4,
            noun == 0 || words[..<noun].allSatisfy({ VerbForm($0)?.inflection != .thirdPerson }),
            noun == 0 || Self.subjectStarts.contains(words[0])
        else { return 0 }
        let next = noun + 1
        guard next < words.count else { return 0 }
        return next + (Self.relatives.contains(words[next]) ? 1 : 0)
    }

    private static let modals: Set<String> = ["must", "should", "shall", "mustn't", "shouldn't"]
    private static let avoided: Phrases = ["be avoided"]
    private static let modalPhrases: Phrases = [
        "needs to", "need to", "has to", "have to", "ought to", "is expected to", "are expected to", "is required to",
        "are required to", "is supposed to", "is important", "is essential", "is crucial", "is critical",
        "is necessary", "is beneficial", "is advisable", "is to be", "are to be", "would be better", "would be best",
        "would be helpful", "would be beneficial", "would be ideal",
    ]
    private static let sanctions: Set<String> = ["penalized", "penalised", "flagged", "deducted", "downgraded", "lose"]
    private static let negations: Set<String> = [
        "not", "never", "cannot", "doesn't", "don't", "didn't", "isn't", "no", "nor",
    ]
    private static let commands: Phrases = [
        "do not", "don't", "be sure", "be careful", "be aware", "make sure", "ensure", "take care", "beware",
        "remember", "avoid", "refrain", "it is important", "it is essential", "it is crucial", "it is critical",
        "it is necessary", "care is",
    ]
    private static let mistakes = Phrases(
        ["a", "one", "another", "the"].flatMap { article in
            ["common", "frequent", "typical"].flatMap { kind in
                ["pitfall", "mistake", "error", "oversight", "misconception"].map { "\(article) \(kind) \($0) is" }
            }
        }
    )
    private static let subjectStarts: Set<String> = [
        "the", "a", "an", "any", "all", "this", "it", "each", "every", "no", "if", "when", "one",
    ]
    static let responseNouns: Set<String> = [
        "response", "responses", "answer", "answers", "explanation", "explanations", "solution", "solutions", "model",
        "completion", "reply", "assistant", "author", "respondent", "student", "output", "essay", "it", "derivation",
    ]
    private static let relatives: Set<String> = ["that", "which", "who"]
    private static let clauseStarts: Set<String> = [
        "that", "which", "because", "if", "when", "while", "so", "whether", "what", "how", "why",
    ]
}
