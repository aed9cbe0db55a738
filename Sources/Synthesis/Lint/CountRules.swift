// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// How many criteria there are, and whether any can be earned.
enum CountRules: RowRules {
    static let rules: Set<LintRule> = [.criterionCount, .allNegative]
    /// What the paper's generation prompt asks for (Appendix A.6).
    private static let paper = 7...20

    static func findings(in row: LintedRow) -> [LintFinding] {
        count(of: row) + allNegative(in: row)
    }

    private static func count(of row: LintedRow) -> [LintFinding] {
        let count = row.task.criteria.count
        guard row.format != .healthBench, !paper.contains(count) else { return [] }
        return [
            row.finding(
                .criterionCount,
                "\(count) \(count == 1 ? "criterion" : "criteria")",
                suggestion: count < paper.lowerBound
                    ? "write at least \(paper.lowerBound): what a right answer says, how it reasons, and its pitfalls"
                    : "keep the \(paper.upperBound) that matter most",
                severity: row.format == .native ? .note : nil
            )
        ]
    }

    private static func allNegative(in row: LintedRow) -> [LintFinding] {
        let criteria = row.task.criteria
        guard criteria.allSatisfy({ $0.polarity == .negative }) || criteria.allSatisfy({ $0.importance == .pitfall })
        else { return [] }
        return [
            row.finding(
                .allNegative,
                "every criterion is a pitfall or a fault: an empty answer is the best one",
                suggestion: "add what a right answer says"
            )
        ]
    }
}
