// SPDX-License-Identifier: Apache-2.0

/// A judge's finding on one criterion.
public struct Verdict: Sendable, Hashable {
    /// What a judge can find.
    public enum Outcome: Sendable, Hashable {
        /// The statement is true of the completion.
        case met
        /// The statement is not true of the completion.
        case unmet
        /// The judge answered that it cannot tell. This is a verdict, not a failure.
        case cannotAssess
        /// There is no answer; the failure says why. Never a zero.
        case unjudged(JudgeFailure)
    }

    /// The criterion's identifier.
    public var criterion: String
    /// What was found.
    public var outcome: Outcome
    /// Why, in the judge's words.
    public var reason: String
    /// The passages of the completion that decided it, verbatim.
    public var evidence: [String]
    /// Who found it: a model's name, or `checks`.
    public var judge: String
    /// The probability that the judge gave its answer, in [0, 1]; `nil` where it gives none.
    public var confidence: Double?
    /// How several votes fell; `nil` for a single one.
    public var votes: VoteCount?

    /// Makes a verdict.
    public init(
        criterion: String,
        outcome: Outcome,
        reason: String,
        evidence: [String] = [],
        judge: String,
        confidence: Double? = nil,
        votes: VoteCount? = nil
    ) {
        self.criterion = criterion
        self.outcome = outcome
        self.reason = reason
        self.evidence = evidence
        self.judge = judge
        self.confidence = confidence
        self.votes = votes
    }
}

/// How the votes on one criterion fell.
public struct VoteCount: Sendable, Hashable {
    /// Votes for met.
    public var met: Int
    /// Votes for unmet.
    public var unmet: Int
    /// Votes of judges that could not tell.
    public var cannotAssess: Int
    /// Votes that failed.
    public var unjudged: Int

    /// Makes a count.
    public init(met: Int = 0, unmet: Int = 0, cannotAssess: Int = 0, unjudged: Int = 0) {
        self.met = met
        self.unmet = unmet
        self.cannotAssess = cannotAssess
        self.unjudged = unjudged
    }

    /// The share of the cast votes that agree with the largest part of them; `nil` when fewer than two were cast.
    public var agreement: Double? {
        let cast = met + unmet + cannotAssess
        return cast > 1 ? Double(max(met, unmet, cannotAssess)) / Double(cast) : nil
    }
}

/// Why a judge gave no answer.
public struct JudgeFailure: Sendable, Hashable {
    /// The cause, in the words that files and reports use.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        case timeout
        case connection
        case rateLimited = "rate_limited"
        case serverError = "server_error"
        case auth
        case quota
        case budget
        case refusal
        case contentFilter = "content_filter"
        case contextOverflow = "context_overflow"
        case malformed
        case incomplete
        case noReference = "no_reference"
        case undecidedPolarity = "undecided_polarity"
        case cancelled
    }

    /// The cause.
    public var cause: Cause
    /// What exactly went wrong, without secrets.
    public var detail: String
    /// Whether a second attempt or a second judge failed too.
    public var isConfirmed: Bool

    /// Makes a failure.
    public init(cause: Cause, detail: String, isConfirmed: Bool = false) {
        self.cause = cause
        self.detail = detail
        self.isConfirmed = isConfirmed
    }
}
