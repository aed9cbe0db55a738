// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Makes text under judgement harmless to what reads it: no mark of ours, no control token of a chat template, and
/// nothing that a reader cannot see.
enum Neutralization {
    /// What chat templates turn into control tokens, and what ends a judge's thinking where it quotes it; a space behind
    /// the first byte breaks them up.
    private static let tokens: [[UInt8]] = [
        "<|", "|>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>", "<bos>", "<eos>", "<start_of_turn>",
        "<end_of_turn>", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]", "<｜", "<think>", "</think>", "<thinking>", "</thinking>",
    ].map { Array($0.utf8) }

    private static let firstBytes = Set(tokens.map { $0[0] })

    static func neutralized(_ text: String) -> String {
        let visible = withVisibleControls(text)
        let bytes = Array(visible.utf8)
        guard bytes.contains(where: { $0 == UInt8(ascii: "[") || firstBytes.contains($0) }) else { return visible }
        var written: [UInt8] = []
        written.reserveCapacity(bytes.count + 64)
        var place = 0
        while place < bytes.count {
            if opensMark(bytes[place...]) {
                written.append(UInt8(ascii: "("))
            } else {
                written.append(bytes[place])
                // Byte by byte, since tokens may overlap: `<|>` is the end of one and the beginning of another.
                if opensToken(bytes[place...]) { written.append(UInt8(ascii: " ")) }
            }
            place += 1
        }
        return String(decoding: written, as: UTF8.self)
    }

    /// Whether a control token of a chat template begins here.
    private static func opensToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, firstBytes.contains(first) else { return false }
        return tokens.contains { bytes.starts(with: $0) }
    }

    /// Whether a mark of ours might begin here: `[response`, `[end of`, in any case.
    private static func opensMark(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "[") else { return false }
        let rest = bytes.dropFirst().prefix(16).map { $0 | 0x20 }
        return markWords.contains { rest.starts(with: $0) }
    }

    private static let markWords = (["end of"] + TextMarker.Kind.allCases.map(\.rawValue)).map { Array($0.utf8) }

    /// Control characters, overrides of the writing direction and tag characters become their code points.
    private static func withVisibleControls(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        return text.unicodeScalars.spellingOut(where: isHidden)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D: false
        case 0xE0000...0xE007F: true
        default: scalar.isControl
        }
    }
}
