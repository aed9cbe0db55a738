// SPDX-License-Identifier: Apache-2.0

/// A file of rubric rows, read.
///
/// JSON lines, a JSON list and a YAML list of rows are read, and files that hold one rubric; the layout follows from the file's extension or, without a
/// telling one, from its first character. The format of the rows follows from their keys (``RubricFormat``).
public struct RubricFile: Sendable {
    /// The rows, in file order.
    public let tasks: [RubricTask]
    /// The shape of all rows.
    public let format: RubricFormat
    /// What had to be assumed where rows of others are irregular, each with its place.
    public let notes: [String]

    /// Reads a file's text.
    ///
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: Its name, for its extension and for errors.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    public init(reading text: String, file: String) throws {
        try self.init(reading: Array(text.utf8), file: file)
    }

    /// Reads a file's bytes; JSON lines are taken one at a time.
    package init(reading bytes: [UInt8], file: String) throws {
        var tasks: [RubricTask] = []
        var notes: [String] = []
        var rows = RubricRowSequence()
        try RubricFileLayout(of: bytes, file: file).forEachRow(of: bytes, file: file) { place in
            let row = try RubricRow(place)
            try row.requirePrompt()
            tasks.append(try rows.admit(row))
            notes += row.notes
        }
        guard let format = rows.format else {
            throw DocumentError(file: file, message: "there are no rows", remedy: "write at least one rubric row")
        }
        (self.tasks, self.format, self.notes) = (tasks, format, notes)
    }

    /// The rows of a file.
    ///
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: Its name, for its extension and for errors.
    /// - Returns: The rows, in file order.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    public static func tasks(in text: String, file: String) throws -> [RubricTask] {
        try RubricFile(reading: text, file: file).tasks
    }
}

/// How rows lie in a file.
package enum RubricFileLayout: Sendable {
    case jsonLines
    case json
    case yaml
    case toml

    /// Tells the layout from the file's name, or its first bytes.
    ///
    /// - Parameters:
    ///   - bytes: The file, or its first line that is not blank.
    ///   - file: Its name.
    ///   - format: The format of its rows, where it is known: that of TOML files is told by it, too.
    package init(of bytes: [UInt8], file: String, format: RubricFormat? = nil) {
        let name = file.lowercased()
        let start = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        self =
            if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
                .jsonLines
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                .yaml
            } else if name.hasSuffix(".toml") {
                .toml
            } else if format == .rewardkit || format == .verifiers && !name.hasSuffix(".json") {
                .toml
            } else if start == UInt8(ascii: "{") {
                Self.firstLineIsWhole(bytes) ? .jsonLines : .json
            } else if start == UInt8(ascii: "[") || name.hasSuffix(".json") {
                .json
            } else {
                .yaml
            }
    }

    /// Hands on every row.
    ///
    /// - Throws: ``DocumentError`` at the first place that is no JSON, YAML or TOML, and what `body` throws.
    package func forEachRow(of bytes: [UInt8], file: String, _ body: (DocumentCursor) throws -> Void) throws {
        guard self == .jsonLines else { return try places(of: bytes, file: file).forEach(body) }
        try Document.forEachJSONLine(of: bytes, file: file) { try body($0.root) }
    }

    /// The rows of a file that is read whole; JSON lines go through ``forEachRow(of:file:_:)``.
    ///
    /// - Throws: ``DocumentError`` at the first place that is no JSON, YAML or TOML.
    package func places(of bytes: [UInt8], file: String) throws -> [DocumentCursor] {
        let root: DocumentCursor
        switch self {
        case .json, .jsonLines: root = try Document.json(bytes[...], file: file, firstLine: 1).root
        case .yaml: root = try Document.yaml(text(of: bytes, file: file), file: file).root
        case .toml: root = try Document.toml(text(of: bytes, file: file), file: file).root
        }
        return root.value.array == nil || RubricFormat.isOneRubric(root.value) ? [root] : try root.elements()
    }

    /// A byte order mark is left out.
    private func text(of bytes: [UInt8], file: String) throws -> String {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard let text = String(validating: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        else {
            throw DocumentError(file: file, message: "the text is not UTF-8", remedy: "save the file as UTF-8")
        }
        return text
    }

    /// JSON lines often go by the name of `.json`.
    private static func firstLineIsWhole(_ bytes: [UInt8]) -> Bool {
        let line = bytes.drop { $0 == UInt8(ascii: "\n") }.prefix { $0 != UInt8(ascii: "\n") }
        return (try? JSONParser.parse(line, file: "")) != nil
    }
}
