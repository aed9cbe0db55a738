// SPDX-License-Identifier: Apache-2.0

/// Reads TOML's keys and values from bytes.
struct TOMLScanner {
    let bytes: [UInt8]
    var index = 0
    private var depth = 0

    /// - Parameter bytes: UTF-8.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    static func tooDeep(at offset: Int) -> JSONFault {
        JSONFault(offset: offset, message: "lists and tables nest deeper than \(JSONParser.maximumDepth) levels")
    }

    // MARK: - Keys

    /// `a."b c".d`
    mutating func keys() throws(JSONFault) -> [String] {
        let start = index
        var keys: [String] = []
        repeat {
            skipBlanks()
            keys.append(try key())
            skipBlanks()
            guard keys.count <= JSONParser.maximumDepth else { throw Self.tooDeep(at: start) }
        } while take(UInt8(ascii: "."))
        return keys
    }

    private mutating func key() throws(JSONFault) -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
            guard !starts(with: "\"\"\""), !starts(with: "'''") else { throw fault("a key of several lines") }
            return try text()
        }
        let start = index
        while let byte = peek, TOMLWriter.isBareKeyByte(byte) { index += 1 }
        guard index > start else { throw fault("expected a key, found \(found)") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// `key = value`, put into a table.
    mutating func member(of table: TOMLNode) throws(JSONFault) {
        let start = index
        let keys = try keys()
        try expect(UInt8(ascii: "="))
        skipBlanks()
        depth += keys.count
        defer { depth -= keys.count }
        guard depth <= JSONParser.maximumDepth else { throw Self.tooDeep(at: start) }
        var table = table
        for key in keys.dropLast() { table = try table.dotted(key, at: start) }
        let node = try value(keyOffset: start)
        try table.insert(node, for: keys.last ?? "")
    }

    // MARK: - Values

    private mutating func value(keyOffset: Int? = nil) throws(JSONFault) -> TOMLNode {
        let start = index
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONParser.maximumDepth else { throw Self.tooDeep(at: start) }
        switch peek {
        case UInt8(ascii: "["):
            return TOMLNode(.list(try list()), origin: .value, offset: start, keyOffset: keyOffset)
        case UInt8(ascii: "{"): return try inlineTable(keyOffset: keyOffset)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return TOMLNode(.plain(.string(try text())), origin: .value, offset: start, keyOffset: keyOffset)
        default: return TOMLNode(.plain(try word()), origin: .value, offset: start, keyOffset: keyOffset)
        }
    }

    private mutating func list() throws(JSONFault) -> [TOMLNode] {
        index += 1
        var elements: [TOMLNode] = []
        while true {
            try skipLines()
            if take(UInt8(ascii: "]")) { return elements }
            elements.append(try value())
            try skipLines()
            if take(UInt8(ascii: "]")) { return elements }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func inlineTable(keyOffset: Int?) throws(JSONFault) -> TOMLNode {
        let table = TOMLNode(origin: .dotted, offset: index, keyOffset: keyOffset)
        index += 1
        skipBlanks()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipBlanks()
                try member(of: table)
                skipBlanks()
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        }
        table.close()
        return table
    }

    // MARK: - Bytes

    var peek: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(JSONFault) {
        guard take(byte) else { throw fault("expected \"\(Unicode.Scalar(byte))\", found \(found)") }
    }

    func starts(with text: StaticString) -> Bool {
        bytes[index...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func skipBlanks() {
        while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { index += 1 }
    }

    /// White space, line ends and comments.
    mutating func skipLines() throws(JSONFault) {
        repeat { skipBlanks() } while try lineEnd()
    }

    /// The end of a line, or of the text.
    mutating func endOfLine() throws(JSONFault) {
        skipBlanks()
        guard try lineEnd() || peek == nil else { throw fault("expected the end of the line, found \(found)") }
    }

    private mutating func lineEnd() throws(JSONFault) -> Bool {
        if peek == UInt8(ascii: "#") {
            while let byte = peek, byte != UInt8(ascii: "\n"), !starts(with: "\r\n") {
                guard byte == UInt8(ascii: "\t") || byte >= 0x20 && byte != 0x7F else {
                    throw fault("\(found) inside a comment")
                }
                index += 1
            }
            return peek == nil || takeNewline()
        }
        return takeNewline()
    }

    mutating func takeNewline() -> Bool {
        if starts(with: "\r\n") {
            index += 2
            return true
        }
        return take(UInt8(ascii: "\n"))
    }

    func fault(_ message: String, remedy: String? = nil) -> JSONFault {
        JSONFault(offset: index, message: message, remedy: remedy)
    }

    /// What stands at the current byte, for messages.
    var found: String {
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(bytes: buffer)
            scanner.index = index
            return scanner.found
        }
    }
}
