// SPDX-License-Identifier: Apache-2.0

import Rubrics
public import Runs

/// The percentile bootstrap (Efron 1979) over independent units, here prompts.
public struct Bootstrap: Sendable, Hashable {
    /// How often the units are drawn again.
    public var resamples: Int
    /// The interval's probability.
    public var confidence: Double
    /// Where the draws start.
    public var seed: UInt64

    /// Makes a bootstrap; 10,000 resamples of a 95% interval.
    public init(resamples: Int = 10_000, confidence: Double = 0.95, seed: UInt64 = 0) {
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
    }

    /// The mean of `values`, one a prompt, with its interval; `nil` without values.
    ///
    /// For a paired comparison the values are the prompts' differences.
    public func estimate(_ values: [Double]) -> Estimate? {
        guard !values.isEmpty else { return nil }
        var generator = SplitMix64(seed: seed)
        let count = Double(values.count)
        let means = (0..<resamples).map { _ in
            values.indices.reduce(0.0) { sum, _ in sum + values[Int(generator.uniform() * count)] } / count
        }.sorted()
        let tail = (1 - confidence) / 2
        return Estimate(
            mean: values.reduce(0, +) / count,
            low: Self.quantile(means, tail),
            high: Self.quantile(means, 1 - tail)
        )
    }

    /// The quantile of sorted values with linear interpolation, as NumPy's default.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
