// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// Two completions of one task, of which somebody preferred one: a line of a file of preferences.
struct PreferenceRow: Sendable {
    /// The identifier of the rubric row that both answer.
    var task: String
    /// The preferred completion.
    var chosen: String
    /// The other.
    var rejected: String
}

/// A file of preferences, read: JSON lines of `{"task", "chosen", "rejected"}`.
enum PreferenceFile {
    /// The lines of a file, in file order.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - tasks: The rubric rows.
    ///   - rubrics: Their file, for errors.
    /// - Returns: The lines, of at least two tasks.
    /// - Throws: `DocumentError` at the first line that is wrong or names a task without rubric, ``CommandFailure``.
    static func rows(at path: String, tasks: [RubricTask], rubrics: String) throws -> [PreferenceRow] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path) cannot be read: name a file of preferences, lines of task, chosen, rejected")
        }
        let known = Set(tasks.map { ExactText($0.id) })
        var rows: [PreferenceRow] = []
        try Document.forEachJSONLine(of: Array(data), file: path) { document in
            let place = document.root
            try place.requireKeys(["task", "chosen", "rejected"])
            let task = try place.required("task")
            let row = PreferenceRow(
                task: try task.identifier(),
                chosen: try place.required("chosen").text(),
                rejected: try place.required("rejected").text()
            )
            guard known.contains(ExactText(row.task)) else {
                throw task.error(
                    "\(rubrics) has no row \"\(row.task)\"",
                    remedy: "add its rubric, or leave the pair out"
                )
            }
            rows.append(row)
        }
        guard Set(rows.map { ExactText($0.task) }).count > 1 else {
            throw CommandFailure(
                "\(path) holds \(rows.count) pairs of fewer than two tasks: weights are measured on tasks held out; "
                    + "add more"
            )
        }
        return rows
    }
}
