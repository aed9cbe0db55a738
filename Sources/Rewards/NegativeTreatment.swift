// SPDX-License-Identifier: Apache-2.0

/// What a negative criterion does to a reward.
public enum NegativeTreatment: String, Sendable, Hashable, Codable, CaseIterable {
    /// An avoided fault earns its weight and stands in the denominator, as in the paper.
    case credit
    /// A fault subtracts its weight; only positive criteria stand in the denominator, as in HealthBench.
    case penalty
}
