// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import Synthesis

/// What `rubrics stats` prints.
struct StatisticsText {
    let statistics: RubricStatistics

    private static let shownNames = 8
    private static let barWidth = 32

    init(_ statistics: RubricStatistics) {
        self.statistics = statistics
    }

    /// For people.
    var lines: [String] {
        let head = [
            "rubrics    \(ProgressText.grouped(statistics.rows))"
                + (statistics.malformed > 0 ? ", \(ProgressText.grouped(statistics.malformed)) rows malformed" : ""),
            "criteria   \(ProgressText.grouped(statistics.criteria))",
            "undecided  polarity of a criterion in \(ProgressText.grouped(statistics.undecidedRows)) rows",
        ]
        let sections = [
            ["criteria a rubric"] + bins(statistics.criteriaCounts),
            ["importance and polarity"] + importanceTable.lines.map { "  " + $0 },
            weightTable.rows.isEmpty ? [] : ["weights"] + weightTable.lines.map { "  " + $0 },
            ["words"] + wordTable.lines.map { "  " + $0 },
            named("decided by", statistics.checks), named("kind", statistics.kinds),
            named("domain", statistics.domains), named("source", statistics.sources),
            named("strategy", statistics.strategies), named("model", statistics.models),
            named("changes", statistics.changes),
        ]
        return head + sections.filter { !$0.isEmpty }.flatMap { [""] + $0 }
    }

    private func bins(_ distribution: Distribution) -> [String] {
        let bins = distribution.bins(limit: 12)
        return bars(
            bins.map { bin in
                let (low, high) = (bin.values.lowerBound, bin.values.upperBound)
                return (low == high ? String(low) : "\(low)-\(high)", bin.count)
            }
        )
    }

    /// Names under a heading; nothing where no row says anything.
    private func named(_ heading: String, _ counts: NameCounts) -> [String] {
        let ranked = counts.ranked
        guard ranked.contains(where: { $0.name != RubricStatistics.none }) else { return [] }
        let rest = ranked.dropFirst(Self.shownNames).reduce(counts.others) { $0 + $1.count }
        let shown = ranked.prefix(Self.shownNames).map { (ShownText($0.name).lines.joined(separator: " "), $0.count) }
        return [heading] + bars(shown + (rest > 0 ? [("others", rest)] : []))
    }

    /// Names, counts and bars, the longest as wide as a bar may be.
    private func bars(_ rows: [(name: String, count: Int)]) -> [String] {
        let largest = max(1, rows.map(\.count).max() ?? 1)
        let table = TextTable(
            columns: [.text(""), .number(""), .text("")],
            rows: rows.map { name, count in
                let eighths = (count * Self.barWidth * 8 + largest - 1) / largest
                let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
                let bar = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
                return [name, ProgressText.grouped(count), bar]
            }
        )
        return table.lines.dropFirst().map { "  " + $0 }
    }

    private var importanceTable: TextTable {
        TextTable(
            columns: [.text("")] + Polarity.allCases.map { .number($0.rawValue) } + [
                .number("criteria"), .number("share"),
            ],
            rows: RubricStatistics.importanceNames.filter { statistics.importances[$0] > 0 }.map { name in
                let count = statistics.importances[name]
                let share = ProgressText.fixed(100 * Double(count) / Double(max(1, statistics.criteria)), digits: 1)
                return [name]
                    + Polarity.allCases.map {
                        ProgressText.grouped(statistics.polaritiesByImportance["\(name) \($0.rawValue)"])
                    } + [ProgressText.grouped(count), share + "%"]
            }
        )
    }

    private var weightTable: TextTable {
        TextTable(
            columns: [.text(""), .number("criteria"), .number("smallest"), .number("mean"), .number("largest")],
            rows: RubricStatistics.importanceNames.compactMap { name in
                statistics.weights[name].map { weight in
                    [name, ProgressText.grouped(weight.count)]
                        + [weight.low, weight.mean, weight.high].map { ProgressText.fixed($0, digits: 2) }
                }
            }
        )
    }

    private var wordTable: TextTable {
        let rows = [
            ("prompt", statistics.promptWords), ("reference answer", statistics.referenceWords),
            ("description", statistics.descriptionWords),
        ].filter { $0.1.count > 0 }
        return TextTable(
            columns: [.text(""), .number("mean"), .number("median"), .number("95%"), .number("largest")],
            rows: rows.map { name, words in
                [
                    name, ProgressText.fixed(words.mean ?? 0, digits: 1), "\(words.quantile(0.5) ?? 0)",
                    "\(words.quantile(0.95) ?? 0)", "\(words.range?.upperBound ?? 0)",
                ]
            }
        )
    }

    /// For machines.
    var json: JSONValue {
        [
            "rows": .integer(statistics.rows), "malformed": .integer(statistics.malformed),
            "criteria": .integer(statistics.criteria), "undecided_rows": .integer(statistics.undecidedRows),
            "criteria_per_rubric": json(statistics.criteriaCounts),
            "importances": json(statistics.importances), "polarities": json(statistics.polarities),
            "polarities_by_importance": json(statistics.polaritiesByImportance),
            "weights": .object(
                JSONObject(
                    statistics.weights.sorted { $0.key < $1.key }.map { name, weight in
                        let range: JSONValue = [
                            "criteria": .integer(weight.count), "smallest": .number(weight.low),
                            "mean": .number(weight.mean), "largest": .number(weight.high),
                        ]
                        return (key: name, value: range)
                    }
                )
            ),
            "words": [
                "prompt": json(statistics.promptWords), "reference_answer": json(statistics.referenceWords),
                "description": json(statistics.descriptionWords),
            ],
            "checks": json(statistics.checks), "kinds": json(statistics.kinds), "domains": json(statistics.domains),
            "sources": json(statistics.sources), "strategies": json(statistics.strategies),
            "models": json(statistics.models), "changes": json(statistics.changes),
        ]
    }

    private func json(_ counts: NameCounts) -> JSONValue {
        .object(JSONObject(counts.ranked.map { (key: $0.name, value: JSONValue.integer($0.count)) }))
    }

    private func json(_ distribution: Distribution) -> JSONValue {
        guard let mean = distribution.mean, let range = distribution.range else { return ["count": 0] }
        return [
            "count": .integer(distribution.count), "mean": .number(mean), "smallest": .integer(range.lowerBound),
            "median": .integer(distribution.quantile(0.5) ?? 0), "p95": .integer(distribution.quantile(0.95) ?? 0),
            "largest": .integer(range.upperBound),
        ]
    }
}
