// SPDX-License-Identifier: Apache-2.0

/// A position in the text of a regular expression.
struct RegexCursor {
    let pattern: String
    private let scalars: [Unicode.Scalar]
    var offset = 0

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    var isAtEnd: Bool { offset >= scalars.count }
    var peek: Unicode.Scalar? { isAtEnd ? nil : scalars[offset] }

    mutating func advance() {
        offset += 1
    }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        advance()
        return scalar
    }

    /// Takes `text` when it stands here.
    mutating func take(_ text: StaticString) -> Bool {
        let wanted = text.withUTF8Buffer { $0.map { Unicode.Scalar($0) } }
        guard scalars[offset...].starts(with: wanted) else { return false }
        offset += wanted.count
        return true
    }

    /// Takes decimal digits; more than nine of them count as a number beyond every limit.
    mutating func takeInteger() -> Int? {
        let digits = scalars[offset...].prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return nil }
        offset += digits.count
        return digits.count > 9 ? .max : digits.reduce(0) { $0 * 10 + Int($1.value) - 48 }
    }

    /// Takes up to `limit` hexadecimal digits.
    mutating func takeHexadecimal(upTo limit: Int) -> UInt32? {
        let digits = scalars[offset...].prefix(limit).prefix { $0.properties.isASCIIHexDigit }
        offset += digits.count
        return UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
    }

    func error(_ message: String, at offset: Int? = nil) -> RegexError {
        RegexError(pattern: pattern, offset: offset ?? self.offset, message: message)
    }
}
