// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Text that somebody else wrote, as a terminal may show it: control characters become their code points, so that no
/// completion moves the cursor or hides what stands beside it.
struct ShownText {
    /// The lines, which end at line feeds, with or without a carriage return before them.
    let lines: [String]

    init(_ text: String) {
        let parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        lines = parts.enumerated().map { place, part in
            let isEnded = place < parts.count - 1 && part.last == "\r"
            return (isEnded ? part.dropLast() : part).spellingOut(where: \.isControl)
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
}
