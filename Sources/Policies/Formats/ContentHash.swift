// SPDX-License-Identifier: Apache-2.0

/// A hash of bytes that is the same in every process and on every machine, at gigabytes a second.
///
/// Each eight bytes are mixed in by a full 128-bit product whose halves are folded (Wang Yi's wyhash). It tells contents
/// apart; it is no proof against somebody who wants two to look alike.
struct ContentHash {
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds bytes and their number.
    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var state = Self.mixed(value, UInt64(bytes.count))
        let whole = bytes.count & ~7
        var place = 0
        while place < whole {
            state = Self.mixed(state, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        let rest = bytes[whole...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        value = Self.mixed(state, rest)
    }

    /// Adds a text and its length.
    mutating func combine(_ text: String) {
        Array(text.utf8).withUnsafeBytes { combine($0) }
    }

    private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: multiplier)
        // The word once more, so that no state loses what follows.
        return product.high ^ product.low ^ (word << 32 | word >> 32)
    }
}
