// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a document, where, and the way out.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, or what stands in for one, for example `--set`.
    public var file: String
    /// The line, from 1; `nil` when the error is about the document as a whole.
    public var line: Int?
    /// The column in Unicode scalars, from 1.
    public var column: Int?
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String?

    /// Makes an error.
    public init(file: String, line: Int? = nil, column: Int? = nil, message: String, remedy: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
    }

    /// The place: `rubrics.jsonl:12:8`.
    package var place: String {
        [file, line.map(String.init), column.map(String.init)].compactMap(\.self).joined(separator: ":")
    }

    /// One line: `rubrics.jsonl:12:8: unknown key "titel"; did you mean "title"?`.
    public var description: String {
        "\(place): \(message)" + (remedy.map { "; \($0)" } ?? "")
    }
}
