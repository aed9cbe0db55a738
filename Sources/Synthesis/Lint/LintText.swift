// SPDX-License-Identifier: Apache-2.0

/// A text with its words and a look at its bytes.
struct LintText: Sendable {
    /// The text.
    let text: String
    /// Its words in order.
    private(set) var words: [LintWord] = []
    /// Whether it holds bytes beyond ASCII.
    private(set) var isForeign = false
    /// Whether it holds a backslash.
    private(set) var hasBackslash = false
    /// Whether it holds a control character of ASCII or a line break.
    private(set) var hasControl = false
    /// Whether it holds a digit, a formula, a quotation or a list behind a colon.
    private(set) var hasSpecifics = false

    /// Takes a text apart.
    ///
    /// A word is a run of letters, digits and bytes beyond ASCII (general punctuation apart), with apostrophes inside.
    init(_ text: String, _ vocabulary: LintVocabulary) {
        self.text = text
        words.reserveCapacity(text.utf8.count / 6 + 1)
        var copy = text
        copy.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                index = note(bytes, at: index)
                guard index < bytes.count else { break }
                let end = Self.endOfWord(in: bytes, from: index)
                words.append(word(in: bytes, index..<end, vocabulary))
                index = end
            }
        }
    }

    /// The stems of the words with content, sorted, each once.
    var content: [UInt64] {
        var stems = words.lazy.filter(\.isContent).map(\.stem).sorted()
        var last: UInt64?
        stems.removeAll { stem in
            defer { last = stem }
            return stem == last
        }
        return stems
    }

    /// Whether a word turns the statement around, an odd number of times.
    var isNegated: Bool {
        words.count { $0.classes.contains(.negation) } % 2 == 1
    }

    /// A hash of the words in order, whatever stands between them.
    var wordsHash: UInt64 {
        words.reduce(.wordHash) { $0.hashed(withWord: $1.hash) }
    }

    /// Passes what is no word, and notes what it is.
    private mutating func note(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var index = start
        while index < bytes.count, !Self.isWord(bytes, index) {
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                hasBackslash = true
                hasSpecifics = true
            case 0..<0x20, 0x7F: hasControl = true
            case UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: ":"): hasSpecifics = true
            case 0x80...: isForeign = true
            default: break
            }
            index += 1
        }
        return index
    }

    private mutating func word(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ vocabulary: LintVocabulary
    ) -> LintWord {
        var hash = UInt64.wordHash
        var isForeign = false
        for index in range {
            hash = hash.hashed(with: bytes[index].lowercased)
            if bytes[index] >= 0x80 { isForeign = true }
        }
        let first = bytes[range.lowerBound]
        let isNumber = first &- UInt8(ascii: "0") < 10
        if isForeign { self.isForeign = true }
        let isOption = range.count == 1 && range.lowerBound > 0 && bytes[range.lowerBound - 1] == UInt8(ascii: "(")
        if isNumber || isOption { hasSpecifics = true }
        return LintWord(
            hash: hash,
            stem: isForeign ? hash : Self.stem(bytes, range),
            range: range,
            classes: vocabulary.classes(of: hash),
            isExact: isNumber || isOption,
            isCapitalized: first &- UInt8(ascii: "A") < 26,
            isForeign: isForeign
        )
    }

    private static func endOfWord(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if isWord(bytes, index) {
                index += 1
            } else if bytes[index] == UInt8(ascii: "'"), index + 1 < bytes.count, isWord(bytes, index + 1) {
                index += 1
            } else {
                break
            }
        }
        return index
    }

    /// Letters, digits and bytes beyond ASCII, but not of general punctuation (E2 80 xx and E2 81 xx).
    private static func isWord(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 {
            return (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
        }
        func isPunctuation(from lead: Int) -> Bool {
            lead >= 0 && lead + 1 < bytes.count && bytes[lead] == 0xE2 && bytes[lead + 1] & 0xFE == 0x80
        }
        return !isPunctuation(from: index)
            && !(byte & 0xC0 == 0x80 && (isPunctuation(from: index - 1) || isPunctuation(from: index - 2)))
    }

    /// The hash without the endings of English inflection; rough, but the same for the same word.
    private static func stem(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        let start = range.lowerBound
        var end = range.upperBound
        func ends(_ suffix: StaticString, atLeast count: Int) -> Bool {
            let length = suffix.utf8CodeUnitCount
            guard end - start >= count else { return false }
            return (0..<length).allSatisfy { bytes[end - length + $0].lowercased == suffix.utf8Start[$0] }
        }
        if ends("s", atLeast: 4), !ends("ss", atLeast: 4), !ends("us", atLeast: 4), !ends("is", atLeast: 4) { end -= 1 }
        if ends("ing", atLeast: 7) {
            end -= 3
        } else if ends("ed", atLeast: 6) || ends("ly", atLeast: 7) {
            end -= 2
        }
        if ends("e", atLeast: 5) { end -= 1 }
        return (start..<end).reduce(.wordHash) { $0.hashed(with: bytes[$1].lowercased) }
    }
}

extension UInt8 {
    /// An ASCII letter in lower case, anything else as it is.
    var lowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}
