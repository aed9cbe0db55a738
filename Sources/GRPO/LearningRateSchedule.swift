// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The learning rate over a run's steps.
public struct LearningRateSchedule: Sendable, Hashable {
    /// What follows the warm-up.
    public enum Shape: String, Sendable, Hashable, Codable, CaseIterable {
        /// The peak throughout (the paper's setting).
        case constantWithWarmup = "constant_with_warmup"
        /// A straight line to 0.
        case linear
        /// Half a cosine to 0.
        case cosine
    }

    /// What follows the warm-up.
    public var shape: Shape
    /// The highest learning rate.
    public var peak: Double
    /// The share of the steps in which the rate rises in a straight line.
    public var warmupRatio: Double
    /// The run's steps.
    public var steps: Int

    /// Makes a schedule.
    public init(shape: Shape, peak: Double, warmupRatio: Double, steps: Int) {
        self.shape = shape
        self.peak = peak
        self.warmupRatio = warmupRatio
        self.steps = steps
    }

    /// The rate of `step`, counted from 1. Neither the first step nor the last has rate 0, so none is wasted.
    public func rate(at step: Int) -> Double {
        let warmup = (warmupRatio * Double(steps)).rounded(.up)
        if Double(step) < warmup { return peak * Double(step) / warmup }
        let progress = (Double(step) - max(warmup, 1)) / max(Double(steps) - max(warmup, 1) + 1, 1)
        switch shape {
        case .constantWithWarmup: return peak
        case .linear: return peak * (1 - progress)
        case .cosine: return peak * (1 + cos(.pi * progress)) / 2
        }
    }
}
