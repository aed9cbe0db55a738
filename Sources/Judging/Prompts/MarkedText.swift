// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Rubrics

/// Sets material apart from instructions by marks that nobody who writes the material can guess.
///
/// A mark is a keyed hash of the material itself: it differs from text to text, and is the same for the same text, so
/// that a call can be recorded and asked for again.
public struct TextMarker: Sendable, Hashable {
    /// What a passage is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case prompt
        case response
        case reference
    }

    private let key: [UInt8]

    /// Makes a marker.
    ///
    /// - Parameter key: A secret, kept with the record of calls.
    public init(key: [UInt8]) {
        self.key = key
    }

    /// The passage between its marks, what looks like a mark or a control token in it made harmless.
    ///
    /// - Parameters:
    ///   - text: The passage.
    ///   - kind: What it is.
    ///   - label: Tells several passages of a kind apart.
    /// - Returns: Lines: the opening mark, the passage, the closing mark.
    public func marked(_ text: String, as kind: Kind, label: String = "") -> String {
        let mark = mark(of: text, kind)
        let name = label.isEmpty ? kind.rawValue : "\(kind.rawValue) \(label)"
        return "[\(name) \(mark)]\n\(Neutralization.neutralized(text))\n[end of \(name) \(mark)]"
    }

    /// Sixteen hexadecimal digits.
    private func mark(of text: String, _ kind: Kind) -> String {
        var hash = HMAC<SHA256>(key: SymmetricKey(data: key))
        hash.update(data: Array(kind.rawValue.utf8))
        hash.update(data: [0])
        hash.update(data: Array(text.utf8))
        let digits = Array("0123456789abcdef".utf8)
        let bytes = hash.finalize().prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
