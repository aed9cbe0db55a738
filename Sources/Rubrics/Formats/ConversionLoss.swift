// SPDX-License-Identifier: Apache-2.0

/// Something that a conversion leaves behind or that scores otherwise afterwards.
public struct ConversionLoss: Sendable, Hashable {
    /// What is affected.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What a score is divided by, and whether a committed fault subtracts.
        case normalizer
        /// Which statements are faults.
        case polarity
        /// Verdicts that become ratings, or scales that become verdicts.
        case ratingScale = "rating_scale"
        /// Predicates that decide a statement without a judge.
        case check
        /// Finer statements below a criterion.
        case children
        /// Criteria that were left out.
        case dropped
        /// Turns of a conversation that become one text.
        case messages
        /// Weights that were made from importances.
        case weight
        case importance
        case title
        case id
        case reference
        case tags
        /// The remaining keys of the native row.
        case details
        /// What a format of others carried beside its criteria.
        case metadata
    }

    /// What is affected.
    public var kind: Kind
    /// The criterion; `nil` for the rubric as a whole.
    public var criterion: String?
    /// What becomes of it.
    public var detail: String
    /// Whether a response may get another score for it.
    public var changesScore: Bool

    /// Makes a loss.
    public init(_ kind: Kind, criterion: String? = nil, detail: String, changesScore: Bool = false) {
        self.kind = kind
        self.criterion = criterion
        self.detail = detail
        self.changesScore = changesScore
    }
}
