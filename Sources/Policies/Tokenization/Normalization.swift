// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Normalisation form C as `tokenizers` does it, which knows Unicode 9.
enum Normalization {
    /// The text in form C, or `nil` when it is in form C as it stands.
    ///
    /// Scalars of a later version are unassigned there, so they stay as they are and nothing moves across them.
    static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Below U+0300 (CC 80) every text is in form C.
        guard text.contains(where: { $0 >= 0xCC }) else { return nil }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var rest = scalars[...]
        while !rest.isEmpty {
            let known = rest.prefix(while: isKnown)
            result += String(known).precomposedStringWithCanonicalMapping.utf8
            rest = rest[known.endIndex...]
            let unknown = rest.prefix { !isKnown($0) }
            result += String(unknown).utf8
            rest = rest[unknown.endIndex...]
        }
        return result
    }

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 || scalar.properties.age.map { $0.major <= 9 } ?? true
    }
}
