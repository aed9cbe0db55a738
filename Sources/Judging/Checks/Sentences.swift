// SPDX-License-Identifier: Apache-2.0

/// Splits a raw completion into sentences.
///
/// A sentence ends at a newline or a list item, or at a run of `.`, `!`, `?` (with closing quotes and brackets) before
/// white space; never inside a number, whose point has no white space after it, or a listed abbreviation. The marker
/// of a list item belongs to no sentence.
package enum Sentences {
    /// Abbreviations whose full stop never ends a sentence.
    static let always: Set<String> = [
        "e.g.", "i.e.", "vs.", "cf.", "ca.", "approx.", "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "resp.",
        "u.s.", "u.k.", "e.u.",
    ]
    /// Abbreviations that may end a sentence: their full stop does when an upper-case letter follows.
    static let beforeLowercase: Set<String> = [
        "etc.", "a.m.", "p.m.", "jr.", "sr.", "min.", "mins.", "max.", "hr.", "hrs.", "sec.",
        "temp.", "oz.", "lb.", "lbs.", "tsp.", "tbsp.", "ft.", "wt.", "al.", "vol.", "inc.", "ltd.",
    ]
    /// Abbreviations before a number only; elsewhere they are words that end a sentence.
    static let beforeNumber: Set<String> = ["no.", "nos.", "fig.", "figs.", "p.", "pp.", "eq.", "ch.", "sect."]

    /// Where the sentence ends that starts at `start` and goes on to the end of `line` at most.
    static func end(from start: Int, line: Range<Int>, in raw: [Unicode.Scalar]) -> Int {
        (start..<line.upperBound).lazy.compactMap { end(at: $0, from: start, line: line, in: raw) }.first
            ?? line.upperBound
    }

    /// The sentences of a text that hold a word, without white space around.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The sentences in order; joined by spaces they are the text but for its layout.
    package static func texts(in text: String) -> [String] {
        let raw = Array(text.unicodeScalars)
        return ranges(in: raw).map { String(String.UnicodeScalarView(raw[$0])) }
    }

    /// The sentences of `raw` that hold a word, as ranges of its scalars without white space around.
    package static func ranges(in raw: [Unicode.Scalar]) -> [Range<Int>] {
        var sentences: [Range<Int>] = []
        for line in lines(of: raw) {
            var start = skipMarker(of: line, in: raw)
            var index = start
            while index < line.upperBound {
                defer { index += 1 }
                if raw[index].isInlineBullet {
                    append(start..<index, of: raw, to: &sentences)
                    start = index + 1
                } else if let end = end(at: index, from: start, line: line, in: raw) {
                    append(start..<end, of: raw, to: &sentences)
                    start = end
                    index = end - 1
                }
            }
            append(start..<line.upperBound, of: raw, to: &sentences)
        }
        return sentences
    }

    private static func lines(of raw: [Unicode.Scalar]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for index in raw.indices where raw[index].isNewline {
            lines.append(start..<index)
            start = index + 1
        }
        return lines + [start..<raw.count]
    }

    /// The first scalar after a list item's marker: `-`, `*`, `+`, `•`, or up to three digits with `.` or `)`.
    private static func skipMarker(of line: Range<Int>, in raw: [Unicode.Scalar]) -> Int {
        let text = raw[line].drop { $0.properties.isWhitespace }
        var rest = text
        if let bullet = rest.first, bullet.isBullet {
            rest = rest.dropFirst()
        } else {
            rest = rest.drop { $0.isASCIIDigit }
            guard (1...3).contains(text.count - rest.count), let mark = rest.first, mark == "." || mark == ")" else {
                return line.lowerBound
            }
            rest = rest.dropFirst()
        }
        guard let space = rest.first, space.properties.isWhitespace else { return line.lowerBound }
        return rest.startIndex
    }

    /// Where the sentence ends that has one of `.!?` at `index`, or `nil` when it goes on.
    private static func end(at index: Int, from start: Int, line: Range<Int>, in raw: [Unicode.Scalar]) -> Int? {
        guard raw[index].isTerminator else { return nil }
        let tail = raw[index..<line.upperBound].drop { $0.isTerminator || $0.isCloser }
        guard let next = tail.first else { return line.upperBound }
        guard next.properties.isWhitespace else { return nil }
        if raw[index] == ".", isAbbreviation(at: index, from: start, before: tail, in: raw) { return nil }
        return tail.startIndex
    }

    private static func isAbbreviation(
        at index: Int,
        from start: Int,
        before tail: ArraySlice<Unicode.Scalar>,
        in raw: [Unicode.Scalar]
    ) -> Bool {
        var first = index
        while first > start, !raw[first - 1].properties.isWhitespace { first -= 1 }
        let token = raw[first...index].drop { !$0.isWord }
        guard token.count <= 7 else { return false }
        let word = String(String.UnicodeScalarView(token.map(\.asciiLowercase)))
        if always.contains(word) { return true }
        guard let next = tail.first(where: { !$0.properties.isWhitespace && $0.isWord }) else { return false }
        if beforeNumber.contains(word) { return next.isDigit }
        return beforeLowercase.contains(word) && !next.properties.isUppercase
    }

    private static func append(_ range: Range<Int>, of raw: [Unicode.Scalar], to sentences: inout [Range<Int>]) {
        let text = raw[range].drop { $0.properties.isWhitespace }
        guard text.contains(where: \.isWord) else { return }
        var end = text.endIndex
        while raw[end - 1].properties.isWhitespace { end -= 1 }
        sentences.append(text.startIndex..<end)
    }
}

extension Unicode.Scalar {
    fileprivate var isTerminator: Bool { self == "." || self == "!" || self == "?" }

    fileprivate var isCloser: Bool {
        switch self {
        case "\"", "'", "\u{201D}", "\u{2019}", "\u{BB}", ")", "]", "*", "_", "`": true
        default: false
        }
    }

    fileprivate var isNewline: Bool {
        (10...13).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029
    }

    fileprivate var isBullet: Bool {
        self == "-" || self == "*" || self == "+" || self == "\u{2013}" || isInlineBullet
    }

    /// A bullet that is one wherever it stands.
    fileprivate var isInlineBullet: Bool {
        self == "\u{2022}" || self == "\u{2023}" || self == "\u{25AA}" || self == "\u{25CF}"
    }
}
