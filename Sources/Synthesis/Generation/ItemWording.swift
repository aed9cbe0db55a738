// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Looks for words that an item must do without, at word boundaries and in any case.
enum ItemWording {
    /// A category written before the statement, as in `Essential Criteria: …`.
    static func prefix(of text: String) -> String? {
        let words = folded(text)
        guard let first = words.first, categories.contains(first.word) else { return nil }
        let colon = words.prefix(2).first { $0.text.utf8.last == UInt8(ascii: ":") }
        guard colon != nil else { return nil }
        return words.prefix { $0.text.utf8.last != UInt8(ascii: ":") }.map { $0.text + " " }.joined()
            + (colon?.text ?? "")
    }

    /// What a judge of the item alone could not see: the reference answer, other items, pictures.
    static func outsideReference(in text: String) -> String? {
        let words = folded(text).map(\.word)
        return outside.first { contains($0, in: words) }?.joined(separator: " ")
    }

    /// What joins two statements: a semicolon, or "and" with another finding behind it.
    static func joint(in text: String) -> String? {
        let words = folded(text)
        if let word = words.dropLast().first(where: { $0.text.utf8.last == UInt8(ascii: ";") }) { return word.text }
        for place in words.indices.dropFirst() where ["and", "but"].contains(words[place].word) {
            let next = words[(place + 1)...].first { $0.word != "also" && $0.word != "then" }
            if let next, findings.contains(next.word) { return "\(words[place].word) \(next.word)" }
        }
        return nil
    }

    private static func contains(_ phrase: [String], in words: [String]) -> Bool {
        guard words.count >= phrase.count else { return false }
        return (0...(words.count - phrase.count)).contains { start in
            phrase.indices.allSatisfy { words[start + $0].isExactly(phrase[$0]) }
        }
    }

    /// The words in lower case without punctuation around them, each with its text.
    private static func folded(_ text: String) -> [(text: String, word: String)] {
        text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { part in
            let isLetter = { (scalar: Unicode.Scalar) in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            }
            let start = part.drop { !isLetter($0) }
            let end = start.lastIndex(where: isLetter).map(start.index(after:)) ?? start.startIndex
            return (String(part), String(start[start.startIndex..<end]).lowercased())
        }
    }

    private static let categories: Set<String> = ["essential", "important", "optional", "pitfall"]

    private static let outside = [
        "the reference", "reference answer", "reference response", "ideal answer", "ideal response", "model answer",
        "gold answer", "expected answer", "answer key", "the rubric", "this rubric", "previous item",
        "previous criterion", "other items", "other criteria", "mentioned above", "described above", "listed above",
        "stated above",
        "given above", "see above", "the above", "as above", "mentioned below", "listed below", "in the image",
        "the image above", "in the figure", "the figure above", "in the picture", "the attached",
    ].map { $0.split(separator: " ").map(String.init) }

    /// What items begin with: the same after an "and" begins a second one.
    private static let findings: Set<String> = [
        "states", "names", "explains", "mentions", "recommends", "identifies", "describes", "notes", "lists", "warns",
        "advises", "calculates", "derives", "concludes", "suggests", "asks", "clarifies", "acknowledges", "discusses",
        "outlines", "specifies",
    ]
}
