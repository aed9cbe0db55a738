// SPDX-License-Identifier: Apache-2.0

import Runs

/// What the archive of rollouts holds of one step.
enum RecordedStep {
    /// Whether these are all of a step's rollouts, or a write was cut short within them.
    ///
    /// Each round of refills replaces what the round before left unscored, so the rewards tell how many must follow.
    static func isWhole(_ records: [RolloutRecord], grpo: TrainingRecipe.GRPOSection) -> Bool {
        var rest = records[...]
        for _ in 0..<grpo.promptsPerStep {
            var wanted = grpo.groupSize
            for _ in 0...grpo.refillUnscored {
                let round = rest.prefix(wanted)
                guard round.count == wanted else { return false }
                rest = rest.dropFirst(wanted)
                wanted = round.count { $0.completion.reward == nil }
            }
        }
        return true
    }
}
