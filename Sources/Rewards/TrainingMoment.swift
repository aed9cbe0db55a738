// SPDX-License-Identifier: Apache-2.0

/// When in a run something happens, and what its random choices follow from.
public struct TrainingMoment: Sendable, Hashable {
    /// The run's seed.
    public var seed: UInt64
    /// The step, counted from 1.
    public var step: Int
    /// The number of steps in the run.
    public var steps: Int

    /// Makes a moment.
    public init(seed: UInt64, step: Int, steps: Int) {
        self.seed = seed
        self.step = step
        self.steps = steps
    }
}
