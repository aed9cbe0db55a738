// SPDX-License-Identifier: Apache-2.0

/// Where words lie in a run of Unicode scalars.
///
/// A word is a run of letters, marks, digits and underscores. An apostrophe between letters and a point or comma between
/// digits stay inside it ("don't", "3.5", "1,000"); a hyphen does not, and neither does a point between letters, so that
/// "fever.Then" is two words. Han ideographs and Hiragana, which are written without spaces, are a word each.
package enum WordSegmenter {
    /// The words in order.
    package static func words(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        let classes = scalars.map(WordClass.init)
        var words: [Range<Int>] = []
        var index = 0
        while index < classes.count {
            let end = end(of: index, in: classes)
            if end > index { words.append(index..<end) }
            index = max(end, index + 1)
        }
        return words
    }

    /// The end of the word that starts at `start`; `start` itself when none does.
    private static func end(of start: Int, in classes: [WordClass]) -> Int {
        guard classes[start].isWord else { return start }
        var end = start + 1
        while end < classes.count {
            if classes[end] == .mark
                || (classes[end].isWord && !isAlone(end - 1, in: classes) && classes[end] != .alone)
            {
                end += 1
            } else if end + 1 < classes.count, joins(classes[end], classes[end - 1], classes[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    /// Whether the scalar at `index`, marks on it left out, is a word by itself.
    private static func isAlone(_ index: Int, in classes: [WordClass]) -> Bool {
        classes[...index].last { $0 != .mark } == .alone
    }

    private static func joins(_ joint: WordClass, _ before: WordClass, _ after: WordClass) -> Bool {
        switch joint {
        case .apostrophe: (before == .letter || before == .mark) && after == .letter
        case .decimal: before == .digit && after == .digit
        default: false
        }
    }
}

private enum WordClass {
    case letter
    case digit
    case mark
    case alone
    case apostrophe
    case decimal
    case other

    var isWord: Bool {
        switch self {
        case .letter, .digit, .alone: true
        case .mark, .apostrophe, .decimal, .other: false
        }
    }

    init(_ scalar: Unicode.Scalar) {
        self = scalar.isASCII ? Self(ascii: UInt8(scalar.value)) : Self(beyondASCII: scalar)
    }

    private init(ascii byte: UInt8) {
        self =
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                .letter
            case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
            case UInt8(ascii: "'"): .apostrophe
            case UInt8(ascii: "."), UInt8(ascii: ","): .decimal
            default: .other
            }
    }

    private init(beyondASCII scalar: Unicode.Scalar) {
        if scalar.properties.isIdeographic || (0x3041...0x309F).contains(scalar.value) {
            self = scalar.properties.generalCategory == .nonspacingMark ? .mark : .alone
            return
        }
        self =
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                .letter
            case .decimalNumber: .digit
            case .nonspacingMark, .spacingMark, .enclosingMark: .mark
            default: scalar == "\u{2019}" ? .apostrophe : .other
            }
    }
}
