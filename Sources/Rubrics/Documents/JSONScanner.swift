// SPDX-License-Identifier: Apache-2.0

/// What is wrong at a byte of JSON, before the byte is turned into a line and a column.
struct JSONFault: Error {
    var offset: Int
    var message: String
    var remedy: String?
}

/// A recursive-descent scanner over bytes.
///
/// It is also what finds the place of a value again: locations are not stored, they are looked up when an error needs
/// one (``offset(of:)``), so that reading large files costs nothing for them.
struct JSONScanner {
    /// What messages call the place behind the last byte.
    static let endOfText = "the end of the text"

    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The one value that fills the input.
    mutating func document() throws(JSONFault) -> JSONValue {
        skipSpace()
        guard index < bytes.count else { throw fault("there is no JSON value here") }
        let result = try value()
        skipSpace()
        guard index == bytes.count else { throw fault("unexpected \(found) after the end of the JSON value") }
        return result
    }

    // MARK: - Values

    private mutating func value() throws(JSONFault) -> JSONValue {
        guard let byte = peek else { throw unexpected() }
        switch byte {
        case UInt8(ascii: "{"):
            try enter()
            defer { depth -= 1 }
            return .object(try object())
        case UInt8(ascii: "["):
            try enter()
            defer { depth -= 1 }
            return .array(try array())
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default: throw unexpected()
        }
    }

    private mutating func enter() throws(JSONFault) {
        depth += 1
        guard depth <= JSONParser.maximumDepth else {
            throw fault("lists and objects nest deeper than \(JSONParser.maximumDepth) levels")
        }
    }

    private mutating func array() throws(JSONFault) -> [JSONValue] {
        index += 1
        skipSpace()
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            try expect(UInt8(ascii: ","), "\",\" or \"]\"")
        }
    }

    private mutating func object() throws(JSONFault) -> JSONObject {
        index += 1
        skipSpace()
        var object = JSONObject()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipSpace()
            let start = index
            let key = try memberKey()
            guard object.insert(key: key, value: try value()) else {
                throw JSONFault(offset: start, message: "duplicate key \"\(key)\"", remedy: "keep one of them")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return object }
            try expect(UInt8(ascii: ","), "\",\" or \"}\"")
        }
    }

    /// A key with its colon and the white space after it.
    private mutating func memberKey() throws(JSONFault) -> String {
        guard peek == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes, found \(found)") }
        let key = try text()
        skipSpace()
        try expect(UInt8(ascii: ":"), "\":\" after the key \"\(key)\"")
        skipSpace()
        return key
    }

    // MARK: - Places

    /// Moves from the start of a list or an object to one of its values, or to the key in front of it.
    ///
    /// - Returns: The byte where it starts; `nil` when it is not there.
    mutating func step(to component: DocumentPath.Component, ofKey: Bool) throws(JSONFault) -> Int? {
        switch component {
        case .index(let wanted):
            guard take(UInt8(ascii: "[")) else { return nil }
            for position in 0... {
                skipSpace()
                if position == wanted { return peek == UInt8(ascii: "]") ? nil : index }
                _ = try value()
                skipSpace()
                guard take(UInt8(ascii: ",")) else { return nil }
            }
        case .key(let wanted):
            guard take(UInt8(ascii: "{")) else { return nil }
            while true {
                skipSpace()
                let start = index
                let key = try memberKey()
                if wanted == ExactText(key) { return ofKey ? start : index }
                _ = try value()
                skipSpace()
                guard take(UInt8(ascii: ",")) else { return nil }
            }
        }
        return nil
    }

    /// The bytes at which the elements of a list start, up to the first that is no JSON; of what is no list its own.
    mutating func offsetsOfElements() -> [Int] {
        skipSpace()
        guard take(UInt8(ascii: "[")) else { return [index] }
        var offsets: [Int] = []
        repeat {
            skipSpace()
            guard peek != UInt8(ascii: "]") else { break }
            offsets.append(index)
            guard (try? value()) != nil else { break }
            skipSpace()
        } while take(UInt8(ascii: ","))
        return offsets
    }

    // MARK: - Bytes

    var peek: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    mutating func take(_ word: StaticString) -> Bool {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[index..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { return false }
        index = end
        return true
    }

    private mutating func expect(_ byte: UInt8, _ name: @autoclosure () -> String) throws(JSONFault) {
        guard take(byte) else { throw fault("expected \(name()), found \(found)") }
    }

    func fault(_ message: String, remedy: String? = nil) -> JSONFault {
        JSONFault(offset: index, message: message, remedy: remedy)
    }

    /// What stands at the current byte, for messages.
    var found: String {
        guard let byte = peek else { return Self.endOfText }
        guard byte >= 0x80 else {
            return byte < 0x20 || byte == 0x7F ? "the control byte \(byte)" : "\"\(Unicode.Scalar(byte))\""
        }
        let rest = bytes[index..<min(index + 4, bytes.count)]
        guard let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first, scalar != "\u{FFFD}" else {
            return "a byte that is not UTF-8"
        }
        return "\"\(scalar)\""
    }

    static func notFinite(at offset: Int) -> JSONFault {
        JSONFault(
            offset: offset,
            message: "a number that is not finite",
            remedy: "JSON has none; use null or a number"
        )
    }

    private func unexpected() -> JSONFault {
        let word = bytes[index...].prefix(9).prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        return switch String(decoding: word, as: UTF8.self) {
        case "NaN", "Infinity", "nan": Self.notFinite(at: index)
        case "": fault("expected a value, found \(found)")
        case let word: fault("unknown word \"\(word)\"", remedy: "texts stand in double quotes")
        }
    }
}
