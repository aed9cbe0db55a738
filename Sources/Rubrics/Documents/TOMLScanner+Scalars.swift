// SPDX-License-Identifier: Apache-2.0

// Texts, numbers, dates and truth values.
extension TOMLScanner {
    /// A text in any of TOML's four kinds of quotes.
    mutating func text() throws(JSONFault) -> String {
        let start = index
        guard let quote = peek else { throw fault("expected a text") }
        let isLong = starts(with: "\"\"\"") || starts(with: "'''")
        index += isLong ? 3 : 1
        if isLong { _ = takeNewline() }
        var content: [UInt8] = []
        while let byte = peek {
            if byte == quote, let closing = closing(quote, isLong: isLong) {
                content += repeatElement(quote, count: closing.inside)
                index += closing.length
                return String(decoding: content, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try escape(isLong: isLong, into: &content)
            } else {
                try plain(isLong: isLong, into: &content)
            }
        }
        throw JSONFault(offset: start, message: "a text without a closing quote")
    }

    /// What closes a text here: up to two quotes may stand inside right before the three that close a long one.
    private func closing(_ quote: UInt8, isLong: Bool) -> (inside: Int, length: Int)? {
        guard isLong else { return (0, 1) }
        let count = bytes[index...].prefix(5).prefix { $0 == quote }.count
        return count >= 3 ? (count - 3, count) : nil
    }

    private mutating func plain(isLong: Bool, into content: inout [UInt8]) throws(JSONFault) {
        if isLong, takeNewline() { return content.append(UInt8(ascii: "\n")) }
        guard let byte = peek, byte == UInt8(ascii: "\t") || byte >= 0x20 && byte != 0x7F else {
            throw fault("\(found) inside a text", remedy: "write it as an escape, or close the text")
        }
        content.append(byte)
        index += 1
    }

    private mutating func escape(isLong: Bool, into content: inout [UInt8]) throws(JSONFault) {
        let start = index
        index += 1
        if isLong, skipFoldedLines() { return }
        guard let byte = peek else { throw fault("an escape without its letter") }
        index += 1
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
            UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C,
        ]
        if let value = simple[byte] { return content.append(value) }
        let length = byte == UInt8(ascii: "u") ? 4 : byte == UInt8(ascii: "U") ? 8 : 0
        let digits = bytes[index...].prefix(length)
        guard length > 0, digits.count == length,
            digits.allSatisfy({ $0 < 0x80 && Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(code)
        else {
            throw JSONFault(offset: start, message: "an unknown escape", remedy: "a backslash itself is written \\\\")
        }
        index += length
        UTF8.encode(scalar) { content.append($0) }
    }

    /// A backslash at the end of a line takes away the white space up to the next text.
    private mutating func skipFoldedLines() -> Bool {
        let start = index
        skipBlanks()
        guard takeNewline() else {
            index = start
            return false
        }
        repeat { skipBlanks() } while takeNewline()
        return true
    }

    /// A truth value, a number, a date or a time.
    mutating func word() throws(JSONFault) -> JSONValue {
        let start = index
        while let byte = peek, !",]}# \t\r\n=".utf8.contains(byte) { index += 1 }
        takeTimeAfterDate(from: start)
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf", "+inf", "-inf", "nan", "+nan", "-nan": throw JSONScanner.notFinite(at: start)
        case "":
            throw fault("expected a value, found \(found)")
        default: break
        }
        if let value = TOMLNumber(word)?.value { return value }
        if TOMLNumber.isMoment(word) { return .string(word) }
        let message = "unknown word \"\(word.prefix(40))\""
        throw JSONFault(offset: start, message: message, remedy: "texts stand in quotes, numbers fit 64 bits")
    }

    /// A date and a time may stand apart by a space.
    private mutating func takeTimeAfterDate(from start: Int) {
        let next = bytes[index...].dropFirst().prefix(3).map { $0 }
        guard index - start == 10, bytes[start + 4] == UInt8(ascii: "-"), peek == UInt8(ascii: " "), next.count == 3,
            next[2] == UInt8(ascii: ":"), next[0...1].allSatisfy({ $0 &- 0x30 < 10 })
        else { return }
        index += 1
        while let byte = peek, !",]}# \t\r\n".utf8.contains(byte) { index += 1 }
    }
}

/// A number as TOML writes it.
struct TOMLNumber {
    /// The number.
    let value: JSONValue

    /// - Returns: `nil` for what is no number, or does not fit.
    init?(_ word: String) {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            guard let digits = Self.plainDigits(word.utf8.dropFirst(2), radix: radix),
                let integer = Int(digits, radix: radix)
            else { return nil }
            value = .integer(integer)
            return
        }
        guard let number = Self.decimal(word) else { return nil }
        value = number
    }

    private static func decimal(_ word: String) -> JSONValue? {
        let unsigned = word.utf8.first.map { $0 == 0x2B || $0 == 0x2D } == true ? word.utf8.dropFirst() : word.utf8[...]
        let mantissa = unsigned.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let exponent = unsigned.dropFirst(mantissa.count)
        let parts = mantissa.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, let digits = plainDigits(whole, radix: 10),
            digits.utf8.count == 1 || digits.utf8.first != 0x30
        else { return nil }
        let sign = word.utf8.first == 0x2D ? "-" : ""
        if parts.count == 1, exponent.isEmpty { return Int(sign + digits).map(JSONValue.integer) }
        var text = sign + digits
        if parts.count == 2 {
            guard let fraction = plainDigits(parts[1], radix: 10) else { return nil }
            text += "." + fraction
        }
        if !exponent.isEmpty {
            let rest = exponent.dropFirst()
            let power = rest.first.map { $0 == 0x2B || $0 == 0x2D } == true ? rest.dropFirst() : rest
            guard let digits = plainDigits(power, radix: 10) else { return nil }
            text += "e" + (rest.first == 0x2D ? "-" : "") + digits
        }
        return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    }

    /// Digits without the underscores that may stand between two of them.
    private static func plainDigits(_ bytes: Substring.UTF8View, radix: Int) -> String? {
        let groups = bytes.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        let isPlain = groups.allSatisfy { group in
            !group.isEmpty && group.allSatisfy { Int(String(Unicode.Scalar($0)), radix: radix) != nil }
        }
        return isPlain ? groups.map { String(decoding: $0, as: UTF8.self) }.joined() : nil
    }

    /// Whether a word is a date, a time, or both: digits and signs at their places.
    static func isMoment(_ word: String) -> Bool {
        let shape = String(decoding: word.utf8.map { $0 &- 0x30 < 10 ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
        let date = "0000-00-00"
        guard shape.hasPrefix(date) else { return isTime(shape[...]) }
        let rest = shape.dropFirst(date.utf8.count)
        guard let separator = rest.first else { return true }
        guard "Tt ".contains(separator) else { return false }
        let time = rest.dropFirst()
        let offset = time.firstIndex { "Zz+-".contains($0) } ?? time.endIndex
        return isTime(time[..<offset]) && ["", "Z", "z", "+00:00", "-00:00"].contains(String(time[offset...]))
    }

    private static func isTime(_ shape: Substring) -> Bool {
        guard shape.hasPrefix("00:00:00") else { return false }
        let fraction = shape.dropFirst(8)
        return fraction.isEmpty
            || fraction.first == "." && fraction.count > 1 && fraction.dropFirst().allSatisfy { $0 == "0" }
    }
}
