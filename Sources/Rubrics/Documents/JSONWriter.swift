// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON text: keys in their order, doubles in the fewest digits that read back as the same double.
    ///
    /// Line separators that JavaScript once took for line ends are escaped; numbers that JSON cannot hold (infinities,
    /// NaN) become `null`.
    ///
    /// - Parameter pretty: Whether to break lines and indent by two spaces.
    /// - Returns: The text, without a line break at its end.
    public func serialized(pretty: Bool = false) -> String {
        String(decoding: utf8(pretty: pretty), as: UTF8.self)
    }

    /// The bytes of ``serialized(pretty:)``.
    package func utf8(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self)
        return writer.bytes
    }
}

/// Appends JSON to a buffer of bytes.
private struct JSONWriter {
    let pretty: Bool
    var bytes: [UInt8] = []
    private var depth = 0

    init(pretty: Bool) {
        self.pretty = pretty
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let number): append(number.isFinite ? number.description : "null")
        case .string(let text): write(text: text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func write(_ elements: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        depth += 1
        for (index, element) in elements.enumerated() {
            separate(index)
            write(element)
        }
        close("]", isEmpty: elements.isEmpty)
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        depth += 1
        for (index, member) in object.members.enumerated() {
            separate(index)
            write(text: member.key)
            append(pretty ? ": " : ":")
            write(member.value)
        }
        close("}", isEmpty: object.members.isEmpty)
    }

    private mutating func separate(_ index: Int) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func close(_ bracket: String, isEmpty: Bool) {
        depth -= 1
        if !isEmpty { breakLine() }
        append(bracket)
    }

    private mutating func breakLine() {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func write(text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { write(escaping: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies runs of bytes that need no escape at once.
    private mutating func write(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        while index < text.count {
            index = text.endOfPlainText(from: index)
            guard index < text.count else { break }
            guard let (escape, length) = escape(at: index, in: text) else {
                index += 1
                continue
            }
            bytes.append(contentsOf: text[start..<index])
            append(escape)
            index += length
            start = index
        }
        bytes.append(contentsOf: text[start...])
    }

    private func escape(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> (escape: String, length: Int)? {
        let byte = text[index]
        switch byte {
        case UInt8(ascii: "\""): return ("\\\"", 1)
        case UInt8(ascii: "\\"): return ("\\\\", 1)
        case 0x0A: return ("\\n", 1)
        case 0x0D: return ("\\r", 1)
        case 0x09: return ("\\t", 1)
        case 0..<0x20, 0x7F: return ("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16), 1)
        // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
        case 0xE2 where text.count > index + 2 && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8:
            return (text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
        default: return nil
        }
    }
}
