// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How far a rubric can be trusted, measure by measure; `nil` where there was nothing to measure it by.
package struct AuditMeasures: Sendable, Hashable {
    /// The chance that a good answer gets more than a bad one, ties counting half.
    package var discrimination: Double?
    /// The mean reward of good answers less that of bad ones.
    package var separation: Double?
    /// The share of pairs on the way from the whole answer to none in which less content gets less, ties counting half.
    package var monotonicity: Double?
    /// The standard deviation of the rewards of a policy's answers.
    package var spread: Double?
    /// The share of the weight whose criteria tell some responses from others, and are reached by a good one.
    package var liveWeight: Double?
    /// The largest share of a good answer's reward that an answer gets which says nothing, beyond "I do not know".
    package var hackability: Double?
    /// The share of verdicts that stay when the same question is asked again.
    package var stability: Double?
    /// The share of verdicts that stay when the rubric is turned round.
    package var orderInvariance: Double?

    /// Makes measures; by default none.
    package init() {}

    /// The trust that the measures come to, in [0, 1]: the geometric mean of what is known, so that one part that fails
    /// cannot be made up for by the others; `nil` where nothing tells good answers from bad ones.
    ///
    /// Discrimination and monotonicity are 0.5 by chance, and count from there.
    package var trust: Double? {
        guard discrimination != nil else { return nil }
        let parts = [
            discrimination.map { max(0, 2 * $0 - 1) }, monotonicity.map { max(0, 2 * $0 - 1) }, liveWeight,
            hackability.map { 1 - $0 }, stability, orderInvariance,
        ].compactMap(\.self)
        return pow(parts.reduce(1, *), 1 / Double(parts.count))
    }

    /// The measures by the names that files use.
    package var byName: [(name: String, value: Double?)] {
        [
            ("discrimination", discrimination), ("separation", separation), ("monotonicity", monotonicity),
            ("spread", spread), ("live_weight", liveWeight), ("hackability", hackability), ("stability", stability),
            ("order_invariance", orderInvariance),
        ]
    }
}
