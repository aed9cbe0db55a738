// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether a criterion belongs to its question, or could stand under any.
enum AnchorRules: RowRules {
    static let rules: Set<LintRule> = [.genericCriterion]
    static func findings(in row: LintedRow) -> [LintFinding] {
        row.criteria.compactMap { finding(for: $0, in: row) }
    }

    static func finding(for criterion: LintedCriterion, in row: LintedRow) -> LintFinding? {
        guard criterion.content.isEmpty, !criterion.description.hasSpecifics, criterion.criterion.check == nil
        else { return nil }
        return row.finding(
            .genericCriterion,
            criterion,
            "it could stand under any question",
            suggestion: "name what this question needs, or take it out"
        )
    }
}
