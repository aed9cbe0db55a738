// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import Synthesis

/// Reads the rows of files of any format, one after another as of one file.
struct RowReading {
    /// A row, or what is wrong with it.
    struct Row {
        /// The task, or the error with its place.
        var task: Result<RubricTask, DocumentError>
        /// What had to be assumed where the row is irregular.
        var notes: [String]
        /// The file that it stands in.
        var file: ImportedFile
    }

    /// Finds DuckDB when a table is to be read.
    let duckDB: () throws -> DuckDB

    /// Reads files.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - body: Takes each row in order; `false` ends the reading.
    /// - Throws: `RunError`, `DocumentError` or `HubError` when a file cannot be read, and what `body` throws.
    func read(_ files: [ImportedFile], _ body: (Row) throws -> Bool) async throws {
        var sequence = RubricRowSequence()
        for file in files {
            let goesOn =
                if let format = TableFormat(path: file.path) {
                    try await readTable(file, format, &sequence, body)
                } else {
                    try readDocument(file, body)
                }
            guard goesOn else { return }
        }
    }

    private struct Enough: Error {}

    private func readDocument(_ file: ImportedFile, _ body: (Row) throws -> Bool) throws -> Bool {
        do {
            try RubricRowFile(file.path).read { row in
                try Task.checkCancellation()
                guard try body(Row(task: row.task, notes: row.notes, file: file)) else { throw Enough() }
            }
            return true
        } catch is Enough {
            return false
        }
    }

    private func readTable(
        _ file: ImportedFile,
        _ format: TableFormat,
        _ sequence: inout RubricRowSequence,
        _ body: (Row) throws -> Bool
    ) async throws -> Bool {
        var number = 0
        for try await element in try duckDB().rows(of: URL(fileURLWithPath: file.path), format: format) {
            let row: Row
            switch element {
            case .row(let columns):
                number += 1
                row = read(columns, number: number, of: file, isText: format != .parquet, &sequence)
            case .rejected(let line, let message):
                let error = DocumentError(file: file.path, line: line, message: message, remedy: "mend the line")
                row = Row(task: .failure(error), notes: [], file: file)
            }
            guard try body(row) else { return false }
        }
        return true
    }

    private func read(
        _ columns: JSONObject,
        number: Int,
        of file: ImportedFile,
        isText: Bool,
        _ sequence: inout RubricRowSequence
    ) -> Row {
        let name = "\(file.path), row \(number)"
        do {
            let members = isText ? try TableCells.members(of: columns, named: name) : columns
            let read = try RubricRow(Document.row(members, named: name).root)
            return Row(task: .success(try sequence.admit(read)), notes: read.notes, file: file)
        } catch let error as DocumentError {
            return Row(task: .failure(error), notes: [], file: file)
        } catch {
            return Row(task: .failure(DocumentError(file: name, message: "\(error)")), notes: [], file: file)
        }
    }
}
