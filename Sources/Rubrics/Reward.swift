// SPDX-License-Identifier: Apache-2.0

/// The scalar that training sees, with what it was made from.
public struct Reward: Sendable, Hashable {
    /// The reward itself.
    public var value: Double
    /// The share of the rubric's weight that was judged, in [0, 1].
    public var coverage: Double
    /// The verdicts it was made from, with polarity applied, in rubric order.
    public var credits: [Credit]

    /// Makes a reward.
    public init(value: Double, coverage: Double, credits: [Credit]) {
        self.value = value
        self.coverage = coverage
        self.credits = credits
    }
}

/// A verdict after polarity: what a criterion contributes.
public struct Credit: Sendable, Hashable {
    /// The criterion's identifier.
    public var criterion: String
    /// The weight it stands for, never negative.
    public var weight: Double
    /// Whether the weight is earned; `nil` when the criterion was not judged.
    public var credited: Bool?

    /// Makes a credit.
    public init(criterion: String, weight: Double, credited: Bool?) {
        self.criterion = criterion
        self.weight = weight
        self.credited = credited
    }
}

/// What a reward method makes of an assessment. Failure is data, never a zero.
public enum RewardOutcome: Sendable, Hashable {
    case scored(Reward)
    case unscored(UnscoredReason)

    /// The reward's value, or `nil` when there is none.
    public var value: Double? {
        if case .scored(let reward) = self { reward.value } else { nil }
    }
}

/// Why a sample has no reward.
public struct UnscoredReason: Sendable, Hashable {
    /// The reason in the words that files and reports use: a ``JudgeFailure/Cause`` or one of a method's own.
    public var reason: String
    /// What exactly happened.
    public var detail: String

    /// Makes a reason.
    public init(reason: String, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
