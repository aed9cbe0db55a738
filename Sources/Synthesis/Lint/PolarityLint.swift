// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether polarity is decided, and agrees with the wording.
enum PolarityLint: RowRules {
    static let rules: Set<LintRule> = [.undecidedPolarity, .titleContradictsText, .polarityContradictsText]

    /// How a statement is worded, where its opening tells.
    enum Wording: Sendable, Hashable {
        case fault(opening: String)
        case avoidance(opening: String)
    }

    static func findings(in row: LintedRow) -> [LintFinding] {
        row.criteria.flatMap { criterion in
            [undecided(criterion, row), title(of: criterion, row), polarity(of: criterion, row)].compactMap(\.self)
        }
    }

    /// How the opening of a description words it; `nil` where the opening alone does not tell.
    static func wording(of text: LintText, _ vocabulary: LintVocabulary) -> Wording? {
        if let opening = vocabulary.faultOpenings.opens(text.words[...]) { return .fault(opening: opening) }
        return vocabulary.avoidanceOpenings.opens(text.words[...]).map { .avoidance(opening: $0) }
    }

    private static func undecided(_ criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        guard criterion.criterion.polarity == .undecided else { return nil }
        return row.finding(
            .undecidedPolarity,
            criterion,
            "undecided whether meeting it is a virtue or a fault",
            suggestion: "set \"polarity\" to positive or negative",
            severity: row.format == .native ? nil : .note
        )
    }

    /// A title that promises an avoidance over a description of the fault itself.
    private static func title(of criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        guard let promise = row.vocabulary.avoidanceTitles.opens(criterion.title.words[...]),
            contradicts(
                avoidanceTitle: criterion.criterion.polarity,
                wording(of: criterion.description, row.vocabulary)
            )
        else { return nil }
        return row.finding(
            .titleContradictsText,
            criterion,
            "the title \"\(criterion.criterion.title)\" (\(promise) …) stands over a fault",
            suggestion: "name the fault in the title, or word the description as its avoidance"
        )
    }

    /// Whether a title that promises an avoidance contradicts the criterion's own polarity or, where that is open, its
    /// wording.
    static func contradicts(avoidanceTitle polarity: Polarity, _ wording: Wording?) -> Bool {
        switch polarity {
        case .negative: return true
        case .positive: return false
        case .undecided:
            if case .fault = wording { return true }
            return false
        }
    }

    private static func polarity(of criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        switch (criterion.criterion.polarity, wording(of: criterion.description, row.vocabulary)) {
        case (.positive, .fault(let opening)):
            row.finding(
                .polarityContradictsText,
                criterion,
                "\"\(opening) …\" describes a fault, yet meeting it is credited",
                suggestion: "make its polarity negative, or state what a right answer does"
            )
        case (.negative, .avoidance(let opening)):
            row.finding(
                .polarityContradictsText,
                criterion,
                "\"\(opening) …\" describes an avoidance, yet meeting it is a fault",
                suggestion: "make its polarity positive, or state the fault itself"
            )
        default: nil
        }
    }
}
