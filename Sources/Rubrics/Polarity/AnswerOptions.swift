// SPDX-License-Identifier: Apache-2.0

/// The options of a multiple-choice question, and which of them the right answer is.
struct AnswerOptions: Sendable, Hashable {
    /// An option of the question.
    struct Option: Sendable, Hashable {
        /// Its letter, in lower case.
        var letter: String
        /// What it is about.
        var stems: Set<String>
    }

    /// The question's options.
    let options: [Option]
    /// The letters that the right answer names; empty where it names none.
    let rightLetters: Set<String>

    /// Reads options off a question and the right one off what a right answer holds.
    ///
    /// - Parameters:
    ///   - question: The question.
    ///   - reference: The reference answer.
    ///   - criteria: What the positive criteria state, the most important first.
    init(question: String, reference: String, criteria: [String]) {
        options = Self.options(in: question)
        rightLetters = Self.rightLetters(reference: reference, criteria: criteria, options: options)
    }

    /// Whether what some words name is the right option, or another one.
    ///
    /// - Returns: `nil` where they name none, or both.
    func isRight(_ words: [String]) -> Bool? {
        guard !rightLetters.isEmpty else { return nil }
        let named = Self.letters(in: words).union(lettersByText(in: words))
        guard !named.isEmpty else { return nil }
        let right = named.intersection(rightLetters)
        if right.isEmpty { return false }
        return right.count == named.count ? true : nil
    }

    /// The options whose words all stand among some words; an option within a longer one counts as the longer one.
    private func lettersByText(in words: [String]) -> Set<String> {
        let stems = Set(ContentWords(words).stems)
        let named = options.filter { !$0.stems.isEmpty && $0.stems.isSubset(of: stems) }
        return Set(named.filter { one in !named.contains { one.stems.isStrictSubset(of: $0.stems) } }.map(\.letter))
    }

    /// Letters set out as options: "(B)", "option B", "choice B".
    static func letters(in words: [String]) -> Set<String> {
        Set(
            words.indices.compactMap { place in
                guard isLetter(words[place]), place > 0 else { return nil }
                let before = words[place - 1]
                let isBracketed = before == "(" && words.dropFirst(place + 1).first == ")"
                return isBracketed || ["option", "choice"].contains(before) ? words[place] : nil
            }
        )
    }

    private static func isLetter(_ word: String) -> Bool {
        word.utf8.count == 1 && ("a"..."h").contains(word)
    }

    /// Options that begin lines: "A. …", "(B) …", "C) …".
    private static func options(in question: String) -> [Option] {
        let options = question.split(whereSeparator: \.isNewline).compactMap { line -> Option? in
            let words = StatementText(String(line)).words.drop { $0 == "(" }
            guard let letter = words.first, isLetter(letter), words.count > 2,
                [".", ")", ":"].contains(words[words.startIndex + 1])
            else { return nil }
            return Option(letter: letter, stems: Set(ContentWords(words.dropFirst(2)).stems))
        }
        return options.count > 1 ? options : []
    }

    private static func rightLetters(reference: String, criteria: [String], options: [Option]) -> Set<String> {
        for criterion in criteria {
            let letters = letters(in: StatementText(criterion).words)
            if letters.count == 1 { return letters }
        }
        let words = StatementText(reference).words
        let said = letters(in: words).union(answerLetters(in: reference))
        if said.count == 1 { return said }
        let stems = Set(ContentWords(criteria.flatMap { StatementText($0).words } + words).stems)
        let covered = options.filter { !$0.stems.isEmpty && $0.stems.isSubset(of: stems) }
        return covered.count == 1 ? Set(covered.map(\.letter)) : []
    }

    /// Letters that a reference answer gives as its answer: "The answer is B", or a line "D. …".
    private static func answerLetters(in reference: String) -> Set<String> {
        let lines = reference.split(whereSeparator: \.isNewline).map { StatementText(String($0)).words }
        var letters: Set<String> = []
        for words in lines {
            if words.count > 1, isLetter(words[0]), [".", ")", ":"].contains(words[1]) { letters.insert(words[0]) }
            for place in words.indices where words[place] == "answer" {
                let next = words[(place + 1)...].drop { ["is", ":", "(", "therefore"].contains($0) }
                // "The answer is a …" has an article, not a letter.
                if let word = next.first, isLetter(word), word != "a" || next.count == 1 { letters.insert(word) }
            }
        }
        return letters
    }
}
