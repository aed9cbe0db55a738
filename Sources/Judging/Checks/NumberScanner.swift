// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds the numbers in a text.
///
/// - Digits with thousands separators (`12,500`, also a no-break or thin space), a decimal point, a sign (`-`, `−`)
///   where no word, digit or point stands before it, and an exponent (`1.5e-3`, `1.5 × 10^-3`, `1.5 × 10⁻³`).
/// - A single comma that parts no group of three is a decimal comma: `1,5` is 1.5, `1,500` is 1500, `0,500` is 0.5.
/// - Fractions: `½`, `2½`, and of halves, thirds, quarters, eighths and sixteenths `1/2`, `2 1/2`.
/// - Digits inside a word (`B12`, `H2O`), of an ordinal (`5th`) or with several points (`1.2.3`) are no numbers.
struct NumberScanner {
    struct Match: Sendable {
        var value: Double
        /// The scalars of the number, its sign included.
        var range: Range<Int>
    }

    private let text: [Unicode.Scalar]
    private var index = 0

    init(_ text: [Unicode.Scalar]) {
        self.text = text
    }

    /// All numbers, in order.
    static func numbers(in text: [Unicode.Scalar]) -> [Match] {
        var scanner = Self(text)
        var matches: [Match] = []
        while scanner.index < text.count {
            if let match = scanner.scan() { matches.append(match) }
        }
        return matches
    }

    /// The value of a text that is one number and nothing else.
    static func value(of text: [Unicode.Scalar]) -> Double? {
        guard let match = numbers(in: text).first, match.range == 0..<text.count else { return nil }
        return match.value
    }

    private func scalar(at index: Int) -> Unicode.Scalar? {
        text.indices.contains(index) ? text[index] : nil
    }

    /// Reads the number that starts at `index`, if one does, and moves past what was read.
    private mutating func scan() -> Match? {
        let start = index
        guard startsNumber(at: start) else {
            index += 1
            return nil
        }
        var digits = takeInteger()
        let leading = digits.count
        if let fraction = takeFraction(after: leading) { digits += "." + fraction }
        let vulgar = takeVulgarFraction() + takeWrittenFraction(after: &digits)
        takeExponent(into: &digits)
        guard let value = Double(digits.isEmpty ? "0" : digits), value.isFinite, !continuesWord() else {
            skipWord()
            return nil
        }
        let isNegative = hasSign(before: start)
        let magnitude = value + vulgar
        return Match(value: isNegative ? -magnitude : magnitude, range: (isNegative ? start - 1 : start)..<index)
    }

    private func startsNumber(at index: Int) -> Bool {
        guard let first = scalar(at: index) else { return false }
        let isDecimalPoint = first == "." && scalar(at: index + 1)?.isDigit == true
        guard first.isDigit || isDecimalPoint || first.vulgarFraction != nil else { return false }
        guard let before = scalar(at: index - 1) else { return true }
        return !(before.isWord || before == "." || before == "_")
    }

    private func hasSign(before start: Int) -> Bool {
        guard let sign = scalar(at: start - 1), sign == "-" || sign == "\u{2212}" else { return false }
        guard let before = scalar(at: start - 2) else { return true }
        return !(before.isWord || before == "." || before == ")" || before == "%" || before == "\u{B0}")
    }

    /// The digits before the decimal point; thousands separators are left out.
    private mutating func takeInteger() -> String {
        var digits = takeDigits()
        guard (1...3).contains(digits.count), digits != "0" else { return digits }
        let separator = scalar(at: index)
        while let separator, separator.isThousandsSeparator, scalar(at: index) == separator {
            guard (1...3).allSatisfy({ scalar(at: index + $0)?.isDigit == true }) else { break }
            guard scalar(at: index + 4)?.isDigit != true else { break }
            index += 1
            digits += takeDigits()
        }
        return digits
    }

    private mutating func takeDigits() -> String {
        let start = index
        while scalar(at: index)?.isDigit == true { index += 1 }
        return text[start..<index].map { String(Int($0.properties.numericValue ?? 0)) }.joined()
    }

    private mutating func takeFraction(after leadingDigits: Int) -> String? {
        guard scalar(at: index + 1)?.isDigit == true else { return nil }
        switch scalar(at: index) {
        case ".": break
        case "," where leadingDigits > 0 && isDecimalComma(): break
        default: return nil
        }
        index += 1
        return takeDigits()
    }

    /// Whether the comma at `index` is the only one in its run of digits.
    private func isDecimalComma() -> Bool {
        var end = index + 1
        while scalar(at: end)?.isDigit == true { end += 1 }
        if scalar(at: end) == ",", scalar(at: end + 1)?.isDigit == true { return false }
        var start = index - 1
        while scalar(at: start)?.isDigit == true { start -= 1 }
        return scalar(at: start) != ","
    }

