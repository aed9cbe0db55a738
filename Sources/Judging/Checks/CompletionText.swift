// SPDX-License-Identifier: Apache-2.0

/// A completion made ready for checks, once for all criteria: scalars, normalised text, words and sentences.
package struct CompletionText: Sendable {
    /// One sentence of a completion.
    struct Sentence: Sendable {
        /// Its raw scalars.
        var raw: Range<Int>
        /// Its normalised scalars.
        var normalized: Range<Int>
        /// How many words it has.
        var wordCount: Int
    }

    let string: String
    let raw: [Unicode.Scalar]
    let normalized: NormalizedText
    /// The words, as ranges of the normalised text.
    let words: [Range<Int>]
    let sentences: [Sentence]

    /// Makes a completion ready.
    ///
    /// - Complexity: O(n) in its length.
    package init(_ completion: String) {
        string = completion
        raw = Array(completion.unicodeScalars)
        let normalized = NormalizedText(raw)
        let words = Words.ranges(in: normalized)
        self.normalized = normalized
        self.words = words
        var next = 0
        sentences = Sentences.ranges(in: raw).map { range in
            let text = normalized.range(of: range)
            while next < words.count, words[next].lowerBound < text.lowerBound { next += 1 }
            let first = next
            while next < words.count, words[next].lowerBound < text.upperBound { next += 1 }
            return Sentence(raw: range, normalized: text, wordCount: next - first)
        }
    }

    /// The completion's own text between two scalars.
    func passage(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(raw[range]))
    }

    /// The completion's own text behind a part of the normalised text.
    func passage(normalized range: Range<Int>) -> String {
        passage(normalized.origin(of: range))
    }
}
