// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics
import Runs

/// A file of rubric rows, or a folder of such files, read row after row: a row that is wrong is handed on as its error,
/// and the rest goes on.
///
/// Of JSON lines one line is held at a time; a JSON list, YAML and TOML are read whole.
package struct RubricRowFile: Sendable {
    /// A row, or what is wrong with it.
    package struct Row: Sendable {
        /// The line where it stands, from 1; `nil` in YAML, TOML and a JSON list.
        package var line: Int?
        /// The line as it is written; `nil` in YAML, TOML and a JSON list.
        package var bytes: ArraySlice<UInt8>?
        /// Where the line stands in the file; `nil` in YAML, TOML and a JSON list.
        package var byteRange: Range<Int>?
        /// The task, or the error with its place.
        package var task: Result<RubricTask, DocumentError>
        /// What had to be assumed where the row is irregular, each with its place.
        package var notes: [String]
        /// The row's format; `nil` where it could not be told.
        package var format: RubricFormat?
        /// Where the row stands, for errors; `nil` for what is no JSON, YAML or TOML.
        package var place: DocumentCursor?
        /// Whether the row has no name of its own and asks an earlier row's question, so that it was named apart from it.
        package var isRenamed = false
    }

    private let path: String
    private let name: String
    private let format: RubricFormat?
    private let takesMissingPrompts: Bool

    private static let extensions = [".jsonl", ".ndjson", ".json", ".yaml", ".yml", ".toml"]

    /// Names a file or a folder.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - name: What errors call a file, where that is not its path.
    ///   - format: The format of the rows; told from their keys by default.
    ///   - takesMissingPrompts: Whether rubrics of formats without prompts are handed on; else they are errors.
    package init(
        _ path: String,
        name: String? = nil,
        as format: RubricFormat? = nil,
        takesMissingPrompts: Bool = false
    ) {
        self.path = path
        self.name = name ?? path
        self.format = format
        self.takesMissingPrompts = takesMissingPrompts
    }

    /// Reads the file, or the folder's files in the order of their names.
    ///
    /// - Parameter body: Takes each row, in file order.
    /// - Throws: `RunError` when the file cannot be read, `DocumentError` for YAML, TOML or a JSON list that is none, and
    ///   what `body` throws. In a folder such a file is a row that is wrong.
    package func read(_ body: (Row) throws -> Void) throws {
        var rows = RubricRowSequence()
        let folder = URL(fileURLWithPath: path)
        guard DurableFile.isFolder(folder) else {
            let failure = try read(path, name: name, &rows, body)
            if let failure { throw failure }
            return
        }
        let names = try DurableFile.names(in: folder).filter { name in
            !name.hasPrefix(".") && Self.extensions.contains { name.lowercased().hasSuffix($0) }
        }
        for name in names {
            let file = "\(path)/\(name)"
            let failure = try read(file, name: file, &rows, body)
            if let failure { try body(Row(task: .failure(failure), notes: [])) }
        }
    }

    private func row(
        _ line: LineReader.Line?,
        _ place: () throws -> DocumentCursor,
        _ rows: inout RubricRowSequence
    ) throws -> Row {
        var row = Row(
            line: line?.number,
            bytes: line?.bytes,
            byteRange: line?.place,
            task: .failure(DocumentError(file: name, message: "no row")),
            notes: []
        )
        do {
            let place = try place()
            row.place = place
            let read = try RubricRow(place, as: format)
            if !takesMissingPrompts { try read.requirePrompt() }
            row.format = read.format
            let task = try rows.admit(read)
            row.task = .success(task)
            row.isRenamed = !task.id.isExactly(read.task.id)
            row.notes = read.notes
        } catch let error as DocumentError {
            row.task = .failure(error)
        }
        return row
    }

    /// - Returns: What is wrong with a file that is read whole.
    private func read(
        _ path: String,
        name: String,
        _ rows: inout RubricRowSequence,
        _ body: (Row) throws -> Void
    ) throws -> DocumentError? {
        let url = URL(fileURLWithPath: path)
        var reader = try LineReader(url)
        var line = try reader.next()
        while let blank = line, blank.isBlank { line = try reader.next() }
        guard let first = line else { return nil }
        let places: [DocumentCursor]?
        do {
            let layout = RubricFileLayout(of: Array(first.bytes), file: name, format: format)
            places = layout == .jsonLines ? nil : try layout.places(of: DurableFile.read(url), file: name)
        } catch let error as DocumentError {
            return error
        }
        if let places {
            for place in places { try body(row(nil, { place }, &rows)) }
            return nil
        }
        while let next = line {
            if !next.isBlank {
                let place = { try Document.jsonLine(next.bytes, file: name, line: next.number).root }
                try body(row(next, place, &rows))
            }
            line = try reader.next()
        }
        return nil
    }
}
