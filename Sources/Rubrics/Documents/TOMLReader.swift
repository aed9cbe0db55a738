// SPDX-License-Identifier: Apache-2.0

/// Turns TOML 1.0 into values and places, with keys in the order in which they stand.
///
/// Dates and times become texts. Numbers that are not finite are refused, as in JSON.
struct TOMLReader {
    private var scanner: TOMLScanner
    private let root = TOMLNode(offset: 0)
    /// The table that lines belong to.
    private var table: TOMLNode

    private init(_ bytes: [UInt8]) {
        scanner = TOMLScanner(bytes: bytes)
        table = root
    }

    /// Reads a document.
    ///
    /// - Throws: ``DocumentError`` where the text is not TOML.
    static func read(_ text: String, file: String) throws -> (JSONValue, PlaceTree) {
        let bytes = Array(text.utf8)
        do {
            var reader = TOMLReader(bytes)
            try reader.readLines()
            return try (reader.root.value(depth: 0), TOMLPlaces(bytes).places(of: reader.root))
        } catch {
            let place = bytes.withUnsafeBufferPointer { TextPlace(of: error.offset, in: $0) }
            throw DocumentError(
                file: file,
                line: place.line,
                column: place.column,
                message: error.message,
                remedy: error.remedy
            )
        }
    }

    private mutating func readLines() throws(JSONFault) {
        while true {
            try scanner.skipLines()
            guard let byte = scanner.peek else { return }
            if byte == UInt8(ascii: "[") {
                try readHeader()
            } else {
                try scanner.member(of: table)
            }
            try scanner.endOfLine()
        }
    }

    /// `[a.b]` or `[[a.b]]`.
    private mutating func readHeader() throws(JSONFault) {
        let start = scanner.index
        scanner.index += 1
        let isList = scanner.take(UInt8(ascii: "["))
        let keys = try scanner.keys()
        try scanner.expect(UInt8(ascii: "]"))
        if isList { try scanner.expect(UInt8(ascii: "]")) }
        var parent = root
        for key in keys.dropLast() { parent = try parent.opened(key, at: start) }
        guard let last = keys.last else { return }
        table = try isList ? parent.appendedTable(last, at: start) : parent.definedTable(last, at: start)
    }
}

extension Document {
    /// Reads one TOML document.
    ///
    /// - Parameters:
    ///   - text: The TOML text.
    ///   - file: The name for errors.
    /// - Returns: The document.
    /// - Throws: ``DocumentError`` where the text is not TOML.
    public static func toml(_ text: String, file: String) throws -> Document {
        let (value, places) = try TOMLReader.read(text, file: file)
        return Document(file: file, json: value, source: .tree(places))
    }
}

/// The lines and columns of a document's values.
private struct TOMLPlaces {
    private let starts: [Int]
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    func places(of node: TOMLNode) -> PlaceTree {
        var tree = PlaceTree(place: place(of: node.offset))
        switch node.content {
        case .plain: break
        case .list(let elements): tree.elements = elements.map(places)
        case .table(let members):
            tree.members = members.map { (ExactText($0.key), place(of: $0.node.keyOffset), places(of: $0.node)) }
        }
        return tree
    }

    private func place(of offset: Int) -> TextPlace {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let column = bytes[starts[low]..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 } + 1
        return TextPlace(line: low + 1, column: column)
    }
}
