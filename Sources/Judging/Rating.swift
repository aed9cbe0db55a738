// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// One number for a whole completion.
public struct Rating: Sendable, Hashable {
    /// What a judge that rates can come to.
    public enum Outcome: Sendable, Hashable {
        /// A number on the question's scale (``JudgeQuestion/scale``).
        case rated(Double)
        /// There is no number; the failure says why.
        case unrated(JudgeFailure)
    }

    /// What was found.
    public var outcome: Outcome
    /// Why, in the judge's words.
    public var reason: String
    /// Who rated.
    public var judge: String

    /// Makes a rating.
    public init(_ outcome: Outcome, reason: String = "", judge: String) {
        self.outcome = outcome
        self.reason = reason
        self.judge = judge
    }

    /// The number, or `nil` where there is none.
    public var value: Double? {
        if case .rated(let value) = outcome { value } else { nil }
    }

    /// Why there is no number.
    public var failure: JudgeFailure? {
        if case .unrated(let failure) = outcome { failure } else { nil }
    }
}
