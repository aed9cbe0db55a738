// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics
import Runs
import Synthesis

/// What writing rubrics came to.
struct SynthesisSummary {
    /// How many prompts have ended.
    private(set) var count = 0
    /// How many of them have no rubric.
    private(set) var withoutRubric = 0
    private(set) var usage = CallUsage.zero
    /// How many rubrics have so many items.
    private var sizes: [Int: Int] = [:]
    private var reasons: [String: Int] = [:]
    private var itemsAside = 0
    private var rubricsWithItemsAside = 0
    private var referencesWritten = 0
    private var passing = 0

    /// Counts a prompt.
    mutating func add(_ line: SynthesisLine) {
        count += 1
        usage += line.usage
        itemsAside += line.asideCount
        if let reason = line.reason {
            withoutRubric += 1
            reasons[reason.word, default: 0] += 1
            if reason.isPassing { passing += 1 }
        } else {
            sizes[line.itemCount, default: 0] += 1
            if line.asideCount > 0 { rubricsWithItemsAside += 1 }
            if line.isReferenceWritten { referencesWritten += 1 }
        }
    }

    /// A few lines for people.
    ///
    /// - Parameters:
    ///   - seconds: How long it took.
    ///   - aside: The file of what was kept aside.
    /// - Returns: The lines.
    func text(seconds: Double, aside: String) -> String {
        let written = count - withoutRubric
        var lines = ["rubrics     \(written) of \(count) prompts"]
        if written > 0 { lines.append("items       \(distribution(of: written))") }
        if referencesWritten > 0 { lines.append("references  \(referencesWritten) written by the reference model") }
        for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("set aside   \(count) prompt\(count == 1 ? "" : "s"), \(reason): \(aside)")
        }
        if itemsAside > 0 {
            let standing = "\(rubricsWithItemsAside) rubrics stand without some"
            lines.append("set aside   \(itemsAside) items, \(standing): \(aside)")
        }
        if passing > 0 {
            lines.append("again       \(passing) failed on the way to the model: run the command again to try them")
        }
        return (lines + usage.expense(seconds: seconds)).joined(separator: "\n") + "\n"
    }

    /// The mean number of items a rubric, and how many have how many.
    private func distribution(of rubrics: Int) -> String {
        let sum = sizes.reduce(0) { $0 + $1.key * $1.value }
        let mean = ProgressText.fixed(Double(sum) / Double(rubrics), digits: 1)
        let parts = sizes.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value)" }
        return "\(mean) a rubric: \(parts.joined(separator: ", "))"
    }
}

/// Shows how far writing has come, how fast it goes, what it costs and how long it will take.
struct SynthesisProgress {
    private let total: Int
    private var line: ProgressLine<ContinuousClock>
    private let start = ContinuousClock.now

    init(total: Int, line: ProgressLine<ContinuousClock>) {
        self.total = total
        self.line = line
    }

    /// Shows the state after another prompt.
    mutating func show(_ summary: SynthesisSummary) {
        let elapsed = (ContinuousClock.now - start).seconds
        let left = elapsed / Double(summary.count) * Double(total - summary.count)
        var parts = ["\(summary.count)/\(total) prompts"]
        if summary.withoutRubric > 0 { parts.append("\(summary.withoutRubric) set aside") }
        let made = summary.usage.calls - summary.usage.recorded
        if made > 0, elapsed > 0 { parts.append("\(ProgressText.rate(Double(made) / elapsed)) calls/s") }
        if summary.usage.cost > 0 { parts.append("$\(ProgressText.fixed(summary.usage.cost, digits: 2))") }
        if summary.count < total { parts.append("\(ProgressText.duration(.seconds(left))) left") }
        line.show(parts.joined(separator: "  "))
    }

    /// Removes the line.
    mutating func clear() {
        line.clear()
    }
}
