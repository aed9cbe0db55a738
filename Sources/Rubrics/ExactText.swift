// SPDX-License-Identifier: Apache-2.0

/// Text compared and hashed by its UTF-8 bytes.
///
/// `String` takes canonically equivalent texts for equal (`"\u{120}" == "G\u{307}"`), so two keys or identifiers that
/// differ on disk could collide. Keys, identifiers and hashes go through this type instead.
package struct ExactText: Sendable, Hashable {
    /// The text.
    package let text: String

    /// Wraps a text.
    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.text.isExactly(right.text)
    }

    package func hash(into hasher: inout Hasher) {
        text.hashExactly(into: &hasher)
    }
}

extension String {
    /// Whether both texts have the same UTF-8 bytes.
    package func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// A hash of the UTF-8 bytes that is the same in every process, unlike `hashValue` (FNV-1a).
    package var stableHash: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// Feeds the UTF-8 bytes and their number to `hasher`.
    package func hashExactly(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(utf8.count)
    }
}
