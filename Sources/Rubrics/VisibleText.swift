// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
    /// Whether a reader's cursor or writing direction follows it: control characters but tabs, and overrides of the
    /// direction.
    package var isControl: Bool {
        switch value {
        case 0x09: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// `properties.isWhitespace`, which is slow to ask for, with ASCII told at once.
    package var isSpace: Bool {
        value < 0x80 ? value == 0x20 || 0x09...0x0D ~= value : properties.isWhitespace
    }
}

extension Sequence<Unicode.Scalar> {
    /// The text with code points in place of what a reader cannot see: `(U+7)`.
    package func spellingOut(where isHidden: (Unicode.Scalar) -> Bool) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in self {
            if isHidden(scalar) {
                visible.append(contentsOf: "(U+\(String(scalar.value, radix: 16, uppercase: true)))".unicodeScalars)
            } else {
                visible.append(scalar)
            }
        }
        return String(visible)
    }
}
