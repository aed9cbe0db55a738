// SPDX-License-Identifier: Apache-2.0

/// `number`: one within the tolerance, followed by the unit where one is given.
///
/// The unit is compared folded, at a word boundary, after optional white space or a hyphen (`37 °C`, `10-minute`);
/// `20 mg/kg` is another unit than `mg`. In a range (`20 to 30 minutes`, `3–5 days`, `between 20 and 30 minutes`) both
/// numbers have the unit.
struct NumberPredicate: CheckPredicate {
    private let value: Double
    private let tolerance: Double
    private let unit: Term?

    init(value: Double, tolerance: Double, unit: String?) throws {
        guard value.isFinite, tolerance.isFinite, tolerance >= 0 else {
            throw JudgingError(.invalidCheck, "`number` needs a finite value and a tolerance of at least 0")
        }
        self.value = value
        self.tolerance = tolerance
        self.unit = try unit.map(Term.init)
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let numbers = NumberScanner.numbers(in: completion.raw)
        var withoutUnit: String?
        for (index, number) in numbers.enumerated() where isNear(number.value) {
            guard let end = unitEnd(after: index, in: numbers, of: completion) else {
                withoutUnit = withoutUnit ?? completion.passage(number.range)
                continue
            }
            let passage = completion.passage(number.range.lowerBound..<end)
            return CheckFinding(met: true, reason: "names \(Wording.quoted(passage))", evidence: [passage])
        }
        if let withoutUnit, let unit {
            let reason = "\(Wording.quoted(withoutUnit)) is not followed by \(Wording.quoted(unit.text))"
            return CheckFinding(met: false, reason: reason, evidence: [withoutUnit])
        }
        return CheckFinding(met: false, reason: "no number is \(wanted)")
    }

    /// Decimal fractions are not exact in binary: 37.1 lies within 0.1 of 37.
    private func isNear(_ number: Double) -> Bool {
        abs(number - value) <= tolerance + 1e-9 * abs(value)
    }

    private var wanted: String {
        let suffix = unit.map { " " + $0.text } ?? ""
        let within = tolerance > 0 ? " within \(Wording.number(tolerance))" : ""
        return Wording.number(value) + suffix + within
    }

    /// Where the number's unit ends, among the raw scalars; the number's own end when no unit is asked for.
    private func unitEnd(
        after index: Int,
        in numbers: [NumberScanner.Match],
        of completion: CompletionText
    ) -> Int? {
        let end = numbers[index].range.upperBound
        guard let unit else { return end }
        if let unitEnd = unitEnd(unit, at: end, of: completion) { return unitEnd }
        guard index + 1 < numbers.count else { return nil }
        let next = numbers[index + 1].range
        let between = String(String.UnicodeScalarView(completion.raw[end..<next.lowerBound])).lowercased()
        guard Self.rangeWords.contains(between.filter { !$0.isWhitespace }) else { return nil }
        return unitEnd(unit, at: next.upperBound, of: completion)
    }

    private static let rangeWords: Set<String> = [
        "-", "\u{2212}", "\u{2013}", "\u{2014}", "to", "or", "and", "through",
    ]

    /// Whether a unit is the start of a longer one, `mg` of `mg/kg`.
    private static func goesOn(at stop: Int, in text: [Unicode.Scalar]) -> Bool {
        stop + 1 < text.count && text[stop] == "/" && text[stop + 1].properties.isAlphabetic
    }

    private func unitEnd(_ unit: Term, at end: Int, of completion: CompletionText) -> Int? {
        let text = completion.normalized
        var start = text.positions[end]
        while start < text.scalars.count, text.scalars[start] == " " || text.scalars[start] == "-" { start += 1 }
        let stop = start + unit.folded.count
        guard stop <= text.scalars.count, text.scalars[start..<stop].elementsEqual(unit.folded) else { return nil }
        guard text.cuts[stop], !Self.goesOn(at: stop, in: text.scalars) else { return nil }
        return text.origin(of: start..<stop).upperBound
    }
}
