// SPDX-License-Identifier: Apache-2.0

/// Words of a normalised text: runs of letters, marks and numbers.
///
/// An apostrophe between two of them stays inside a word (`don't`), and so does `.` or `,` between digits (`37.5`);
/// a hyphen parts words. Each letter of a script without spaces is a word.
enum Words {
    static func ranges(in text: NormalizedText) -> [Range<Int>] {
        let scalars = text.scalars
        var words: [Range<Int>] = []
        var start = 0
        while start < scalars.count {
            guard scalars[start].isWord else {
                start += 1
                continue
            }
            var end = start + 1
            while end < scalars.count {
                if scalars[end].isWord, !text.cuts[end] {
                    end += 1
                } else if joins(end, in: scalars) {
                    end += 2
                } else {
                    break
                }
            }
            words.append(start..<end)
            start = end
        }
        return words
    }

    private static func joins(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard index + 1 < scalars.count, scalars[index + 1].isWord else { return false }
        switch scalars[index] {
        case "'", "\u{2019}": return true
        case ".", ",": return scalars[index - 1].isDigit && scalars[index + 1].isDigit
        default: return false
        }
    }
}

extension Unicode.Scalar {
    /// A decimal digit of any script.
    var isDigit: Bool {
        isASCII ? isASCIIDigit : properties.generalCategory == .decimalNumber
    }
}
