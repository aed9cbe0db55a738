// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A check with its terms folded and its expressions compiled, ready for many completions.
public struct PreparedCheck: Sendable {
    private let test: any CheckTest

    /// Prepares a check.
    ///
    /// - Throws: ``JudgingError`` when it can never be decided: an empty list, a malformed regular expression, bounds
    ///   in the wrong order, a number that is not finite.
    public init(_ check: Check) throws {
        test = try Self.test(for: check)
    }

    /// Decides the statement for a completion.
    public func evaluate(_ completion: CompletionText) -> CheckFinding {
        test.evaluate(completion)
    }

    private static func test(for check: Check) throws -> any CheckTest {
        switch check {
        case .anyOf(let terms): try TermTest(.anyOf, terms)
        case .allOf(let terms): try TermTest(.allOf, terms)
        case .noneOf(let terms): try TermTest(.noneOf, terms)
        case .regex(let pattern): try RegexTest(pattern)
        case .number(let value, let tolerance, let unit):
            try NumberTest(value: value, tolerance: tolerance, unit: unit)
        case .finalAnswer(let answer): try FinalAnswerTest(answer)
        case .choice(let letter): try ChoiceTest(letter)
        case .words(let min, let max): try WordCountTest(min: min, max: max)
        case .sentence(let lists, let minWords, let maxWords):
            try SentenceTest(lists, minWords: minWords, maxWords: maxWords)
        case .repetition(let max): try RepetitionTest(max: max)
        case .json: JSONTest()
        case .and(let checks): AllTest(try tests(for: checks, in: "and"))
        case .or(let checks): AnyTest(try tests(for: checks, in: "or"))
        case .not(let check): NotTest(try self.test(for: check))
        }
    }

    private static func tests(for checks: [Check], in operation: String) throws -> [any CheckTest] {
        guard !checks.isEmpty else { throw JudgingError(.invalidCheck, "`\(operation)` needs at least one check") }
        return try checks.map(test(for:))
    }
}

extension Check {
    /// Decides the statement for one completion.
    ///
    /// For many completions prepare a ``PreparedCheck``, and for many checks a ``CompletionText``.
    ///
    /// - Throws: ``JudgingError`` when the check can never be decided.
    public func evaluate(_ completion: String) throws -> CheckFinding {
        try PreparedCheck(self).evaluate(CompletionText(completion))
    }
}

/// One kind of check, prepared.
protocol CheckTest: Sendable {
    func evaluate(_ completion: CompletionText) -> CheckFinding
}
