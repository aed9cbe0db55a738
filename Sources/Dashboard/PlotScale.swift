// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Maps values to positions on an axis and finds round numbers to label.
struct PlotScale: Sendable, Hashable {
    /// The values at the axis's ends.
    let domain: ClosedRange<Double>
    /// The positions of those ends; the upper one may be the smaller.
    let start: Double
    let end: Double

    func position(_ value: Double) -> Double {
        let span = domain.upperBound - domain.lowerBound
        let share = span > 0 ? (value - domain.lowerBound) / span : 0.5
        return start + share * (end - start)
    }
}

/// Round numbers for an axis.
struct AxisTicks: Sendable, Hashable {
    /// The numbers, ascending.
    let values: [Double]
    /// The decimals that tell neighbours apart.
    let decimals: Int

    /// Finds about `count` multiples of 1, 2, 2.5 or 5 times a power of ten within a range.
    init(in range: ClosedRange<Double>, count: Int) {
        let step = Self.step(for: range, count: count)
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        values = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
        decimals = Self.decimals(of: step)
    }

    /// Finds about `count` whole numbers within a range, for steps.
    init(wholeIn range: ClosedRange<Double>, count: Int) {
        let step = max(1, Self.step(for: range, count: count).rounded())
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        values = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
        decimals = 0
    }

    /// The range widened to the round numbers around it, kept within bounds.
    static func widened(
        _ range: ClosedRange<Double>,
        count: Int,
        within bounds: ClosedRange<Double>?
    ) -> ClosedRange<Double> {
        var (low, high) = (range.lowerBound, range.upperBound)
        if high - low < 1e-12 * max(1, abs(high)) {
            let margin = max(abs(high) * 0.1, 1e-6)
            (low, high) = (low - margin, high + margin)
        }
        let step = step(for: low...high, count: count)
        low = (low / step + 1e-9).rounded(.down) * step
        high = (high / step - 1e-9).rounded(.up) * step
        guard let bounds else { return low...max(low, high) }
        low = max(low, bounds.lowerBound)
        return low...max(min(high, bounds.upperBound), low + step * 1e-3)
    }

    private static func step(for range: ClosedRange<Double>, count: Int) -> Double {
        let raw = max((range.upperBound - range.lowerBound) / Double(max(1, count)), 1e-300)
        let power = pow(10, log10(raw).rounded(.down))
        let factor = [1, 2, 2.5, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10
        return factor * power
    }

    private static func decimals(of step: Double) -> Int {
        (0...8).first { digits in
            let scaled = step * pow(10, Double(digits))
            return abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled)
        } ?? 9
    }
}
