// SPDX-License-Identifier: Apache-2.0

/// A tree of values read from JSON or YAML that knows where each value stands.
///
/// ```swift
/// var document = try Document.yaml(text, file: "demo.yaml")
/// try document.set(path: "grpo.group_size", to: "8")
/// let recipe = try document.decode(TrainingRecipe.self)
/// ```
public struct Document: Sendable {
    /// The file's name in errors.
    public let file: String
    /// The values, with every ``set(path:to:)`` applied.
    public private(set) var json: JSONValue

    private let source: DocumentSource
    private var overrides: [(path: DocumentPath, label: String)] = []

    init(file: String, json: JSONValue, source: DocumentSource) {
        self.file = file
        self.json = json
        self.source = source
    }

    /// Reads one JSON value.
    ///
    /// - Parameters:
    ///   - text: The JSON text.
    ///   - file: The name for errors.
    /// - Returns: The document.
    /// - Throws: ``DocumentError`` where the text is not strict JSON.
    public static func json(_ text: String, file: String) throws -> Document {
        try json(Array(text.utf8)[...], file: file, firstLine: 1)
    }

    static func json(_ bytes: ArraySlice<UInt8>, file: String, firstLine: Int) throws -> Document {
        let value = try JSONParser.parse(bytes, file: file, firstLine: firstLine)
        return Document(file: file, json: value, source: .json(bytes, firstLine: firstLine))
    }

    /// Reads JSON lines: one value a line, blank lines left out.
    ///
    /// - Parameters:
    ///   - text: The lines.
    ///   - file: The name for errors.
    /// - Returns: A document for each line, with the line's number.
    /// - Throws: ``DocumentError`` at the first line that is not strict JSON.
    public static func jsonLines(_ text: String, file: String) throws -> [Document] {
        var documents: [Document] = []
        try forEachJSONLine(of: Array(text.utf8), file: file) { documents.append($0) }
        return documents
    }

    /// Reads JSON lines one at a time, so that a large file's values need not all be held.
    package static func forEachJSONLine(
        of bytes: [UInt8],
        file: String,
        _ body: (Document) throws -> Void
    ) throws {
        var start = 0
        var line = 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if !bytes[start..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                try body(jsonLine(bytes[start..<end], file: file, line: line))
            }
            start = end + 1
            line += 1
        }
    }

    /// Reads one line of JSON lines.
    ///
    /// - Parameters:
    ///   - bytes: The line without its end.
    ///   - file: The name for errors.
    ///   - line: The line's number, from 1.
    /// - Returns: The document.
    /// - Throws: ``DocumentError`` where the line is not strict JSON.
    package static func jsonLine(_ bytes: ArraySlice<UInt8>, file: String, line: Int) throws -> Document {
        do {
            return try json(bytes, file: file, firstLine: line)
        } catch var error as DocumentError where error.message.hasSuffix(JSONScanner.endOfText) {
            error.remedy = "in JSON lines each value stands on a line of its own"
            throw error
        }
    }

    /// Reads one YAML document in the core schema of YAML 1.2, of which JSON is a part.
    ///
    /// `yes`, `no`, `on` and `off` are texts. Duplicate keys, anchors, aliases, tags of other types and numbers that are
    /// not finite are errors.
    ///
    /// - Parameters:
    ///   - text: The YAML text.
    ///   - file: The name for errors.
    /// - Returns: The document.
    /// - Throws: ``DocumentError`` where the text is not such YAML.
    public static func yaml(_ text: String, file: String) throws -> Document {
        let (value, places) = try YAMLReader(file: file).read(text)
        return Document(file: file, json: value, source: .tree(places))
    }

    /// A row of a table.
    ///
    /// - Parameters:
    ///   - columns: The row's columns.
    ///   - name: What errors call it, for example `rows.parquet, row 17`.
    /// - Returns: The document; its errors name columns instead of lines.
    package static func row(_ columns: JSONObject, named name: String) -> Document {
        Document(file: name, json: .object(columns), source: .row)
    }

    /// Replaces or adds one value, as `--set grpo.group_size=8` does.
    ///
    /// A key that no type knows is refused by ``decode(_:)``, whose errors then name this override.
    ///
    /// - Parameters:
    ///   - path: Keys separated by points, with list elements as `criteria[0]` or `criteria.0`.
    ///   - yaml: The value in YAML.
    /// - Throws: ``DocumentError`` when the path or the value cannot be read or the path leads through a plain value.
    public mutating func set(path: String, to yaml: String) throws {
        let label = "--set \(path)=\(yaml)"
        guard let target = DocumentPath(path) else {
            throw DocumentError(
                file: label,
                message: "not a path",
                remedy: "write it as grpo.group_size or criteria[0]"
            )
        }
        let value = yaml.isEmpty ? .null : try Document.yaml(yaml, file: label).json
        var override = DocumentOverride(label: label, done: DocumentPath())
        json = try override.replacing(target.components[...], in: json, by: value)
        overrides.append((override.done, label))
    }

    /// An error at a value, or at its key.
    func error(
        at path: DocumentPath,
        ofKey: Bool = false,
        _ message: String,
        remedy: String? = nil
    ) -> DocumentError {
        if let override = overrides.last(where: { path.starts(with: $0.path) }) {
            return DocumentError(file: override.label, message: message, remedy: remedy)
        }
        guard let place = source.place(of: path, ofKey: ofKey) else {
            let name = path.description
            return DocumentError(file: name.isEmpty ? file : "\(file), \(name)", message: message, remedy: remedy)
        }
        return DocumentError(file: file, line: place.line, column: place.column, message: message, remedy: remedy)
    }
}

/// One `--set` on its way down the tree.
private struct DocumentOverride {
    let label: String
    /// The components passed, with list positions told from keys.
    var done: DocumentPath

    mutating func replacing(
        _ path: ArraySlice<DocumentPath.Component>,
        in tree: JSONValue,
        by value: JSONValue
    ) throws -> JSONValue {
        guard let component = path.first else { return value }
        switch (tree, component) {
        case (.array(var elements), _):
            let index = try position(component, in: elements)
            done = done.appending(.index(index))
            elements[index] = try replacing(path.dropFirst(), in: elements[index], by: value)
            return .array(elements)
        case (.object(var object), .key(let key)):
            done = done.appending(component)
            object[key.text] = try replacing(path.dropFirst(), in: object[key.text] ?? .null, by: value)
            return .object(object)
        case (.null, .key(let key)):
            done = done.appending(component)
            return .object([key.text: try replacing(path.dropFirst(), in: .null, by: value)])
        default:
            let name = done.description.isEmpty ? "the document" : "\"\(done)\""
            throw DocumentError(file: label, message: "\(name) is \(tree.kind) and has nothing below it")
        }
    }

    private func position(_ component: DocumentPath.Component, in elements: [JSONValue]) throws -> Int {
        let index: Int? =
            switch component {
            case .index(let index): index
            case .key(let key): Int(key.text)
            }
        guard let index, elements.indices.contains(index) else {
            throw DocumentError(
                file: label,
                message: "\"\(done)\" is a list of \(elements.count)",
                remedy: elements.isEmpty ? nil : "its elements are [0] to [\(elements.count - 1)]"
            )
        }
        return index
    }
}
