// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics

/// Reads JSON as models write it: single quotes, Python's words, `NaN`, commas too many, line ends inside texts.
///
/// A key that stands twice in an object has no value (null), because its value is in doubt.
package struct LenientScanner {
    private let bytes: [UInt8]
    /// Where the next value begins.
    package private(set) var place: Int
    private var depth = 0
    private static let deepest = 64

    /// Starts at a place of a text.
    package init(bytes: [UInt8], place: Int) {
        self.bytes = bytes
        self.place = place
    }

    /// The value at ``place``, which then lies behind it; `nil` where there is none.
    package mutating func value() -> JSONValue? {
        skipSpace()
        guard let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return text(quote: byte).map(JSONValue.string)
        default: return word()
        }
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte <= 0x20 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func nested(_ read: (inout Self) -> JSONValue?) -> JSONValue? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        place += 1
        return read(&self)
    }

    private mutating func object() -> JSONValue? {
        var object = JSONObject()
        while !take(UInt8(ascii: "}")) {
            guard case .string(let key)? = value(), take(UInt8(ascii: ":")), let value = value() else { return nil }
            if !object.insert(key: key, value: value) { object[key] = .null }
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "}") else { return nil }
        }
        return .object(object)
    }

    private mutating func array() -> JSONValue? {
        var elements: [JSONValue] = []
        while !take(UInt8(ascii: "]")) {
            guard let value = value() else { return nil }
            elements.append(value)
            guard take(UInt8(ascii: ",")) || peek == UInt8(ascii: "]") else { return nil }
        }
        return .array(elements)
    }

    /// A text; an apostrophe between letters does not close a text in single quotes.
    private mutating func text(quote: UInt8) -> String? {
        var written: [UInt8] = []
        place += 1
        while let byte = peek {
            if byte == quote, quote == UInt8(ascii: "\"") || closesHere {
                place += 1
                return String(validating: written, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = escape() else { return nil }
                written += escaped
            } else {
                written.append(byte)
                place += 1
            }
        }
        return nil
    }

    private var closesHere: Bool {
        guard let next = bytes[(place + 1)...].first(where: { $0 > 0x20 }) else { return true }
        return [UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(next)
    }

    private mutating func escape() -> [UInt8]? {
        guard place + 1 < bytes.count else { return nil }
        let byte = bytes[place + 1]
        if byte == UInt8(ascii: "u") { return unicodeEscape() }
        place += 2
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "b"), UInt8(ascii: "f"): return [0x20]
        default: return [byte]
        }
    }

    private mutating func unicodeEscape() -> [UInt8]? {
        guard let high = hexadecimal(at: place + 2) else { return nil }
        place += 6
        if let scalar = Unicode.Scalar(high) { return Array(String(Character(scalar)).utf8) }
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u"),
            let low = hexadecimal(at: place + 2), (0xD800..<0xDC00).contains(high), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { return Array("\u{FFFD}".utf8) }
        place += 6
        return Array(String(Character(scalar)).utf8)
    }

    private func hexadecimal(at place: Int) -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        return UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    }

    /// A number, or a word of JSON or Python.
    private mutating func word() -> JSONValue? {
        let start = place
        while let byte = peek, byte > 0x20, !Self.closing.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        case "null", "none", "nan", "infinity", "-infinity", "undefined": return .null
        default:
            if let integer = Int(text) { return .integer(integer) }
            guard let number = Double(text), number.isFinite else { return nil }
            return .number(number)
        }
    }

    private static let closing: [UInt8] = [
        UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "{"),
        UInt8(ascii: "["),
    ]
}
