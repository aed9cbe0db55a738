// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A text as checks compare it, with the way back to the original.
///
/// The scalars are NFKC-normalised and case-folded, typographic apostrophes and hyphens are plain ones, and `words` says
/// where words lie. Everything is counted in Unicode scalars, so `"a\r\nb"` holds a line feed here.
package struct FoldedText: Sendable {
    /// The folded scalars.
    package let scalars: [Unicode.Scalar]
    /// The words, in order, as ranges of ``scalars``.
    package let words: [Range<Int>]
    /// The text that was folded.
    package let original: String

    /// For each folded scalar the range of the original's scalars that it was made from, as UTF-8 offsets.
    private let sources: [Range<Int>]
    /// For each place between scalars, the ends included: whether it lies inside a word.
    private let isInsideWord: [Bool]

    /// Folds a text.
    package init(_ text: String) {
        var scalars: [Unicode.Scalar] = []
        var sources: [Range<Int>] = []
        for segment in NormalizationSegments(text: text) {
            let folded = Self.fold(segment.scalars)
            scalars += folded
            sources += repeatElement(segment.range, count: folded.count)
        }
        original = text
        words = WordSegmenter.words(in: scalars)
        var isInsideWord = [Bool](repeating: false, count: scalars.count + 1)
        for word in words {
            for place in word.dropFirst() { isInsideWord[place] = true }
        }
        self.scalars = scalars
        self.sources = sources
        self.isInsideWord = isInsideWord
    }

    /// The folded text.
    package var text: String {
        String(String.UnicodeScalarView(scalars))
    }

    /// One word as folded text.
    package func text(of range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }

    /// The verbatim passage of the original that a range of ``scalars`` was made from.
    package func passage(_ range: Range<Int>) -> String {
        guard let first = sources[range].first, let last = sources[range].last else { return "" }
        let utf8 = original.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: first.lowerBound)
        let end = utf8.index(utf8.startIndex, offsetBy: max(first.upperBound, last.upperBound))
        return String(original[start..<end])
    }

    /// Where `term` first stands at word boundaries.
    ///
    /// White space in the term stands for any run of white space.
    ///
    /// - Parameters:
    ///   - term: The term; blank ones are never found.
    ///   - range: The part of ``scalars`` to look at; all of them when `nil`.
    /// - Returns: The range in ``scalars``.
    package func firstRange(of term: FoldedText, in range: Range<Int>? = nil) -> Range<Int>? {
        let range = range ?? scalars.indices
        let pattern = term.trimmedScalars
        guard let first = pattern.first else { return nil }
        var start = range.lowerBound
        while start < range.upperBound {
            if scalars[start] == first, !isInsideWord[start],
                let end = end(of: pattern, from: start, before: range.upperBound), !isInsideWord[end]
            {
                return start..<end
            }
            start += 1
        }
        return nil
    }

    /// Whether `term` stands in the text at word boundaries.
    package func contains(_ term: FoldedText) -> Bool {
        firstRange(of: term) != nil
    }

    private func end(of pattern: ArraySlice<Unicode.Scalar>, from start: Int, before limit: Int) -> Int? {
        var place = start
        var index = pattern.startIndex
        while index < pattern.endIndex {
            guard place < limit else { return nil }
            if pattern[index].properties.isWhitespace {
                guard scalars[place].properties.isWhitespace else { return nil }
                while place < limit, scalars[place].properties.isWhitespace { place += 1 }
                while index < pattern.endIndex, pattern[index].properties.isWhitespace { index += 1 }
            } else {
                guard scalars[place] == pattern[index] else { return nil }
                place += 1
                index += 1
            }
        }
        return place
    }

    private var trimmedScalars: ArraySlice<Unicode.Scalar> {
        let rest = scalars.drop { $0.properties.isWhitespace }
        let trailing = rest.reversed().prefix { $0.properties.isWhitespace }.count
        return rest.dropLast(trailing)
    }
}

// MARK: - Folding

extension FoldedText {
    private static func fold(_ scalars: some Collection<Unicode.Scalar>) -> [Unicode.Scalar] {
        if scalars.count == 1, let scalar = scalars.first, scalar.isASCII {
            return [isUppercaseASCII(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar]
        }
        let compatible = nfkc(String(String.UnicodeScalarView(scalars)))
        return nfkc(caseFolded(compatible)).unicodeScalars.map(plain)
    }

    private static func isUppercaseASCII(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value)
    }

    private static func nfkc(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping
    }

    /// Case folding by way of the upper case, which brings ß to ss, ς to σ and ſ to s; the dotless ı stays.
    private static func caseFolded(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { folded, scalar in
            guard scalar != "\u{131}" else { return folded.unicodeScalars.append(scalar) }
            for upper in scalar.properties.uppercaseMapping.unicodeScalars {
                folded += upper.properties.lowercaseMapping
            }
        }
    }

    /// Typographic apostrophes and hyphens as the plain ones that term lists are written with.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{2018}", "\u{2019}", "\u{2BC}": "'"
        case "\u{2010}", "\u{2011}": "-"
        default: scalar
        }
    }
}

/// The stretches of a text that normalise on their own: a starter with what may combine with it.
private struct NormalizationSegments: Sequence, IteratorProtocol {
    private let view: String.UnicodeScalarView
    private var index: String.Index
    private var offset = 0

    init(text: String) {
        view = text.unicodeScalars
        index = view.startIndex
    }

    mutating func next() -> (scalars: Substring.UnicodeScalarView, range: Range<Int>)? {
        guard index < view.endIndex else { return nil }
        let start = index
        let startOffset = offset
        repeat {
            offset += UTF8.width(view[index])
            view.formIndex(after: &index)
        } while index < view.endIndex && Self.combines(view[index])
        return (view[start..<index], startOffset..<offset)
    }

    /// Whether normalisation may join the scalar to what stands before it.
    private static func combines(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        let properties = scalar.properties
        return properties.canonicalCombiningClass != .notReordered || properties.isGraphemeExtend
            || properties.generalCategory == .spacingMark
            // Vowels and final consonants of Hangul compose with the jamo before them.
            || (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value)
            // Halfwidth Hangul becomes jamo under compatibility.
            || (0xFFA0...0xFFDC).contains(scalar.value)
    }
}
