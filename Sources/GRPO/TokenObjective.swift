// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The clipped surrogate with its KL penalty, of one token.
///
/// −min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A) + β·D, where ρ = exp(policy − old) is the importance ratio, A the
/// advantage, and D = exp(reference − policy) − (reference − policy) − 1 Schulman's k3 estimate of the divergence from
/// the reference policy (DeepSeekMath, equations 3 and 4).
public struct TokenObjective: Sendable, Hashable {
    /// ε_low: how far the ratio may fall before its gradient stops.
    public var clipLow: Double
    /// ε_high: how far the ratio may rise before its gradient stops.
    public var clipHigh: Double
    /// β: the weight of the divergence; 0 for none.
    public var klCoefficient: Double

    /// Makes an objective.
    public init(clipLow: Double = 0.2, clipHigh: Double = 0.2, klCoefficient: Double = 0) {
        self.clipLow = clipLow
        self.clipHigh = clipHigh
        self.klCoefficient = klCoefficient
    }

    /// A token's loss and what training needs to know of it.
    public struct Value: Sendable, Hashable {
        /// The loss, the divergence's part included.
        public var loss: Double
        /// d loss / d policy log-probability.
        public var gradient: Double
        /// ρ.
        public var ratio: Double
        /// Whether the clip cut the gradient off.
        public var isClipped: Bool
        /// D, 0 without a reference.
        public var divergence: Double
    }

    /// The objective of one token from log-probabilities in nats.
    public func value(policy: Double, old: Double, reference: Double?, advantage: Double) -> Value {
        let ratio = exp(policy - old)
        let clipped = min(max(ratio, 1 - clipLow), 1 + clipHigh)
        let isClipped = clipped * advantage < ratio * advantage
        var value = Value(
            loss: -min(ratio * advantage, clipped * advantage),
            gradient: isClipped ? 0 : -ratio * advantage,
            ratio: ratio,
            isClipped: isClipped,
            divergence: 0
        )
        if let reference {
            let gap = reference - policy
            value.divergence = exp(gap) - gap - 1
            value.loss += klCoefficient * value.divergence
            value.gradient += klCoefficient * (1 - exp(gap))
        }
        return value
    }
}
