// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A criterion that was judged, as an aggregation sees it.
public struct JudgedCriterion: Sendable, Hashable {
    /// The identifier within its rubric; needed where criteria are told apart: in trees, over a group.
    public var id: String
    /// Whether meeting the statement is a virtue or a fault.
    public var polarity: Polarity
    /// The class; needed by gates, dropout, and learned weights.
    public var importance: Importance?
    /// The weight, never negative.
    public var weight: Double
    /// Whether the weight is earned: the verdict with polarity applied.
    public var isCredited: Bool

    /// Makes a judged criterion.
    public init(
        id: String = "",
        polarity: Polarity,
        importance: Importance? = nil,
        weight: Double,
        isCredited: Bool
    ) {
        self.id = id
        self.polarity = polarity
        self.importance = importance
        self.weight = weight
        self.isCredited = isCredited
    }
}
