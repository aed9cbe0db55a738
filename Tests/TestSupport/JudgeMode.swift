// SPDX-License-Identifier: Apache-2.0

package import Rewards
import Testing

/// The ways in which a judge is asked.
package enum JudgeMode: String, CaseIterable, CustomTestStringConvertible {
    case oneCriterionACall = "one criterion a call"
    case twoCriteriaACall = "two criteria a call"
    case allInOneCall = "all criteria in one call"
    case ratingByRubric = "rating by the rubric"
    case ratingByPrompt = "rating by the prompt"
    case ratingByReference = "rating by the reference"
    case pairwise
    case listwise

    /// What a test's output calls it.
    package var testDescription: String { rawValue }

    /// What is asked and what answers are worth.
    package var method: GradingMethod {
        var settings = RewardSettings()
        let (name, criteriaPerCall): (GradingMethod.Name, Int) =
            switch self {
            case .oneCriterionACall: (.rarExplicit, 1)
            case .twoCriteriaACall: (.rarExplicit, 2)
            case .allInOneCall: (.rarExplicit, 0)
            case .ratingByRubric: (.rarImplicit, 0)
            case .ratingByPrompt: (.directLikert, 0)
            case .ratingByReference: (.referenceLikert, 0)
            case .pairwise: (.pairwise, 0)
            case .listwise: (.listwise, 0)
            }
        settings.method = name
        return GradingMethod(settings, criteriaPerCall: criteriaPerCall)
    }
}
