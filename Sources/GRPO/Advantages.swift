// SPDX-License-Identifier: Apache-2.0

/// What a group-centred reward is divided by.
public enum AdvantageScaling: String, Sendable, Hashable, Codable, CaseIterable {
    /// The deviation of the group's rewards (GRPO).
    case group
    /// The deviation of all rewards of the batch.
    case batch
    /// Nothing (Dr. GRPO).
    case none
}

/// Group-relative advantages.
public enum Advantages {
    /// TRL's addition to a deviation, so that nearly equal rewards do not explode.
    static let deviationFloor = 1e-4

    /// Each sample's reward minus its group's mean, scaled.
    ///
    /// Unscored samples (`nil`) leave the mean, the deviation and the result. A group with fewer scored samples than
    /// `minimumGroupSize` is skipped: all its advantages are `nil`. Equal rewards give exactly 0, whatever rounding does
    /// to their mean. Deviations are Bessel-corrected; `batch` takes that of the raw rewards, as TRL does.
    ///
    /// - Parameters:
    ///   - rewards: One list a group.
    ///   - scaling: What centred rewards are divided by.
    ///   - minimumGroupSize: The fewest scored samples for a group to count.
    /// - Returns: The same shape; `nil` for what takes no part in the loss.
    public static func estimate(
        rewards: [[Double?]],
        scaling: AdvantageScaling,
        minimumGroupSize: Int = 2
    ) -> [[Double?]] {
        let batchDeviation = deviation(rewards.flatMap { $0.compactMap(\.self) })
        return rewards.map { group in
            let scored = group.compactMap(\.self)
            guard scored.count >= max(minimumGroupSize, 1), let first = scored.first else {
                return group.map { _ in nil }
            }
            guard scored.contains(where: { $0 != first }) else { return group.map { $0.map { _ in 0 } } }
            let mean = scored.reduce(0, +) / Double(scored.count)
            let scale =
                switch scaling {
                case .group: deviation(scored) + deviationFloor
                case .batch: batchDeviation + deviationFloor
                case .none: 1.0
                }
            return group.map { $0.map { ($0 - mean) / scale } }
        }
    }

    /// The share of a batch's usable groups whose rewards are all equal, which teach nothing.
    static func zeroVarianceShare(rewards: [[Double?]], minimumGroupSize: Int) -> Double {
        let usable = rewards.map { $0.compactMap(\.self) }.filter { $0.count >= max(minimumGroupSize, 1) }
        guard !usable.isEmpty else { return 0 }
        return Double(usable.count { group in group.allSatisfy { $0 == group[0] } }) / Double(usable.count)
    }

    private static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
}
