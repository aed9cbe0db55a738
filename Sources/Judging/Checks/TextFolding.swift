// SPDX-License-Identifier: Apache-2.0

import Foundation

/// NFKC and full case folding, as terms and completions are compared.
package enum TextFolding {
    /// The text normalised to NFKC, case-folded, and normalised again (folding can denormalise).
    package static func fold(_ text: String) -> [Unicode.Scalar] {
        Array(compose(caseFold(compose(text))).unicodeScalars)
    }

    private static func compose(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCompatibilityMapping
    }

    /// Full case folding: lower case of upper case of lower case, for each scalar.
    ///
    /// It equals Unicode's C + F mappings but for the dotless i, which folds to itself, and for Cherokee, whose
    /// capitals these mappings make small; both sides of a comparison are folded alike.
    private static func caseFold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\u{131}" {
                folded.append(scalar)
            } else {
                folded.append(contentsOf: fold(scalar))
            }
        }
        return String(folded)
    }

    private static func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.isASCII { return [scalar.asciiLowercase] }
        return scalar.properties.lowercaseMapping.unicodeScalars
            .flatMap { $0.properties.uppercaseMapping.unicodeScalars }
            .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }
}

extension Unicode.Scalar {
    var asciiLowercase: Unicode.Scalar {
        (65...90).contains(value) ? Unicode.Scalar(UInt8(value) + 32) : self
    }

    /// A letter, mark or number: what words are made of.
    var isWord: Bool {
        if isASCII { return isASCIIDigit || (65...90).contains(value) || (97...122).contains(value) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    var isASCIIDigit: Bool { (48...57).contains(value) }

    var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// A letter of a script written without spaces (Han, kana, Thai, Lao, Khmer, Burmese): each is a word of its own.
    var isUnspaced: Bool {
        guard value >= 0xE00 else { return false }
        return properties.isIdeographic
            || Self.unspacedBlocks.contains { $0.contains(value) } && isWord
    }

    private static let unspacedBlocks: [ClosedRange<UInt32>] = [
        0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF,
    ]

    /// Whether nothing before this scalar can change what NFKC makes of it and what follows.
    var startsNormalizationSegment: Bool {
        if isASCII { return true }
        switch value {
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: return false  // Hangul jamo compose
        case 0x3130...0x318F, 0xFFA0...0xFFDC: return false  // and so do their compatibility forms
        case 0xE33, 0xEB3, 0xFF9E, 0xFF9F: return false  // these decompose to marks
        default: return !isMark
        }
    }
}
