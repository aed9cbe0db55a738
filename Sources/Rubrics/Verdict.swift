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

    /// Makes a verdict.
    public init(criterion: String, outcome: Outcome, reason: String, evidence: [String] = [], judge: String) {
        self.criterion = criterion
        self.outcome = outcome
        self.reason = reason
        self.evidence = evidence
        self.judge = judge
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
        case cancelled
    }

    /// The cause.
    public var cause: Cause
    /// What exactly went wrong, without secrets.
    public var detail: String

    /// Makes a failure.
    public init(cause: Cause, detail: String) {
        self.cause = cause
        self.detail = detail
    }
}
