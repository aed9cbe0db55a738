// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The clipped surrogate with its KL penalty, of one token.
///
/// −min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A) + β·D, where ρ = exp(policy − old) is the importance ratio, A the
/// advantage, and D = exp(reference − policy) − (reference − policy) − 1 Schulman's k3 estimate of the divergence from
/// the reference policy (DeepSeekMath, equations 3 and 4).
///
/// Where the rollouts are of older weights than the ratio starts from, the surrogate is multiplied by a truncated
/// importance weight that no gradient passes through, w = min(exp(old − sampling), 2); the divergence is not.
public struct TokenObjective: Sendable, Hashable {
    /// ε_low: how far the ratio may fall before its gradient stops.
    public var clipLow: Double
    /// ε_high: how far the ratio may rise before its gradient stops.
    public var clipHigh: Double
    /// β: the weight of the divergence; 0 for none.
    public var klCoefficient: Double

    /// The largest weight of a token that was sampled with older weights.
    public static let maximumStalenessWeight = 2.0

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

    /// w, the weight of a token by its log-probabilities, in nats, under the weights that the ratio starts from and
    /// under those that sampled it.
    public static func stalenessWeight(old: Double, sampling: Double) -> Double {
        min(exp(old - sampling), maximumStalenessWeight)
    }

    /// The objective of one token from log-probabilities in nats.
    ///
    /// - Parameters:
    ///   - policy: Under the weights in training.
    ///   - old: Under the weights before the step's first update.
    ///   - reference: Under the reference policy; `nil` for no divergence.
    ///   - advantage: A.
    ///   - weight: w, 1 for rollouts of the present weights.
    /// - Returns: The loss and its parts.
    public func value(
        policy: Double,
        old: Double,
        reference: Double?,
        advantage: Double,
        weight: Double = 1
    ) -> Value {
        let ratio = exp(policy - old)
        let clipped = min(max(ratio, 1 - clipLow), 1 + clipHigh)
        let isClipped = clipped * advantage < ratio * advantage
        var value = Value(
            loss: -min(ratio * advantage, clipped * advantage) * weight,
            gradient: isClipped ? 0 : -ratio * advantage * weight,
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
