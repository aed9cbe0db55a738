// SPDX-License-Identifier: Apache-2.0

/// Turns tokens into text one by one, for streaming: a scalar comes out when its last byte is there, never half of one.
///
/// All texts together, ``finish()``'s included, are what ``Tokenizer/decode(_:skipsSpecials:)`` gives at once.
public struct IncrementalDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipsSpecials: Bool
    private var pending: [UInt8] = []

    /// Starts a stream.
    public init(_ tokenizer: Tokenizer, skipsSpecials: Bool = true) {
        self.tokenizer = tokenizer
        self.skipsSpecials = skipsSpecials
    }

    /// The text that `token` completes; may be empty.
    public mutating func append(_ token: Int32) -> String {
        pending += tokenizer.bytes(of: CollectionOfOne(token), skipsSpecials: skipsSpecials)
        let whole = pending.count - unfinishedCount
        defer { pending.removeFirst(whole) }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    /// What is left at the end: U+FFFD for a scalar that was never finished.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end could still become a scalar.
    private var unfinishedCount: Int {
        for count in 1...3 where count <= pending.count {
            let tail = pending.suffix(count)
            guard let lead = tail.first, lead & 0xC0 != 0x80 else { continue }
            return Self.canBeFinished(tail) ? count : 0
        }
        return 0
    }

    /// Whether `tail`, a lead byte and what follows it, is the start of a well-formed scalar (Unicode, table 3-7).
    private static func canBeFinished(_ tail: ArraySlice<UInt8>) -> Bool {
        guard let lead = tail.first else { return false }
        let width =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard tail.count < width else { return false }
        guard let second = tail.dropFirst().first else { return true }
        return switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
