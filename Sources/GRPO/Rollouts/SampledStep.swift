// SPDX-License-Identifier: Apache-2.0

import Policies
import Rubrics
import Runs

/// A step's completions before they are judged, as a checkpoint keeps them.
///
/// With staleness 1 the weights that sampled them are gone once the step before has updated them, so a checkpoint holds
/// them beside the weights.
struct SampledStep: Sendable {
    var step: Int
    /// The completions, a list a prompt.
    var groups: [[SampledTokens]]

    init(step: Int, groups: [[SampledTokens]]) {
        self.step = step
        self.groups = groups
    }

    /// Brings back what a checkpoint holds.
    ///
    /// - Throws: ``TrainingError`` when it is of other tasks or no completions.
    init(_ records: [SampledRecord], plan: StepPlan) throws {
        step = plan.step
        groups = try plan.split(records) { ($0.task, $0.sample) }.map { group in
            try group.map { record in
                guard let stopReason = StopReason(rawValue: record.stopReason) else {
                    throw TrainingError(
                        .checkpoint,
                        "a completion in sampled.jsonl of the newest checkpoint ended for an unknown reason, "
                            + "\(record.stopReason): remove this checkpoint's folder and resume from the one before"
                    )
                }
                return SampledTokens(
                    tokens: record.tokenIDs.map(Int32.init(truncatingIfNeeded:)),
                    samplingLogprobs: record.samplingLogprobs,
                    stopReason: stopReason
                )
            }
        }
    }

    /// What a checkpoint keeps.
    func records(plan: StepPlan) -> [SampledRecord] {
        groups.enumerated().flatMap { place, group in
            group.enumerated().map { index, completion in
                SampledRecord(
                    step: step,
                    task: plan.groups[place].task.id,
                    sample: plan.sample(group: place, index: index),
                    tokenIDs: completion.tokens.map(Int.init),
                    samplingLogprobs: completion.samplingLogprobs,
                    stopReason: completion.stopReason.rawValue
                )
            }
        }
    }
}
