// SPDX-License-Identifier: Apache-2.0

import Rubrics
import TestSupport

extension JudgeMode {
    /// Calls that completions of a task take when every first answer can be read: both orders of a pair, two rounds of a
    /// ranking.
    func calls(on completions: [String], for task: RubricTask) -> Int {
        switch self {
        case .oneCriterionACall: completions.count * task.criteria.count
        case .twoCriteriaACall: completions.count * ((task.criteria.count + 1) / 2)
        case .allInOneCall, .ratingByRubric, .ratingByPrompt, .ratingByReference: completions.count
        case .pairwise: completions.count * 2
        case .listwise: 2
        }
    }
}
