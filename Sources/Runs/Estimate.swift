// SPDX-License-Identifier: Apache-2.0

/// A mean with its 95% interval.
public struct Estimate: Sendable, Hashable {
    /// The mean.
    public var mean: Double
    /// The interval's lower end.
    public var low: Double
    /// The interval's upper end.
    public var high: Double

    /// Makes an estimate.
    public init(mean: Double, low: Double, high: Double) {
        self.mean = mean
        self.low = low
        self.high = high
    }
}
