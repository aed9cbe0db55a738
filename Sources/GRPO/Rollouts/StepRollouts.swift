// SPDX-License-Identifier: Apache-2.0

import Policies
import Runs

/// A step's completions on their way to being rollouts.
struct StepRollouts: Sendable {
    /// Where they come from.
    enum Origin: Sendable {
        /// A killed run had sampled and judged them.
        case recorded([RolloutRecord])
        /// They are sampled, and with their judges; a delivery a group.
        case sampled(SampledStep, judging: [Delivery<[JudgedCompletion]>])
    }

    let plan: StepPlan
    let origin: Origin
    /// How long the policy took to sample them; 0 where it did not.
    let samplingSeconds: Double

    /// Whether they are in the archive already.
    var isRecorded: Bool {
        if case .recorded = origin { true } else { false }
    }

    /// What a checkpoint before the step has to keep.
    var sampled: [SampledRecord] {
        guard case .sampled(let step, _) = origin else { return [] }
        return step.records(plan: plan)
    }
}
