// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A check with its terms folded and its expressions compiled, ready for many completions.
package struct PreparedCheck: Sendable {
    private let predicate: any CheckPredicate

    /// Prepares a check.
    ///
    /// - Throws: ``JudgingError`` when it can never be decided: an empty list, a malformed regular expression, bounds
    ///   in the wrong order, a number that is not finite.
    package init(_ check: Check) throws {
        predicate = try Self.predicate(for: check)
    }

    /// Decides the statement for a completion.
    package func evaluate(_ completion: CompletionText) -> CheckFinding {
        predicate.evaluate(completion)
    }

    private static func predicate(for check: Check) throws -> any CheckPredicate {
        switch check {
        case .anyOf(let terms): try TermPredicate(.anyOf, terms)
        case .allOf(let terms): try TermPredicate(.allOf, terms)
        case .noneOf(let terms): try TermPredicate(.noneOf, terms)
        case .regex(let pattern): try RegexPredicate(pattern)
        case .number(let value, let tolerance, let unit):
            try NumberPredicate(value: value, tolerance: tolerance, unit: unit)
        case .finalAnswer(let answer): try FinalAnswerPredicate(answer)
        case .choice(let letter): try ChoicePredicate(letter)
        case .words(let min, let max): try WordCountPredicate(min: min, max: max)
        case .sentence(let lists, let minWords, let maxWords):
            try SentencePredicate(lists, minWords: minWords, maxWords: maxWords)
        case .repetition(let max): try RepetitionPredicate(max: max)
        case .json: JSONPredicate()
        case .and(let checks): AllPredicate(try predicates(for: checks, in: "and"))
        case .or(let checks): AnyPredicate(try predicates(for: checks, in: "or"))
        case .not(let check): NotPredicate(try self.predicate(for: check))
        }
    }

    private static func predicates(for checks: [Check], in operation: String) throws -> [any CheckPredicate] {
        guard !checks.isEmpty else { throw JudgingError(.invalidCheck, "`\(operation)` needs at least one check") }
        return try checks.map(predicate(for:))
    }
}

extension Check {
    /// Decides the statement for one completion.
    ///
    /// ``CheckJudge`` decides many checks for many completions faster.
    ///
    /// - Throws: ``JudgingError`` when the check can never be decided.
    public func evaluate(_ completion: String) throws -> CheckFinding {
        try PreparedCheck(self).evaluate(CompletionText(completion))
    }
}
