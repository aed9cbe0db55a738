// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// What an import came to.
struct ImportCounts {
    /// The rows that were written.
    private(set) var rows = 0
    /// The rows that could not be read.
    private(set) var failures = 0
    /// How many things had to be assumed.
    private(set) var notes = 0
    private var polarities: [Polarity: Int] = [:]

    /// Counts a task that was written.
    mutating func add(_ task: RubricTask) {
        rows += 1
        add(task.criteria)
    }

    /// Counts a row that could not be read.
    mutating func addFailure() {
        failures += 1
    }

    /// Counts assumptions.
    mutating func addNotes(_ count: Int) {
        notes += count
    }

    private mutating func add(_ criteria: [Criterion]) {
        for criterion in criteria {
            polarities[criterion.polarity, default: 0] += 1
            add(criterion.children)
        }
    }

    /// The counts in words, a line each.
    ///
    /// - Parameter file: The file that was written.
    /// - Returns: The lines.
    func text(of file: String) -> String {
        func count(_ value: Int) -> String { ProgressText.grouped(value) }
        let criteria = polarities.values.reduce(0, +)
        let undecided = polarities[.undecided, default: 0]
        var lines = [
            "\(file): \(count(rows)) rows, \(count(criteria)) criteria",
            "  polarity: \(count(polarities[.positive, default: 0])) positive, "
                + "\(count(polarities[.negative, default: 0])) negative, \(count(undecided)) undecided",
        ]
        if notes > 0 { lines.append("  \(count(notes)) assumptions about irregular rows") }
        if failures > 0 { lines.append("  \(count(failures)) rows could not be read") }
        return lines.joined(separator: "\n") + "\n"
    }
}
