// SPDX-License-Identifier: Apache-2.0

/// A file of rubric rows, read.
///
/// JSON lines, a JSON list and a YAML list of rows are read; the layout follows from the file's extension or, without a
/// telling one, from its first character. The format of the rows follows from their keys:
///
/// - ``Format/native``: `id`, `prompt`, `criteria`.
/// - ``Format/rar``: RaR's published rows, `question`, `rubric`.
/// - ``Format/healthBench``: `prompt`, `rubrics`.
public struct RubricFile: Sendable {
    /// The shape of a file's rows.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case native
        /// *Rubrics as Rewards*, as on Hugging Face. Its pitfalls are undecided: their wording varies from row to row.
        case rar
        /// HealthBench. Criteria with points below zero are faults.
        case healthBench = "healthbench"
    }

    /// The rows, in file order.
    public let tasks: [RubricTask]
    /// The shape of all rows.
    public let format: Format
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
        var reader = RubricRowReader()
        switch try RubricFileLayout(of: bytes, file: file) {
        case .jsonLines: try Document.forEachJSONLine(of: bytes, file: file) { try reader.read($0.root) }
        case .json: try reader.readAll(in: .json(bytes[...], file: file, firstLine: 1))
        case .yaml: try reader.readAll(in: .yaml(String(decoding: bytes, as: UTF8.self), file: file))
        }
        guard let format = reader.format else {
            throw DocumentError(file: file, message: "there are no rows", remedy: "write at least one rubric row")
        }
        (self.tasks, self.format, self.notes) = (reader.tasks, format, reader.notes)
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
private enum RubricFileLayout {
    case jsonLines
    case json
    case yaml

    init(of bytes: [UInt8], file: String) throws {
        let name = file.lowercased()
        let start = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        self =
            if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
                .jsonLines
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                .yaml
            } else if start == UInt8(ascii: "{") {
                Self.firstLineIsWhole(bytes) ? .jsonLines : .json
            } else if start == UInt8(ascii: "[") || name.hasSuffix(".json") {
                .json
            } else {
                .yaml
            }
        guard self != .yaml || String(validating: bytes, as: UTF8.self) != nil else {
            throw DocumentError(file: file, message: "the text is not UTF-8", remedy: "save the file as UTF-8")
        }
    }

    /// JSON lines often go by the name of `.json`.
    private static func firstLineIsWhole(_ bytes: [UInt8]) -> Bool {
        let line = bytes.drop { $0 == UInt8(ascii: "\n") }.prefix { $0 != UInt8(ascii: "\n") }
        return (try? JSONParser.parse(line, file: "")) != nil
    }
}

/// Reads rows one by one and holds what must be unique or alike over all of them.
private struct RubricRowReader {
    private(set) var tasks: [RubricTask] = []
    private(set) var format: RubricFile.Format?
    private(set) var notes: [String] = []
    private var ids: Set<ExactText> = []

    mutating func readAll(in document: Document) throws {
        let root = document.root
        guard root.value.array != nil else { return try read(root) }
        for row in try root.elements() { try read(row) }
    }

    mutating func read(_ row: DocumentCursor) throws {
        let format = try RubricFile.Format(of: row)
        guard format == self.format ?? format else {
            throw row.error(
                "a \(format.rawValue) row in a file of \(self.format?.rawValue ?? "other") rows",
                remedy: "keep the two in files of their own"
            )
        }
        self.format = format
        let task = try task(at: row, in: format)
        guard ids.insert(ExactText(task.id)).inserted else {
            let place = ["id", "uid", "prompt_id"].lazy.compactMap { row.member($0) }.first ?? row
            throw place.error("duplicate row id \"\(task.id)\"", remedy: "give each row its own")
        }
        tasks.append(task)
    }

    private mutating func task(at row: DocumentCursor, in format: RubricFile.Format) throws -> RubricTask {
        switch format {
        case .native: return try NativeRow(row).task()
        case .healthBench: return try HealthBenchRow(row).task()
        case .rar:
            let (task, notes) = try PublishedRow(row).task { ids.contains(ExactText($0)) }
            self.notes += notes
            return task
        }
    }
}

extension RubricFile.Format {
    /// The keys that tell a format.
    private var markers: [String] {
        switch self {
        case .native: ["criteria"]
        case .rar: ["question", "rubric"]
        case .healthBench: ["prompt", "rubrics"]
        }
    }

    fileprivate init(of row: DocumentCursor) throws {
        guard let object = row.value.object else {
            throw row.mismatch("a rubric row, a mapping")
        }
        if let format = Self.allCases.first(where: { $0.markers.allSatisfy { object[$0] != nil } }) {
            self = format
            return
        }
        for (key, _) in object.members where !NativeRow.keys.contains(key) {
            if NearestName.nearest(to: key, among: ["criteria", "rubrics", "rubric"]) != nil {
                throw row.unknownKey(key, among: ["criteria", "rubrics", "rubric"])
            }
        }
        throw row.error(
            "no rubric row of a known format",
            remedy: "native rows have \"id\", \"prompt\" and \"criteria\", RaR's \"question\" and \"rubric\", "
                + "HealthBench's \"prompt\" and \"rubrics\""
        )
    }
}
