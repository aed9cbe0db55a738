// SPDX-License-Identifier: Apache-2.0

/// A text as the lower-case words that the rules of polarity read, with the punctuation that parts clauses.
///
/// A hyphenated compound is one word. Words are cut on Unicode scalars; quotation marks and other signs are left out.
struct StatementText: Sendable, Hashable {
    /// Words, and commas, semicolons, full stops, colons and brackets by themselves.
    let words: [String]

    private static let marks: Set<Unicode.Scalar> = [",", ";", ".", ":", "(", ")", "?", "!"]
    private static let joints: Set<Unicode.Scalar> = ["-", "\u{2010}", "\u{2011}", "'", "\u{2019}"]

    /// Cuts a text.
    init(_ text: String) {
        let scalars = Array(text.lowercased().unicodeScalars)
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for (place, scalar) in scalars.enumerated() {
            let continues = !word.isEmpty && place + 1 < scalars.count && Self.isLetter(scalars[place + 1])
            if Self.isLetter(scalar) {
                word.append(scalar)
            } else if continues, Self.joints.contains(scalar) {
                word.append(scalar.value == 0x27 || scalar.value == 0x2019 ? "'" : "-")
            } else if continues, scalar == ".", Self.isDigit(scalars[place - 1]), Self.isDigit(scalars[place + 1]) {
                word.append(scalar)
            } else {
                if !word.isEmpty { words.append(String(word)) }
                word = String.UnicodeScalarView()
                if Self.marks.contains(scalar) { words.append(String(Character(scalar))) }
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        self.words = words
    }

    /// Whether a word is one of the punctuation marks.
    static func isMark(_ word: String) -> Bool {
        word.unicodeScalars.count == 1 && word.unicodeScalars.allSatisfy(marks.contains)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "%": true
        case _ where scalar.isASCII: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType == .decimal
    }
}
