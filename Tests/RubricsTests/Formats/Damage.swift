// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What happens to files on their way: one change of a row's bytes.
enum Damage: CaseIterable {
    case truncated
    case byteFlipped
    case byteRemoved
    case partRepeated
    case partRemoved
    case tokenPut

    private static let tokens =
        [
            "NaN", "Infinity", "-", "1e999", "\"\\ud800\"", "\\u0000", "null", "{}", "[]", "\"", "\u{FEFF}", "\r\n",
            "\u{0}",
            "[[[[", "}}", "true", "-0", "9223372036854775808", "\u{2028}", ",", ":", "\"\"",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

    /// Damages bytes.
    func apply(to bytes: inout [UInt8], using random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 1...40, using: &random))
        switch self {
        case .truncated: bytes.removeSubrange(start...)
        case .byteFlipped: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .byteRemoved: bytes.remove(at: start)
        case .partRepeated: bytes.insert(contentsOf: Array(bytes[start..<end]), at: start)
        case .partRemoved: bytes.removeSubrange(start..<end)
        case .tokenPut: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: start)
        }
    }
}
