// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// Picks the rows and columns of the heat map of held-out criteria.
struct CriterionGrid {
    private let heldOut: HeldOutHistory
    private let columns: [Int]

    /// Rows of one kind at most.
    static let rowLimit = 16
    /// Columns at most.
    static let columnLimit = 16

    init(_ heldOut: HeldOutHistory) {
        self.heldOut = heldOut
        columns = Self.thinned(heldOut.steps)
    }

    /// The heat map; `nil` when nothing was judged.
    var map: HeatMap? {
        let kinds: [CriterionKind?] = CriterionKind.allCases + [nil]
        let parts = kinds.compactMap(part)
        guard !parts.isEmpty else { return nil }
        let notes = parts.compactMap(\.omission) + (columns.count < heldOut.steps.count ? [columnNote] : [])
        let lead = """
            Share of held-out completions, in percent, in which the criterion was credited: a virtue that is there, or a \
            fault that is avoided. Judged: how many an evaluation judged; where they are few, shares jump by chance.
            """
        return HeatMap(
            title: "Held-out criteria, evaluation by evaluation",
            note: ([lead] + notes).joined(separator: " "),
            columns: columns.map(String.init),
            rows: parts.flatMap(\.rows)
        )
    }

    private struct Part {
        var rows: [HeatMap.Row]
        var omission: String?
    }

    private func part(_ kind: CriterionKind?) -> Part? {
        let all = heldOut.criteria.filter { $0.key.kind == kind && !$0.value.tallies.isEmpty }
        guard !all.isEmpty else { return nil }
        let chosen = Self.chosen(all.map { ($0.key, $0.value) })
        let word = Self.word(kind)
        var rows = [HeatMap.Row(label: Self.heading(kind))]
        if let kind, let tallies = heldOut.kinds[kind], all.count > 1 {
            var total = row("All \(all.count) \(word) criteria", tallies)
            total.isSummary = true
            rows.append(total)
        }
        rows += chosen.map { key, history in
            var row = row(key.title.text, history.tallies)
            row.isAvoided = history.namesFault
            return row
        }
        let omission =
            chosen.count < all.count
            ? """
            Of \(all.count) \(word) criteria, the \(chosen.count) shown are those in the most prompts and, among equals, \
            those that changed most.
            """
            : nil
        return Part(rows: rows, omission: omission)
    }

    private func row(_ label: String, _ tallies: [Int: HeldOutHistory.Tally]) -> HeatMap.Row {
        HeatMap.Row(
            label: label,
            completions: columns.compactMap { tallies[$0]?.judged }.max() ?? 0,
            cells: columns.map { tallies[$0]?.share }
        )
    }

    /// The criteria in the most prompts, among equals those that changed most; shown with the largest gain first.
    private static func chosen(
        _ all: [(key: HeldOutHistory.CriterionKey, history: HeldOutHistory.CriterionHistory)]
    ) -> [(key: HeldOutHistory.CriterionKey, history: HeldOutHistory.CriterionHistory)] {
        let ranked = all.map { (entry: $0, change: change($0.history)) }.sorted { left, right in
            let (leftTasks, rightTasks) = (left.entry.history.tasks.count, right.entry.history.tasks.count)
            if leftTasks != rightTasks { return leftTasks > rightTasks }
            if abs(left.change) != abs(right.change) { return abs(left.change) > abs(right.change) }
            return precedes(left.entry.key, right.entry.key)
        }
        return ranked.prefix(rowLimit).sorted { left, right in
            left.change != right.change ? left.change > right.change : precedes(left.entry.key, right.entry.key)
        }.map(\.entry)
    }

    private static func precedes(_ left: HeldOutHistory.CriterionKey, _ right: HeldOutHistory.CriterionKey) -> Bool {
        left.title.text.utf8.lexicographicallyPrecedes(right.title.text.utf8)
    }

    private static func change(_ history: HeldOutHistory.CriterionHistory) -> Double {
        let steps = history.tallies.keys.sorted()
        guard let first = steps.first.flatMap({ history.tallies[$0]?.share }),
            let last = steps.last.flatMap({ history.tallies[$0]?.share })
        else { return 0 }
        return last - first
    }

    private static func word(_ kind: CriterionKind?) -> String {
        kind?.rawValue ?? "other"
    }

    private static func heading(_ kind: CriterionKind?) -> String {
        switch kind {
        case .content: "Content: what is said"
        case .form: "Form: how it is said"
        case nil: "Criteria of no kind"
        }
    }

    /// The first, the last and evenly spaced steps between.
    static func thinned(_ steps: [Int]) -> [Int] {
        guard steps.count > columnLimit else { return steps }
        return (0..<columnLimit).map { steps[$0 * (steps.count - 1) / (columnLimit - 1)] }
    }

    private var columnNote: String {
        "\(columns.count) of \(heldOut.steps.count) evaluations are shown."
    }
}
