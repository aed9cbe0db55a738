// SPDX-License-Identifier: Apache-2.0

/// What a criterion's polarity was found to be, and why.
package struct PolarityDecision: Sendable, Hashable {
    /// Positive, negative, or undecided where the evidence does not tell.
    package var polarity: Polarity
    /// Why, in one plain phrase.
    package var ground: String
    /// How sure the decision is, in [0, 1]; 0 where nothing is decided.
    package var confidence: Double

    /// Makes a decision.
    package init(_ polarity: Polarity, ground: String, confidence: Double) {
        self.polarity = polarity
        self.ground = ground
        self.confidence = confidence
    }

    /// Nothing is decided.
    ///
    /// - Parameter ground: Why not.
    /// - Returns: The outcome, with no confidence.
    package static func undecided(_ ground: String) -> Self {
        Self(.undecided, ground: ground, confidence: 0)
    }
}
