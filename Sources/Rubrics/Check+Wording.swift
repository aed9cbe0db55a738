// SPDX-License-Identifier: Apache-2.0

extension Check {
    /// The check in words, as the end of "met when …".
    package var wording: String {
        switch self {
        case .anyOf(let terms): "the text mentions any of \(Self.list(terms))"
        case .allOf(let terms): "the text mentions all of \(Self.list(terms))"
        case .noneOf(let terms): "the text mentions none of \(Self.list(terms))"
        case .regex(let pattern): "the expression \(pattern) matches"
        case .number(let value, let tolerance, let unit): Self.number(value, tolerance, unit)
        case .finalAnswer(let answer): "the final answer is “\(answer)”"
        case .choice(let letter): "the choice is \(letter)"
        case .words(let min, let max): "the text has \(Self.bounds(min, max)) words"
        case .sentence(let lists, let min, let max):
            "one sentence of \(min) to \(max) words mentions "
                + lists.map { "any of \(Self.list($0))" }.joined(separator: " and ")
        case .repetition(let max): "at most \(max) of the word trigrams are repeated"
        case .json: "the completion is valid JSON"
        case .and(let checks): checks.map(\.nested).joined(separator: " and ")
        case .or(let checks): checks.map(\.nested).joined(separator: " or ")
        case .not(let check): "it is not so that \(check.nested)"
        }
    }

    /// The wording in parentheses where it holds words of its own that others could be taken for.
    private var nested: String {
        switch self {
        case .and, .or, .not: "(\(wording))"
        default: wording
        }
    }

    private static func list(_ terms: [String]) -> String {
        terms.map { "“\($0)”" }.joined(separator: ", ")
    }

    private static func number(_ value: Double, _ tolerance: Double, _ unit: String?) -> String {
        let margin = tolerance == 0 ? "" : " ± \(tolerance)"
        return "the text states \(value)\(margin)\(unit.map { " \($0)" } ?? "")"
    }

    private static func bounds(_ min: Int?, _ max: Int?) -> String {
        switch (min, max) {
        case (let min?, let max?): "\(min) to \(max)"
        case (let min?, nil): "at least \(min)"
        case (nil, let max?): "at most \(max)"
        case (nil, nil): "any number of"
        }
    }
}
