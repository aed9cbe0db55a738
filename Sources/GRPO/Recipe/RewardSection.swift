// SPDX-License-Identifier: Apache-2.0

public import Rewards

extension TrainingRecipe {
    /// How verdicts become rewards.
    public struct RewardSection: Sendable, Hashable, Codable {
        /// The reward methods that a recipe can name.
        public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
            case rarExplicit = "rar-explicit"
        }

        /// The reward method.
        public var method = Method.rarExplicit
        /// How much each criterion weighs.
        public var weighting = Weighting.categorical
        /// What negative criteria do.
        public var negative = NegativeTreatment.credit
        /// What `cannot assess` does.
        public var cannotAssess = CannotAssessPolicy.notCredited
        /// What failures that a completion itself caused do.
        public var contentFailures = ContentFailurePolicy.notCredited
        /// The least judged share of a rubric's weight for a reward.
        public var minimumJudgedWeight = 0.75
        /// Whether a penalised reward ends at 0.
        public var clip = true
        /// What a criterion that is unjudged for one member of a group does to the others.
        public var unjudgedInGroup = UnjudgedInGroup.renormalize

        /// The reward method's value.
        public var explicit: ExplicitReward {
            ExplicitReward(
                weighting: weighting,
                negative: negative,
                cannotAssess: cannotAssess,
                minimumJudgedWeight: minimumJudgedWeight,
                clip: clip
            )
        }

        /// The section's defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case method
            case weighting
            case negative
            case cannotAssess = "cannot_assess"
            case contentFailures = "content_failures"
            case minimumJudgedWeight = "minimum_judged_weight"
            case clip
            case unjudgedInGroup = "unjudged_in_group"
        }

        /// Reads the section; what is missing takes its default.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            method = try container.value(.method, or: method)
            weighting = try container.value(.weighting, or: weighting)
            negative = try container.value(.negative, or: negative)
            cannotAssess = try container.value(.cannotAssess, or: cannotAssess)
            contentFailures = try container.value(.contentFailures, or: contentFailures)
            minimumJudgedWeight = try container.value(
                .minimumJudgedWeight,
                or: minimumJudgedWeight,
                in: RecipeRange.share
            )
            clip = try container.value(.clip, or: clip)
            unjudgedInGroup = try container.value(.unjudgedInGroup, or: unjudgedInGroup)
        }
    }
}

/// What a criterion that is unjudged for one member of a group does to the others.
public enum UnjudgedInGroup: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each member's rubric is renormalised over what was judged for it.
    case renormalize
    /// The criterion counts for no member.
    case dropInGroup = "drop_in_group"
}
