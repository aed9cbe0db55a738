// SPDX-License-Identifier: Apache-2.0

import Runs

/// How a report writes numbers.
enum NumberFormat: Sendable, Hashable {
    /// So many decimals.
    case decimals(Int)
    /// A share as a whole percentage.
    case percent
    /// Three significant digits, with commas between thousands.
    case significant

    /// The number in words for a reader: a true minus sign, no trailing noise.
    func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let magnitude = abs(value)
        let text =
            switch self {
            case .decimals(let digits): ProgressText.fixed(magnitude, digits: digits)
            case .percent: ProgressText.fixed(magnitude * 100, digits: 0) + "%"
            case .significant: Self.significant(magnitude)
            }
        let isZero = !text.utf8.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
        return value < 0 && !isZero ? "−" + text : text
    }

    /// Both ends of a range.
    func text(_ range: ClosedRange<Double>) -> String {
        "\(text(range.lowerBound)) to \(text(range.upperBound))"
    }

    /// The number with its sign always shown.
    func signed(_ value: Double) -> String {
        let text = text(value)
        let isZero = !text.utf8.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
        return value < 0 || isZero ? text : "+" + text
    }

    private static func significant(_ value: Double) -> String {
        if value >= 1e9 { return ProgressText.fixed(value / 1e9, digits: 2) + "G" }
        if value >= 100 { return ProgressText.fixed(value, digits: 0) }
        if value >= 10 { return ProgressText.fixed(value, digits: 1) }
        if value >= 1 || value == 0 { return ProgressText.fixed(value, digits: 2) }
        if value >= 0.001 { return trimmed(ProgressText.fixed(value, digits: 4)) }
        return scientific(value)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
        return text
    }

    private static func scientific(_ value: Double) -> String {
        var mantissa = value
        var exponent = 0
        while mantissa < 0.9995 && exponent < 400 {
            mantissa *= 10
            exponent += 1
        }
        return exponent < 400 ? "\(ProgressText.fixed(mantissa, digits: 1))e−\(exponent)" : "0"
    }
}

extension Estimate {
    /// Both ends with their signs: `+0.20 to +0.28`.
    func range(decimals: Int) -> String {
        let format = NumberFormat.decimals(decimals)
        return "\(format.signed(low)) to \(format.signed(high))"
    }

    /// Whether the interval holds 0, so that the data cannot tell the difference from none.
    var holdsZero: Bool { low <= 0 && high >= 0 }
}