    private mutating func takeVulgarFraction() -> Double {
        guard let fraction = scalar(at: index)?.vulgarFraction else { return 0 }
        index += 1
        return fraction
    }

    /// `/2` after `1`, which is taken from `digits`, or ` 1/2` after any whole number.
    private mutating func takeWrittenFraction(after digits: inout String) -> Double {
        let isWhole = !digits.isEmpty && digits.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard isWhole, scalar(at: index)?.vulgarFraction == nil else { return 0 }
        let start = index
        if let over = takeDenominator(of: digits) {
            defer { digits = "" }
            return (Double(digits) ?? 0) / over
        }
        skipSpaces()
        let numerator = index > start ? takeDigits() : ""
        if !numerator.isEmpty, let over = takeDenominator(of: numerator) { return (Double(numerator) ?? 0) / over }
        index = start
        return 0
    }

    /// `/2` where that is a common denominator above the numerator and ends the fraction.
    private mutating func takeDenominator(of numerator: String) -> Double? {
        let start = index
        guard scalar(at: index) == "/" else { return nil }
        index += 1
        if let over = Int(takeDigits()), let part = Int(numerator), [2, 3, 4, 8, 16].contains(over), part > 0,
            part < over, scalar(at: index) != "/", scalar(at: index)?.isWord != true
        {
            return Double(over)
        }
        index = start
        return nil
    }

    private mutating func takeExponent(into digits: inout String) {
        guard !digits.isEmpty else { return }
        let start = index
        if let exponent = takeScientific() ?? takePowerOfTen() {
            digits += "e" + exponent
        } else {
            index = start
        }
    }

    /// `e-3`.
    private mutating func takeScientific() -> String? {
        guard let mark = scalar(at: index), mark == "e" || mark == "E" else { return nil }
        index += 1
        return takeSignedDigits()
    }

    /// `× 10^-3`, `x 10^3`, `·10⁻³`.
    private mutating func takePowerOfTen() -> String? {
        skipSpaces()
        guard let times = scalar(at: index), "×x*·⋅".unicodeScalars.contains(times) else { return nil }
        index += 1
        skipSpaces()
        guard scalar(at: index) == "1", scalar(at: index + 1) == "0" else { return nil }
        index += 2
        if scalar(at: index) == "^" {
            index += 1
            let isBraced = scalar(at: index) == "{"
            if isBraced { index += 1 }
            guard let exponent = takeSignedDigits() else { return nil }
            if isBraced, scalar(at: index) == "}" { index += 1 }
            return exponent
        }
        return takeSuperscript()
    }

    private mutating func takeSignedDigits() -> String? {
        var exponent = ""
        if let sign = scalar(at: index), sign == "-" || sign == "\u{2212}" || sign == "+" {
            if sign != "+" { exponent = "-" }
            index += 1
        }
        let digits = takeDigits()
        return digits.isEmpty || digits.count > 4 ? nil : exponent + digits
    }

    private mutating func takeSuperscript() -> String? {
        var exponent = ""
        if scalar(at: index) == "\u{207B}" {
            exponent = "-"
            index += 1
        }
        let start = index
        while let digit = scalar(at: index), digit.properties.numericType == .digit, digit.isSuperscript {
            exponent += String(Int(digit.properties.numericValue ?? 0))
            index += 1
        }
        return (1...4).contains(index - start) ? exponent : nil
    }

    private mutating func skipSpaces() {
        while scalar(at: index)?.properties.isWhitespace == true { index += 1 }
    }

    /// Whether what follows makes the digits no number: another point with digits, or an ordinal's ending.
    private func continuesWord() -> Bool {
        if scalar(at: index) == ".", scalar(at: index + 1)?.isDigit == true { return true }
        let ending = text[index...].prefix { $0.isWord }.prefix(3).map(\.asciiLowercase)
        return ["st", "nd", "rd", "th"].contains { ending.elementsEqual($0.unicodeScalars) }
    }

    private mutating func skipWord() {
        while let next = scalar(at: index), next.isWord || next == "." && scalar(at: index + 1)?.isDigit == true {
            index += 1
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isThousandsSeparator: Bool {
        self == "," || self == "\u{A0}" || self == "\u{2009}" || self == "\u{202F}"
    }

    fileprivate var isSuperscript: Bool {
        value == 0xB2 || value == 0xB3 || value == 0xB9 || (0x2070...0x2079).contains(value)
    }

    /// The value of `½` and its like.
    fileprivate var vulgarFraction: Double? {
        guard !isASCII, properties.generalCategory == .otherNumber else { return nil }
        guard properties.numericType == .numeric, let value = properties.numericValue else { return nil }
        return value < 1 ? value : nil
    }
}
