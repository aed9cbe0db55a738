// SPDX-License-Identifier: Apache-2.0

/// A set of Unicode scalars as a regular expression describes one: `a`, `[^a-z\d]`, `\w`, `\p{Lu}`, `.`.
struct ScalarClass: Sendable {
    /// One member of a bracketed class.
    enum Member: Sendable {
        case range(ClosedRange<UInt32>)
        case digit
        case word
        case space
        case categories(Set<Unicode.GeneralCategory>)
        indirect case not(Member)
    }

    private let members: [Member]
    private let isNegated: Bool
    private let ignoresCase: Bool
    /// One bit for each ASCII scalar, since nearly all text is ASCII.
    private let ascii: (low: UInt64, high: UInt64)

    init(_ members: [Member], isNegated: Bool = false, ignoresCase: Bool = false) {
        self.members = members
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        var bits: (low: UInt64, high: UInt64) = (0, 0)
        for value in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(value)
            guard Self.contains(scalar, members: members, ignoresCase: ignoresCase) != isNegated else { continue }
            if value < 64 { bits.low |= 1 << value } else { bits.high |= 1 << (value - 64) }
        }
        ascii = bits
    }

    /// Whether `scalar` belongs to the class.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 64 { return ascii.low >> value & 1 == 1 }
        if value < 128 { return ascii.high >> (value - 64) & 1 == 1 }
        return Self.contains(scalar, members: members, ignoresCase: ignoresCase) != isNegated
    }

    private static func contains(_ scalar: Unicode.Scalar, members: [Member], ignoresCase: Bool) -> Bool {
        if members.contains(where: { $0.contains(scalar) }) { return true }
        guard ignoresCase else { return false }
        return scalar.caseVariants.contains { variant in members.contains { $0.contains(variant) } }
    }
}

extension ScalarClass.Member {
    fileprivate func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .range(let range): range.contains(scalar.value)
        case .digit: scalar.properties.generalCategory == .decimalNumber
        case .word: scalar.isRegexWord
        case .space: scalar.properties.isWhitespace
        case .categories(let categories): categories.contains(scalar.properties.generalCategory)
        case .not(let member): !member.contains(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// `\w`: alphabetic scalars, marks, decimal digits and connectors such as `_` (UTS #18, annex C).
    var isRegexWord: Bool {
        if isASCII {
            return (48...57).contains(value) || (65...90).contains(value) || (97...122).contains(value) || value == 95
        }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }

    /// The scalar in its other cases, where those are one scalar: `(?i)k` also matches `K` and the Kelvin sign.
    fileprivate var caseVariants: [Unicode.Scalar] {
        let lower = Self.only(properties.lowercaseMapping) ?? self
        let upper = Self.only(properties.uppercaseMapping) ?? self
        let folded = Self.only(upper.properties.lowercaseMapping) ?? self
        return [lower, upper, folded]
    }

    private static func only(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}

/// The names that `\p{…}` knows: the general categories of Unicode, one or two letters.
enum ScalarCategories {
    static func named(_ name: String) -> Set<Unicode.GeneralCategory>? {
        let matching = codes.filter { $0.code == name || (name.count == 1 && $0.code.hasPrefix(name)) }
        return matching.isEmpty ? nil : Set(matching.map(\.category))
    }

    private static let codes: [(code: String, category: Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
        ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
        ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
        ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation), ("Pi", .initialPunctuation),
        ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
        ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
        ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format), ("Cs", .surrogate),
        ("Co", .privateUse), ("Cn", .unassigned),
    ]
}
