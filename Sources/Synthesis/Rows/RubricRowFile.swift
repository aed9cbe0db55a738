// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics
import Runs

/// A file of rubric rows, read row after row: a row that is wrong is handed on as its error, and the rest goes on.
///
/// Of JSON lines one line is held at a time; a JSON list and YAML are read whole.
package struct RubricRowFile: Sendable {
    /// A row, or what is wrong with it.
    package struct Row: Sendable {
        /// The line where it stands, from 1; `nil` in YAML and in a JSON list.
        package var line: Int?
        /// The task, or the error with its place.
        package var task: Result<RubricTask, DocumentError>
        /// What had to be assumed where the row is irregular, each with its place.
        package var notes: [String]
    }

    private let path: String

    /// Names a file.
    package init(_ path: String) {
        self.path = path
    }

    /// Reads the file.
    ///
    /// - Parameter body: Takes each row, in file order.
    /// - Throws: `RunError` when the file cannot be read, `DocumentError` for YAML or a JSON list that is none, and what
    ///   `body` throws.
    package func read(_ body: (Row) throws -> Void) throws {
        var rows = RubricRowSequence()
        try forEachPlace { line, place in
            var row = Row(line: line, task: .failure(DocumentError(file: path, message: "")), notes: [])
            do {
                let read = try RubricRow(place())
                row.task = .success(try rows.admit(read))
                row.notes = read.notes
            } catch let error as DocumentError {
                row.task = .failure(error)
            }
            try body(row)
        }
    }

    private func forEachPlace(_ body: (_ line: Int?, _ place: () throws -> DocumentCursor) throws -> Void) throws {
        let url = URL(fileURLWithPath: path)
        var reader = try LineReader(url)
        var line = try reader.next()
        while let blank = line, blank.isBlank { line = try reader.next() }
        guard let first = line else { return }
        let layout = try RubricFileLayout(of: Array(first.bytes), file: path)
        guard layout == .jsonLines else {
            return try layout.forEachRow(of: DurableFile.read(url), file: path) { place in try body(nil) { place } }
        }
        while let next = line {
            if !next.isBlank {
                try body(next.number) { try Document.jsonLine(next.bytes, file: path, line: next.number).root }
            }
            line = try reader.next()
        }
    }
}
