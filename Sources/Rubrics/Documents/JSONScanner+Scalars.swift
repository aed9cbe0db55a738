// SPDX-License-Identifier: Apache-2.0

// Numbers and texts.
extension JSONScanner {
    mutating func number() throws(JSONFault) -> JSONValue {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        if isNegative, peek == UInt8(ascii: "I") { throw Self.notFinite(at: start) }
        let leading = index
        let isWhole = try digits()
        if bytes[leading] == UInt8(ascii: "0"), index > leading + 1 {
            throw JSONFault(offset: leading, message: "a number with a leading zero")
        }
        var isInteger = isWhole
        if take(UInt8(ascii: ".")) {
            isInteger = false
            _ = try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            _ = try digits()
        }
        let digits = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let integer = Int(digits), integer != 0 || !isNegative { return .integer(integer) }
        guard let number = Double(digits), number.isFinite else {
            throw JSONFault(offset: start, message: "the number \(digits.prefix(40)) is beyond a double's range")
        }
        return .number(number)
    }

    private mutating func digits() throws(JSONFault) -> Bool {
        let start = index
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > start else { throw fault("expected a digit, found \(found)") }
        return true
    }

    mutating func text() throws(JSONFault) -> String {
        let start = index
        index += 1
        let content = index
        while true {
            index = bytes.endOfPlainText(from: index)
            guard index < bytes.count else { break }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return try validated(bytes[content..<index - 1], at: content)
            case UInt8(ascii: "\\"):
                return try escapedText(from: content, opening: start)
            case 0..<0x20:
                throw fault("\(found) inside a text", remedy: "write it as an escape such as \\n")
            default: index += 1
            }
        }
        throw JSONFault(offset: start, message: "a text without a closing quote")
    }

    /// The rest of a text that holds escapes, from its first one.
    private mutating func escapedText(from content: Int, opening start: Int) throws(JSONFault) -> String {
        var unescaped: [UInt8] = []
        var run = content
        while true {
            index = bytes.endOfPlainText(from: index)
            guard index < bytes.count else { break }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                unescaped += bytes[run..<index]
                index += 1
                if let text = String(validating: unescaped, as: UTF8.self) { return text }
                // Escapes are ASCII: what is wrong stands in the text as it is written, too.
                return try validated(bytes[content..<index - 1], at: content)
            case UInt8(ascii: "\\"):
                unescaped += bytes[run..<index]
                UTF8.encode(try escape()) { unescaped.append($0) }
                run = index
            case 0..<0x20:
                throw fault("\(found) inside a text", remedy: "write it as an escape such as \\n")
            default: index += 1
            }
        }
        throw JSONFault(offset: start, message: "a text without a closing quote")
    }

    private func validated(_ slice: Slice<UnsafeBufferPointer<UInt8>>, at offset: Int) throws(JSONFault) -> String {
        // Rebased, so that the standard library takes its path for contiguous bytes.
        if let text = String(validating: UnsafeBufferPointer(rebasing: slice), as: UTF8.self) { return text }
        var valid = 0
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = slice.makeIterator()
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { valid += scalar.count }
        throw JSONFault(offset: offset + valid, message: "bytes that are not UTF-8", remedy: "save the file as UTF-8")
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let byte = peek else { throw fault("an escape without its letter") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default:
            throw JSONFault(offset: start, message: "an unknown escape", remedy: "a backslash itself is written \\\\")
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let unit = try hexUnit(from: start)
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        if UTF16.isLeadSurrogate(unit), take("\\u") {
            let trail = try hexUnit(from: start)
            if UTF16.isTrailSurrogate(trail),
                let scalar = Unicode.Scalar(0x1_0000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(trail) & 0x3FF)
            {
                return scalar
            }
        }
        throw JSONFault(offset: start, message: "half of a surrogate pair", remedy: "write both halves")
    }

    private mutating func hexUnit(from start: Int) throws(JSONFault) -> UInt16 {
        let digits = bytes[index...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0 & 0x80 == 0 && Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw JSONFault(offset: start, message: "\\u without four hexadecimal digits")
        }
        index += 4
        return unit
    }
}
