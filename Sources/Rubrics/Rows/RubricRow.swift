// SPDX-License-Identifier: Apache-2.0

/// A rubric row of any format, read by itself.
package struct RubricRow: Sendable {
    /// What the row holds.
    package var task: RubricTask
    /// The row's shape.
    package let format: RubricFormat
    /// What had to be assumed where the row is irregular, each with its place.
    package let notes: [String]
    /// The same for what is irregular about importances and weights, for whoever mends it.
    package let slips: [RowSlip]
    /// Whether the row names itself; one that does not is named for its question, and may be renamed.
    package let isNamed: Bool

    /// Where the row stands.
    package let place: DocumentCursor

    /// Reads a row.
    ///
    /// - Parameters:
    ///   - place: Where it stands.
    ///   - given: Its format; told from its keys by default.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    package init(_ place: DocumentCursor, as given: RubricFormat? = nil) throws {
        self.place = place
        format = try given ?? RubricFormat(of: place)
        let reading = try format.read(place)
        (task, notes, slips, isNamed) = (reading.task, reading.notes, reading.slips, reading.isNamed)
    }

    /// Refuses a rubric without a prompt: files of some formats hold none.
    ///
    /// - Throws: ``DocumentError`` that says where a prompt can come from.
    package func requirePrompt() throws {
        guard task.prompt.isEmpty else { return }
        throw place.error(
            "a \(format.rawValue) rubric has no prompt",
            remedy: "rubrics convert --prompt TEXT or --prompts FILE gives it one"
        )
    }
}

/// Holds what must be unique or alike over all rows of a file.
package struct RubricRowSequence: Sendable {
    /// The shape of all rows; `nil` before the first.
    package private(set) var format: RubricFormat?
    private var ids: Set<ExactText> = []

    /// Makes a sequence without rows.
    package init() {}

    /// Takes the next row.
    ///
    /// - Parameter row: A row, read.
    /// - Returns: Its task, renamed where a row without a name of its own asks the question of an earlier one.
    /// - Throws: ``DocumentError`` for a row of another format and for a name that is taken; the sequence then is as it
    ///   was.
    package mutating func admit(_ row: RubricRow) throws -> RubricTask {
        guard format?.isCompatible(with: row.format) ?? true else {
            throw row.place.error(
                "a \(row.format.rawValue) row in a file of \(format?.rawValue ?? "other") rows",
                remedy: "keep the two in files of their own"
            )
        }
        var task = row.task
        if !row.isNamed { task.id = freeName(task.id) }
        guard ids.insert(ExactText(task.id)).inserted else {
            let place = ["id", "uid", "prompt_id"].lazy.compactMap { row.place.member($0) }.first ?? row.place
            throw place.error("duplicate row id \"\(task.id)\"", remedy: "give each row its own")
        }
        format = row.format
        return task
    }

    private func freeName(_ name: String) -> String {
        guard ids.contains(ExactText(name)) else { return name }
        return (2...).lazy.map { "\(name)-\($0)" }.first { !ids.contains(ExactText($0)) } ?? name
    }
}
