// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A criterion that was judged, as an aggregation sees it.
public struct JudgedCriterion: Sendable, Hashable {
    /// Whether meeting the statement is a virtue or a fault.
    public var polarity: Polarity
    /// The weight, never negative.
    public var weight: Double
    /// Whether the weight is earned: the verdict with polarity applied.
    public var isCredited: Bool

    /// Makes a judged criterion.
    public init(polarity: Polarity, weight: Double, isCredited: Bool) {
        self.polarity = polarity
        self.weight = weight
        self.isCredited = isCredited
    }
}
