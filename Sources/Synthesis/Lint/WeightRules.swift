// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether weights agree with the importances and with what the format allows.
enum WeightRules: RowRules {
    static let rules: Set<LintRule> = [.weightSign, .weightRange, .weightOrder]

    static func findings(in row: LintedRow) -> [LintFinding] {
        let criteria = row.roots
        return criteria.flatMap { criterion in
            [
                sign(of: criterion, in: row), range(of: criterion, in: row),
                order(of: criterion, among: criteria, in: row),
            ]
            .compactMap(\.self)
        }
    }

    private static func sign(of criterion: LintedCriterion, in row: LintedRow) -> LintFinding? {
        guard let weight = criterion.signedWeight, weight != 0, row.format != .healthBench else { return nil }
        let importance = criterion.criterion.importance
        if weight < 0, importance != .pitfall {
            let subject = importance.map { "an \($0.rawValue) criterion" } ?? "a criterion"
            return row.finding(
                .weightSign,
                criterion,
                "a negative weight (\(text(weight))) on \(subject)",
                suggestion: row.format == .native
                    ? "say by \"polarity\" that it is a fault: only the magnitude of a weight counts"
                    : "make it a pitfall, or its weight positive"
            )
        }
        guard weight > 0, importance == .pitfall, row.format == .rar else { return nil }
        return row.finding(
            .weightSign,
            criterion,
            "a positive weight (\(text(weight))) on a pitfall",
            suggestion: "write -1 or -2, or another importance"
        )
    }

    private static func range(of criterion: LintedCriterion, in row: LintedRow) -> LintFinding? {
        guard let weight = criterion.signedWeight else { return nil }
        let magnitude = weight.magnitude
        let allowed: ClosedRange<Double>
        switch row.format {
        case .rar: allowed = 1...(criterion.criterion.importance == .pitfall ? 2 : 5)
        case .healthBench: allowed = 1...10
        default: allowed = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
        }
        let isFree = row.format != .rar && row.format != .healthBench
        let isWhole = isFree || magnitude.rounded() == magnitude
        guard !allowed.contains(magnitude) || !isWhole else { return nil }
        return row.finding(
            .weightRange,
            criterion,
            "the weight \(text(weight))",
            suggestion: isFree
                ? "it counts for nothing: give it a weight, or take it out"
                : "\(row.format.rawValue) rows have whole weights from \(text(allowed.lowerBound)) to "
                    + "\(text(allowed.upperBound))\(criterion.criterion.importance == .pitfall ? ", below zero," : "")"
                    + " here"
        )
    }

    /// A criterion that outweighs one of a higher importance: categorical and numeric weighting then disagree.
    private static func order(
        of criterion: LintedCriterion,
        among criteria: [LintedCriterion],
        in row: LintedRow
    ) -> LintFinding? {
        guard let rank = criterion.criterion.importance?.rank, let weight = criterion.criterion.weight else {
            return nil
        }
        let higher = criteria.filter { ($0.criterion.importance?.rank ?? 0) > rank && $0.criterion.weight != nil }
        guard let lowest = higher.min(by: { $0.criterion.weight ?? 0 < $1.criterion.weight ?? 0 }),
            let least = lowest.criterion.weight, let above = lowest.criterion.importance, weight >= least
        else { return nil }
        let own = criterion.criterion.importance?.rawValue ?? ""
        return row.finding(
            .weightOrder,
            criterion,
            "\(own), yet its weight \(text(weight)) is \(weight > least ? "above" : "also") that of "
                + "\(lowest.criterion.id), \(above.rawValue)" + (weight > least ? " (\(text(least)))" : ""),
            suggestion: "change the weight or the importance",
            severity: weight > least ? .warning : .note
        )
    }

    private static func text(_ weight: Double) -> String {
        Int(exactly: weight).map(String.init) ?? "\(weight)"
    }
}

extension Importance {
    /// The order of the classes whose weights can be compared; pitfalls stand apart.
    fileprivate var rank: Int? {
        switch self {
        case .essential: 3
        case .important: 2
        case .optional: 1
        case .pitfall: nil
        }
    }
}
