// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// Losses counted over all rows.
struct LossReport {
    private struct Entry {
        var first: ConversionLoss
        var place: String
        var rows = 0
        var criteria = 0
    }

    private struct Key: Hashable {
        var kind: ConversionLoss.Kind
        var changesScore: Bool
    }

    private var entries: [Key: Entry] = [:]

    /// Counts the losses of a row.
    mutating func add(_ losses: [ConversionLoss], at place: String) {
        var seen: Set<Key> = []
        for loss in losses {
            let key = Key(kind: loss.kind, changesScore: loss.changesScore)
            var entry = entries[key] ?? Entry(first: loss, place: place)
            if seen.insert(key).inserted { entry.rows += 1 }
            if loss.criterion != nil { entry.criteria += 1 }
            entries[key] = entry
        }
    }

    /// A line a kind, those that change scores first.
    var lines: [String] {
        let order = ConversionLoss.Kind.allCases
        let keys = [true, false].flatMap { changes in order.map { Key(kind: $0, changesScore: changes) } }
        return keys.compactMap { key in entries[key].map { line(key, $0) } }
    }

    private func line(_ key: Key, _ entry: Entry) -> String {
        let rows = count(entry.rows, "row", "rows")
        let extent = entry.criteria == 0 ? rows : "\(count(entry.criteria, "criterion", "criteria")) in \(rows)"
        let first = entry.first.criterion.map { "\($0) at \(entry.place)" } ?? entry.place
        let mark = key.changesScore ? "changes scores" : key.kind == .normalizer ? "note" : "lost"
        return "\(mark): \(key.kind.rawValue), \(extent), first \(first): \(entry.first.detail)"
    }

    private func count(_ number: Int, _ one: String, _ many: String) -> String {
        number == 1 ? "1 \(one)" : "\(ProgressText.grouped(number)) \(many)"
    }
}
