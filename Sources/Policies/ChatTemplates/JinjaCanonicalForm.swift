// SPDX-License-Identifier: Apache-2.0

/// A Jinja template without what does not matter to its output, so that known templates are found in any layout.
///
/// Inside tags, white space is dropped where no two words meet, quotes become single ones, `x['key']` becomes `x.key`, a
/// line end in a text becomes `\n`, and `'a' + 'b'` becomes `'ab'`. Between tags, white space is dropped where the tags
/// strip it (`{%-`, or `trim_blocks` and `lstrip_blocks`, which `transformers` sets).
struct JinjaCanonicalForm {
    private(set) var text: [UInt8] = []
    private let source: [UInt8]
    private var index = 0

    init(_ source: String) {
        self.source = Array(source.utf8)
        while index < self.source.count {
            between()
            tag()
        }
        text = Self.joined(text)
    }

    /// Text up to the next tag.
    private mutating func between() {
        let start = index
        while index < source.count, !isTagStart(at: index) { index += 1 }
        let outside = source[start..<index]
        guard outside.contains(where: { !isSpace($0) }) || !isStripped(start, index) else { return }
        text += outside
    }

    private func isTagStart(at index: Int) -> Bool {
        source[index] == UInt8(ascii: "{") && index + 1 < source.count
            && [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(source[index + 1])
    }

    /// Whether white space between two tags leaves no trace.
    private func isStripped(_ start: Int, _ end: Int) -> Bool {
        guard start < end, start > 0, end < source.count else { return true }
        if start >= 3, source[start - 3] == UInt8(ascii: "-") { return true }
        if end + 2 < source.count, source[end + 2] == UInt8(ascii: "-") { return true }
        let isAfterBlock = source[start - 2] == UInt8(ascii: "%")
        let isBeforeBlock = source[end + 1] == UInt8(ascii: "%")
        let isOneLineEnd = source[start] == 0x0A && !source[start + 1..<end].contains(0x0A)
        return isAfterBlock && isOneLineEnd && (isBeforeBlock || end == start + 1)
    }

    /// One tag, `{{ … }}`, `{% … %}` or `{# … #}`; comments vanish.
    private mutating func tag() {
        guard index + 1 < source.count else { return }
        let kind = source[index + 1]
        let close = kind == UInt8(ascii: "{") ? UInt8(ascii: "}") : kind
        let isComment = kind == UInt8(ascii: "#")
        if !isComment { text += source[index...index + 1] }
        index += 2
        if index < source.count, source[index] == UInt8(ascii: "-") { index += 1 }
        while index < source.count, !isTagEnd(close) {
            if isComment { index += 1 } else { token() }
        }
        index = min(index + (index < source.count && source[index] == UInt8(ascii: "-") ? 3 : 2), source.count)
        if !isComment { text += [close, UInt8(ascii: "}")] }
    }

    private func isTagEnd(_ close: UInt8) -> Bool {
        let start = source[index] == UInt8(ascii: "-") ? index + 1 : index
        return start + 1 < source.count && source[start] == close && source[start + 1] == UInt8(ascii: "}")
    }

    private mutating func token() {
        let byte = source[index]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return literal(quote: byte) }
        if isSpace(byte) { return space() }
        text.append(byte)
        index += 1
    }

    private mutating func space() {
        while index < source.count, isSpace(source[index]) { index += 1 }
        guard index < source.count, let last = text.last else { return }
        if isWord(last), isWord(source[index]) { text.append(UInt8(ascii: " ")) }
    }

    private mutating func literal(quote: UInt8) {
        var content: [UInt8] = []
        index += 1
        while index < source.count, source[index] != quote {
            switch source[index] {
            case 0x0A: content += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "'"): content += [UInt8(ascii: "\\"), UInt8(ascii: "'")]
            case UInt8(ascii: "\\") where index + 1 < source.count:
                let isQuote = source[index + 1] == UInt8(ascii: "\"")
                content += isQuote ? [UInt8(ascii: "\"")] : source[index...index + 1]
                index += 1
            default: content.append(source[index])
            }
            index += 1
        }
        index = min(index + 1, source.count)
        if text.last == UInt8(ascii: "["), index < source.count, source[index] == UInt8(ascii: "]"),
            content.allSatisfy(isWord), let owner = text.dropLast().last, isWord(owner) || owner == UInt8(ascii: "]")
        {
            text[text.count - 1] = UInt8(ascii: ".")
            text += content
            index += 1
        } else {
            text += [UInt8(ascii: "'")] + content + [UInt8(ascii: "'")]
        }
    }

    /// `'a'+'b'` in one piece.
    private static func joined(_ text: [UInt8]) -> [UInt8] {
        let seam = Array("'+'".utf8)
        var result: [UInt8] = []
        for byte in text {
            result.append(byte)
            if result.suffix(3).elementsEqual(seam), result.dropLast(3).last != UInt8(ascii: "\\") {
                result.removeLast(3)
            }
        }
        return result
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || Unicode.Scalar(byte).properties.isAlphabetic
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
