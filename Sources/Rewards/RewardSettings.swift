// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics

/// How completions are graded: the section `reward` of recipes and method files. Docs/rewards.md explains every key.
public struct RewardSettings: Sendable, Hashable, Codable {
    /// The method.
    public var method = GradingMethod.Name.rarExplicit
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
    /// How a rating from 1 to 10 becomes a reward.
    public var normalization = RatingReward.Normalization.span
    /// How verdicts become one number.
    public var aggregation = Aggregation.weightedMean
    /// What advantages are made of, where that is not the recorded rewards.
    public var shaping = GroupShaping()
    /// What a criterion that is unjudged for one member of a group does to the others.
    public var unjudgedInGroup = UnjudgedInGroup.renormalize

    /// RaR-Explicit as in the paper.
    public init() {}

    /// The reward by verdicts.
    public var explicit: ExplicitReward {
        ExplicitReward(
            weighting: weighting,
            aggregation: aggregation,
            negative: negative,
            cannotAssess: cannotAssess,
            minimumJudgedWeight: minimumJudgedWeight,
            clip: clip
        )
    }

    /// The reward by a rating from 1 to 10.
    public var rating: RatingReward { RatingReward(normalization: normalization) }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case method, weighting, negative
        case cannotAssess = "cannot_assess"
        case contentFailures = "content_failures"
        case minimumJudgedWeight = "minimum_judged_weight"
        case clip, normalization, aggregation, shaping
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
        minimumJudgedWeight = try container.value(.minimumJudgedWeight, or: minimumJudgedWeight, in: SettingRange.share)
        clip = try container.value(.clip, or: clip)
        normalization = try container.value(.normalization, or: normalization)
        aggregation = try container.value(.aggregation, or: aggregation)
        shaping = try container.value(.shaping, or: shaping)
        unjudgedInGroup = try container.value(.unjudgedInGroup, or: unjudgedInGroup)
    }
}

/// What a criterion that is unjudged for one member of a group does to the others.
public enum UnjudgedInGroup: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each member's rubric is renormalised over what was judged for it.
    case renormalize
    /// The criterion counts for no member.
    case dropInGroup = "drop_in_group"
}
