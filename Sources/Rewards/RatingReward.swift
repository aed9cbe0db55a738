// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// A reward by one rating (equation 2 of the paper): RaR-Implicit, the Likert baselines, pairwise and listwise.
public struct RatingReward: Sendable, Hashable {
    /// How a rating becomes a reward. The paper does not say which, and published code differs.
    public enum Normalization: String, Sendable, Hashable, Codable, CaseIterable {
        /// (rating − 1)/9: from 0 to 1.
        case span
        /// rating/10: from 0.1 to 1.
        case tenth
    }

    /// How a rating from 1 to 10 becomes a reward; `nil` for ratings that are rewards already.
    public var normalization: Normalization?

    /// Makes a method.
    ///
    /// - Parameter normalization: How a rating from 1 to 10 becomes a reward; `nil` for ratings from 0 to 1.
    public init(normalization: Normalization?) {
        self.normalization = normalization
    }

    /// The rewards that this method can give.
    public var range: ClosedRange<Double> {
        normalization == .tenth ? 0.1...1 : 0...1
    }

    /// The reward of the lowest rating.
    public var floor: Double { range.lowerBound }

    /// The reward of a rating.
    public func value(of rating: Double) -> Double {
        switch normalization {
        case .span: (rating - 1) / 9
        case .tenth: rating / 10
        case nil: rating
        }
    }

    /// The reward of one assessment, or why there is none. A pure function.
    ///
    /// - Parameters:
    ///   - assessment: What a judge that rates said.
    ///   - isAttributed: Whether a failed rating is the completion's own doing, and counts as the lowest.
    /// - Returns: The reward, its coverage 1 and without credits; or why there is no rating.
    public func outcome(of assessment: Assessment, isAttributed: Bool = false) -> RewardOutcome {
        func scored(_ value: Double) -> RewardOutcome { .scored(Reward(value: value, coverage: 1, credits: [])) }
        if assessment.completionIsEmpty || isAttributed { return scored(floor) }
        switch assessment.rating?.outcome {
        case .rated(let rating): return scored(value(of: rating))
        case .unrated(let failure):
            return .unscored(UnscoredReason(reason: failure.cause.rawValue, detail: failure.detail))
        case nil: return .unscored(UnscoredReason(reason: "incomplete", detail: "the judge gave no rating"))
        }
    }
}
