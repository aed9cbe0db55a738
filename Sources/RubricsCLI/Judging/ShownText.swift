// SPDX-License-Identifier: Apache-2.0

/// Text that somebody else wrote, as a terminal may show it: control characters become their code points, so that no
/// completion moves the cursor or hides what stands beside it.
struct ShownText {
    /// The lines, which end at line feeds, with or without a carriage return before them.
    let lines: [String]

    init(_ text: String) {
        let parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        lines = parts.enumerated().map { place, part in
            let isEnded = place < parts.count - 1 && part.last == "\r"
            return Self.visible(isEnded ? part.dropLast() : part)
        }
    }

    /// Every line after the same indentation.
    func indented(by indentation: Int = 2) -> String {
        let space = String(repeating: " ", count: indentation)
        return lines.map { space + $0 }.joined(separator: "\n")
    }

    /// Lines that follow a heading on the first one's line.
    func following(indentation: Int) -> String {
        lines.joined(separator: "\n" + String(repeating: " ", count: indentation))
    }

    private static func visible(_ scalars: Substring.UnicodeScalarView) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in scalars {
            if isHidden(scalar) {
                visible.append(contentsOf: "(U+\(String(scalar.value, radix: 16, uppercase: true)))".unicodeScalars)
            } else {
                visible.append(scalar)
            }
        }
        return String(visible)
    }

    /// Control characters but tabs, and overrides of the writing direction.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
