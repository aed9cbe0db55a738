// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics
import Runs

/// A file of prompts, JSON lines, of which one line is held at a time.
package struct PromptFile: ~Copyable {
    /// A row, or what is wrong with its line.
    package struct Entry: Sendable {
        /// The line, from 1.
        package var line: Int
        /// The row, or the error with its place.
        package var row: Result<PromptRow, DocumentError>

        /// Makes an entry.
        package init(line: Int, row: Result<PromptRow, DocumentError>) {
            self.line = line
            self.row = row
        }
    }

    private let path: String
    private var reader: LineReader
    private var ids: Set<ExactText> = []

    /// Opens a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `RunError` when it cannot be opened.
    package init(_ path: String) throws {
        self.path = path
        reader = try LineReader(URL(fileURLWithPath: path))
    }

    /// The next row; `nil` after the last.
    ///
    /// - Returns: The row, or the error of a line that is none: the lines behind it can be read all the same.
    /// - Throws: `RunError` when the file cannot be read.
    package mutating func next() throws -> Entry? {
        guard let line = try nextLine() else { return nil }
        do {
            let place = try Document.jsonLine(line.bytes, file: path, line: line.number).root
            let row = try PromptRow(place)
            guard ids.insert(ExactText(row.id)).inserted else {
                throw (place.member("id") ?? place)
                    .error("duplicate row id \"\(row.id)\"", remedy: "give each prompt its own")
            }
            return Entry(line: line.number, row: .success(row))
        } catch let error as DocumentError {
            return Entry(line: line.number, row: .failure(error))
        }
    }

    /// Goes past the next line that is not blank.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: `RunError` when the file cannot be read.
    package mutating func skip() throws -> Bool {
        try nextLine() != nil
    }

    private mutating func nextLine() throws -> LineReader.Line? {
        var line = try reader.next()
        while let blank = line, blank.isBlank { line = try reader.next() }
        return line
    }
}
