// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A hash that is the same in every process, unlike `Hasher`'s.
package struct StableHash: Sendable, Hashable {
    /// The hash of what was fed so far.
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Starts with nothing fed.
    package init() {}

    /// Feeds a text and its length.
    package mutating func combine(_ text: String) {
        var text = text
        self = text.withUTF8 { bytes in
            var hash = self
            let raw = UnsafeRawBufferPointer(bytes)
            let whole = raw.count & ~7
            for offset in stride(from: 0, to: whole, by: 8) {
                hash.combine(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
            for byte in raw[whole...] { hash.combine(UInt64(byte)) }
            hash.combine(UInt64(raw.count))
            return hash
        }
    }

    /// Feeds a number.
    package mutating func combine(_ number: UInt64) {
        value = (value ^ number) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 32
    }

    /// Feeds a JSON value with its structure.
    package mutating func combine(json: JSONValue) {
        switch json {
        case .null: combine(1)
        case .bool(let bool): combine(bool ? 3 : 2)
        case .integer(let integer): combine(UInt64(bitPattern: Int64(integer)))
        case .number(let number): combine(number.bitPattern)
        case .string(let text): combine(text)
        case .array(let elements):
            combine(UInt64(elements.count))
            for element in elements { combine(json: element) }
        case .object(let object):
            combine(UInt64(object.members.count))
            for (key, value) in object.members {
                combine(key)
                combine(json: value)
            }
        }
    }

    /// Sixteen hexadecimal digits of a hash.
    package static func hexadecimal(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
