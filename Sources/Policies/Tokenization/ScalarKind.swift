// SPDX-License-Identifier: Apache-2.0

/// What the pre-tokenisers' regular expressions tell apart.
enum ScalarKind: UInt8 {
    /// `\p{L}`.
    case letter
    /// `\p{N}`.
    case number
    /// `\s` but for line ends.
    case space
    /// Carriage return or line feed; also `\s`.
    case lineEnd
    /// Everything else: punctuation, marks, symbols, controls.
    case other

    var isWhitespace: Bool { self == .space || self == .lineEnd }

    /// The kind of an ASCII byte or any other scalar.
    init(_ scalar: Unicode.Scalar) {
        self = scalar.value < 0x80 ? Self.ascii[Int(scalar.value)] : Self(looking: scalar.properties)
    }

    static let ascii: [ScalarKind] = (0..<UInt8(0x80)).map { byte in
        byte == 0x0A || byte == 0x0D ? .lineEnd : Self(looking: Unicode.Scalar(byte).properties)
    }

    private init(looking properties: Unicode.Scalar.Properties) {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            self = Self.isKnown(properties) ? .letter : .other
        case .decimalNumber, .letterNumber, .otherNumber:
            self = Self.isKnown(properties) ? .number : .other
        default: self = properties.isWhitespace ? .space : .other
        }
    }

    /// Whether the scalar is in Unicode 16, which is what the regular expressions of `tokenizers` 0.23 know.
    private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
        properties.age.map { $0.major <= 16 } ?? true
    }
}

/// Reads well-formed UTF-8 scalar by scalar.
struct ScalarReader {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The kind and width in bytes of the scalar at `index`, which must be the first byte of one.
    @inline(__always)
    func kind(at index: Int) -> (kind: ScalarKind, width: Int) {
        let byte = bytes[index]
        return byte < 0x80 ? (ScalarKind.ascii[Int(byte)], 1) : wideKind(at: index)
    }

    private func wideKind(at index: Int) -> (kind: ScalarKind, width: Int) {
        let (scalar, width) = wideScalar(at: index)
        return (ScalarKind(scalar), width)
    }

    private func wideScalar(at index: Int) -> (Unicode.Scalar, width: Int) {
        let lead = UInt32(bytes[index])
        let width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = lead & (0x7F >> UInt32(width))
        for offset in 1..<width { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", width)
    }

    /// The end of the run of scalars from `index` on for which `belongs` holds.
    @inline(__always)
    func endOfRun(from index: Int, to end: Int, while belongs: (ScalarKind) -> Bool) -> Int {
        var position = index
        while position < end {
            let (kind, width) = kind(at: position)
            guard belongs(kind) else { break }
            position += width
        }
        return position
    }
}
