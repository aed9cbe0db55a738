// SPDX-License-Identifier: Apache-2.0

/// A text as terms see it, with the way back: NFKC, case-folded, runs of white space as one space.
struct NormalizedText: Sendable {
    private(set) var scalars: [Unicode.Scalar] = []
    /// For each normalised scalar, the raw scalars that it comes from.
    private(set) var origins: [Range<Int>] = []
    /// For each raw scalar, and the end: the first normalised scalar at or after it.
    private(set) var positions: [Int] = []
    /// Whether a term may start or end before each normalised scalar, and at the end: not inside a word.
    private(set) var cuts: [Bool] = []
    /// Where a term that begins with this scalar may start.
    private var starts: [Unicode.Scalar: [Int]] = [:]

    init(_ raw: [Unicode.Scalar]) {
        scalars.reserveCapacity(raw.count)
        origins.reserveCapacity(raw.count)
        positions.reserveCapacity(raw.count + 1)
        var index = 0
        while index < raw.count { index = appendSegment(of: raw, at: index) }
        positions.append(scalars.count)
        cuts = Self.cuts(in: scalars)
        for (index, scalar) in scalars.enumerated() where cuts[index] { starts[scalar, default: []].append(index) }
    }

    /// The places of `term`, which is folded already, at word boundaries.
    func occurrences(of term: [Unicode.Scalar]) -> [Range<Int>] {
        guard let first = term.first, let candidates = starts[first] else { return [] }
        return candidates.compactMap { start in
            let end = start + term.count
            guard end <= scalars.count, cuts[end], scalars[start..<end].elementsEqual(term) else { return nil }
            return start..<end
        }
    }

    /// The raw scalars that normalised scalars come from.
    func origin(of range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else { return 0..<0 }
        return origins[first].lowerBound..<origins[last].upperBound
    }

    /// The normalised scalars that raw scalars became.
    func range(of raw: Range<Int>) -> Range<Int> {
        positions[raw.lowerBound]..<positions[raw.upperBound]
    }

    /// A term as it is searched for: folded, white space collapsed and trimmed.
    static func term(_ text: String) -> [Unicode.Scalar] {
        let folded = TextFolding.fold(text)
        let words = folded.split { $0.properties.isWhitespace }
        return Array(words.joined(separator: [" "]))
    }

    private mutating func appendSegment(of raw: [Unicode.Scalar], at start: Int) -> Int {
        var end = start + 1
        while end < raw.count, !raw[end].startsNormalizationSegment { end += 1 }
        if end == start + 1, raw[start].isASCII {
            append([raw[start].asciiLowercase], from: start..<end)
        } else {
            append(TextFolding.fold(String(String.UnicodeScalarView(raw[start..<end]))), from: start..<end)
        }
        return end
    }

    private mutating func append(_ segment: [Unicode.Scalar], from origin: Range<Int>) {
        let position = scalars.count
        for scalar in segment {
            let isSpace = scalar.properties.isWhitespace
            if isSpace, scalars.last == " " {
                origins[scalars.count - 1] = origins[scalars.count - 1].lowerBound..<origin.upperBound
            } else {
                scalars.append(isSpace ? " " : scalar)
                origins.append(origin)
            }
        }
        positions.append(contentsOf: repeatElement(position, count: origin.count))
    }

    private static func cuts(in scalars: [Unicode.Scalar]) -> [Bool] {
        var cuts = [Bool](repeating: true, count: scalars.count + 1)
        var wasWord = false
        for (index, scalar) in scalars.enumerated() {
            let isWord = scalar.isWord
            if wasWord, isWord {
                cuts[index] = !scalar.isMark && (scalar.isUnspaced || scalars[index - 1].isUnspaced)
            }
            wasWord = isWord
        }
        return cuts
    }
}
