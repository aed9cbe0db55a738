// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether criteria say how much they matter, in the format's words.
enum ImportanceRules: RowRules {
    static let rules: Set<LintRule> = [.missingImportance, .misspeltImportance]

    static func findings(in row: LintedRow) -> [LintFinding] {
        row.slips.compactMap { finding(for: $0, in: row) } + unequal(in: row)
    }

    private static func finding(for slip: RowSlip, in row: LintedRow) -> LintFinding? {
        let criterion = row.roots[slip.criterion]
        let prefix = slip.importance.prefix
        switch slip.kind {
        case .negativeWeight: return nil
        case .missingImportance:
            return row.finding(
                .missingImportance,
                criterion,
                "no importance in front of the description, read as \(slip.importance.rawValue) by its weight",
                suggestion: "start it with \"\(prefix)\" if that is meant"
            )
        case .irregularImportance(let written, let isNamed):
            return row.finding(
                .misspeltImportance,
                criterion,
                "the importance \"\(written)\", read as \(slip.importance.rawValue)\(isNamed ? "" : " by its weight")",
                suggestion: "write \"\(prefix)\"\(isNamed ? "" : " if that is meant")",
                fix: isNamed ? .spellImportance(slip.importance, criterion: criterion.path) : nil
            )
        }
    }

    /// Some criteria with an importance and some without: the categorical weighting refuses the row.
    private static func unequal(in row: LintedRow) -> [LintFinding] {
        let criteria = row.roots
        guard row.format == .native, criteria.contains(where: { $0.criterion.importance != nil }) else { return [] }
        return criteria.filter { $0.criterion.importance == nil }.map { criterion in
            row.finding(
                .missingImportance,
                criterion,
                "no importance, though other criteria of the row have one",
                suggestion: "add \"importance\": the categorical weighting needs it"
            )
        }
    }
}

extension Importance {
    /// What stands in front of a description in RaR's rows: `Essential Criteria: `.
    var prefix: String {
        switch self {
        case .essential: "Essential Criteria: "
        case .important: "Important Criteria: "
        case .optional: "Optional Criteria: "
        case .pitfall: "Pitfall Criteria: "
        }
    }
}
