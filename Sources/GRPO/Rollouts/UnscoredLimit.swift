// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// How many of a step's completions may stay without a reward before training on the rest would mislead.
struct UnscoredLimit: Sendable {
    /// The largest share, of the completions that the step should have.
    let share: Double

    /// Why the run has to pause before this step; `nil` when it may go on.
    func reasonToPause(_ batch: RolloutBatch) -> String? {
        let wanted = batch.plan.groups.count * batch.plan.groupSize
        let unscored = batch.rollouts.compactMap(\.graded.unscored)
        let missing = wanted - batch.rollouts.count { $0.graded.reward != nil }
        guard Double(missing) > share * Double(wanted) else { return nil }
        var counts: [String: Int] = [:]
        for reason in unscored { counts[reason.reason, default: 0] += 1 }
        let causes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
        let detail = unscored.first.map { "; for example: \($0.detail)" } ?? ""
        return "\(missing) of the \(wanted) completions of step \(batch.plan.step) have no reward "
            + "(\(causes.joined(separator: ", "))), more than grpo.maximum_unscored_share \(share) allows\(detail)"
    }
}
