// SPDX-License-Identifier: Apache-2.0

/// What a judge is asked about a completion.
public enum JudgeQuestion: Sendable, Hashable {
    /// Whether each criterion's statement is true of it, so many criteria a call; 1 is the paper's RaR-Explicit.
    case criteria(perCall: Int)
    /// How good it is, from 1 to 10.
    case rating(RatingBasis)
    /// Whether it is better than the reference answer: asked in both orders; 1, ½ or 0 each, averaged.
    case comparison
    /// Its rank in its group: asked in a shuffled order and its reverse; 1 for the best, 0 for the last, averaged.
    case ranking

    /// What a rating goes by.
    public enum RatingBasis: String, Sendable, Hashable, Codable, CaseIterable {
        /// The whole rubric (RaR-Implicit).
        case rubric
        /// The prompt alone (Direct-Likert).
        case prompt
        /// The reference answer (Reference-Likert).
        case reference
    }

    /// The numbers that a rating can have.
    public var scale: ClosedRange<Double> {
        switch self {
        case .rating: 1...10
        case .criteria, .comparison, .ranking: 0...1
        }
    }

    /// Whether a task needs a reference answer.
    public var needsReference: Bool {
        self == .comparison || self == .rating(.reference)
    }
}
