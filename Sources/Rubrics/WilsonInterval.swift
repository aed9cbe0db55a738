// SPDX-License-Identifier: Apache-2.0

/// The interval of a share with a given confidence (Wilson 1927), which stays within [0, 1] and holds for few trials too.
public struct WilsonInterval: Sendable, Hashable {
    /// The interval's lower end.
    public let low: Double
    /// The interval's upper end.
    public let high: Double

    /// The interval of the share of successes.
    ///
    /// - Parameters:
    ///   - successes: How many trials succeeded, from 0 to `trials`.
    ///   - trials: How many there were; without any the interval is [0, 1].
    ///   - z: The normal quantile, 1.96 for 95%.
    public init(successes: Int, trials: Int, z: Double = 1.959963984540054) {
        guard trials > 0 else {
            (low, high) = (0, 1)
            return
        }
        let (count, share) = (Double(trials), Double(successes) / Double(trials))
        let scale = 1 + z * z / count
        let center = (share + z * z / (2 * count)) / scale
        let reach = z / scale * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        (low, high) = (max(0, center - reach), min(1, center + reach))
    }
}
