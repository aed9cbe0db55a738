// SPDX-License-Identifier: Apache-2.0

/// How text is cut into words, inside which byte pairs merge.
///
/// Each case is a hand-written scanner that finds exactly the matches of the regular expression in its comment.
package enum PreTokenizer: String, Sendable, Hashable, CaseIterable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2 = "GPT-2"
    /// Every number scalar alone, then GPT-2's expression on each piece between.
    case smolLM = "SmolLM"
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case qwen2 = "Qwen2"

    /// Calls `body` with each word of well-formed UTF-8, in order; together the words are `range`.
    func forEachWord(
        in bytes: UnsafeBufferPointer<UInt8>,
        range: Range<Int>,
        _ body: (Range<Int>) -> Void
    ) {
        let reader = ScalarReader(bytes: bytes)
        switch self {
        case .gpt2: GPT2Scanner(reader: reader, end: range.upperBound).scan(from: range.lowerBound, body)
        case .smolLM: Self.scanAroundNumbers(reader, range, body)
        case .qwen2: Qwen2Scanner(reader: reader, end: range.upperBound).scan(from: range.lowerBound, body)
        }
    }

    private static func scanAroundNumbers(_ reader: ScalarReader, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var index = range.lowerBound
        while index < range.upperBound {
            let number = reader.endOfRun(from: index, to: range.upperBound) { $0 != .number }
            GPT2Scanner(reader: reader, end: number).scan(from: index, body)
            guard number < range.upperBound else { return }
            index = number + reader.kind(at: number).width
            body(number..<index)
        }
    }
}

/// The length of an English contraction's letters after an apostrophe: s, t, m, d, re, ve, ll.
@inline(__always)
private func contractionLength(_ first: UInt8, _ second: UInt8?) -> Int? {
    switch (first, second) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _): 1
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")): 2
    case (UInt8(ascii: "l"), UInt8(ascii: "l")): 2
    default: nil
    }
}

private let apostrophe = UInt8(ascii: "'")
private let blank = UInt8(ascii: " ")

/// What both scanners share.
private protocol WordScanner {
    var reader: ScalarReader { get }
    var end: Int { get }

    /// The end of the word that starts at `start`.
    func endOfWord(from start: Int) -> Int
}

extension WordScanner {
    @inline(__always)
    func scan(from start: Int, _ body: (Range<Int>) -> Void) {
        var index = start
        while index < end {
            let next = endOfWord(from: index)
            body(index..<next)
            index = next
        }
    }

    /// `\s+(?!\S)|\s+`: all white space of the run up to `runEnd` but for the last one before more text.
    func endOfBlanks(from start: Int, to runEnd: Int) -> Int {
        guard runEnd < end else { return runEnd }
        var last = runEnd - 1
        while reader.bytes[last] & 0xC0 == 0x80 { last -= 1 }
        return last > start ? last : runEnd
    }
}

private struct GPT2Scanner: WordScanner {
    let reader: ScalarReader
    let end: Int

    func endOfWord(from start: Int) -> Int {
        let byte = reader.bytes[start]
        if byte == apostrophe, let length = contraction(after: start) { return start + 1 + length }
        var (kind, width) = reader.kind(at: start)
        if byte == blank, start + 1 < end {
            let next = reader.kind(at: start + 1)
            if !next.kind.isWhitespace { (kind, width) = (next.kind, next.width + 1) }
        }
        if kind.isWhitespace {
            return endOfBlanks(from: start, to: reader.endOfRun(from: start, to: end) { $0.isWhitespace })
        }
        return reader.endOfRun(from: start + width, to: end) { $0 == kind }
    }

    private func contraction(after start: Int) -> Int? {
        guard start + 1 < end else { return nil }
        return contractionLength(reader.bytes[start + 1], start + 2 < end ? reader.bytes[start + 2] : nil)
    }
}

private struct Qwen2Scanner: WordScanner {
    let reader: ScalarReader
    let end: Int

    func endOfWord(from start: Int) -> Int {
        let byte = reader.bytes[start]
        if byte == apostrophe, let length = contraction(after: start) { return start + 1 + length }
        let (kind, width) = reader.kind(at: start)
        if kind == .letter { return endOfLetters(from: start + width) }
        if kind == .number { return start + width }
        let next = start + width < end ? reader.kind(at: start + width) : nil
        if kind != .lineEnd, let next, next.kind == .letter { return endOfLetters(from: start + width + next.width) }
        if kind == .other { return endOfSymbols(from: start + width) }
        if byte == blank, let next, next.kind == .other { return endOfSymbols(from: start + width + next.width) }
        return endOfWhitespace(from: start)
    }

    private func endOfLetters(from index: Int) -> Int {
        reader.endOfRun(from: index, to: end) { $0 == .letter }
    }

    private func endOfSymbols(from index: Int) -> Int {
        let symbols = reader.endOfRun(from: index, to: end) { $0 == .other }
        return reader.endOfRun(from: symbols, to: end) { $0 == .lineEnd }
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: through the run's last line end, or as in GPT-2's expression.
    private func endOfWhitespace(from start: Int) -> Int {
        let runEnd = reader.endOfRun(from: start, to: end) { $0.isWhitespace }
        let lineEnd = reader.bytes[start..<runEnd].lastIndex { $0 == 0x0A || $0 == 0x0D }
        return lineEnd.map { $0 + 1 } ?? endOfBlanks(from: start, to: runEnd)
    }

    /// Contractions in any case; U+017F (C5 BF) folds to s.
    private func contraction(after start: Int) -> Int? {
        guard start + 1 < end else { return nil }
        let first = reader.bytes[start + 1]
        let second = start + 2 < end ? reader.bytes[start + 2] : nil
        if first == 0xC5, second == 0xBF { return 2 }
        return contractionLength(first | 0x20, second.map { $0 | 0x20 })
    }
}
