// SPDX-License-Identifier: Apache-2.0

import ChatModels
import JudgeServer
import Rubrics
import Testing

/// A fault and what it has to come to.
struct FaultCase: Sendable, CustomTestStringConvertible {
    /// What is done about a fault.
    enum Remedy: Sendable {
        /// The call is made again, until it is answered or its attempts are used up.
        case retry
        /// The judge is asked once more, told what is wrong.
        case repair
        /// Nothing: the failure stands at once.
        case none
    }

    var name: String
    /// What the server does; `nil` where there is none, because the host's name does not resolve.
    var fault: Fault?
    /// The cause when it befalls every call; `nil` for a fault that does no harm.
    var cause: JudgeFailure.Cause?
    var remedy: Remedy
    /// How long a 429 asks to wait.
    var retryAfter = Duration.milliseconds(20)

    private init(_ name: String, _ fault: Fault?, _ cause: JudgeFailure.Cause?, _ remedy: Remedy) {
        (self.name, self.fault, self.cause, self.remedy) = (name, fault, cause, remedy)
    }

    /// Every fault, what it leaves criteria and ratings unjudged with, and what is done about it.
    static let all: [FaultCase] = [
        FaultCase("hang", .hang, .timeout, .retry),
        FaultCase("slow drip", .slowDrip, .timeout, .retry),
        FaultCase("reset", .reset, .connection, .retry),
        FaultCase("429 without Retry-After", .rateLimit, .rateLimited, .retry),
        FaultCase("429 with Retry-After", .rateLimitAfter, .rateLimited, .retry),
        FaultCase("429 with Retry-After beyond the deadline", .rateLimitAfter, .rateLimited, .none).asking(
            .seconds(3600)
        ),
        FaultCase("500", .serverError, .serverError, .retry),
        FaultCase("503 burst", .unavailable, .serverError, .retry),
        FaultCase("HTML page with 502", .html, .serverError, .retry),
        FaultCase("HTML page with 200", .htmlOK, .serverError, .none),
        FaultCase("truncated body", .truncatedBody, .connection, .retry),
        FaultCase("truncated JSON", .truncatedJSON, .malformed, .repair),
        FaultCase("empty reply", .empty, .malformed, .repair),
        FaultCase("wrong ids", .wrongIDs, .malformed, .repair),
        FaultCase("extra criteria", .extraCriteria, nil, .none),
        FaultCase("prose", .prose, .malformed, .repair),
        FaultCase("off the menu", .offMenu, .malformed, .repair),
        FaultCase("refusal as text", .refusal, .refusal, .repair),
        FaultCase("refusal as a field", .refusalField, .refusal, .repair),
        FaultCase("content filter", .contentFilter, .contentFilter, .none),
        FaultCase("wrong model", .wrongModel, .serverError, .none),
        FaultCase("expired key", .expiredKey, .auth, .none),
        FaultCase("quota", .quota, .quota, .none),
        FaultCase("host name that does not resolve", nil, .connection, .retry),
    ]

    private func asking(_ wait: Duration) -> Self {
        var copy = self
        copy.retryAfter = wait
        return copy
    }

    var testDescription: String { name }

    /// Attempts of a call where the fault befalls all of them.
    static let attempts = 3

    /// Whether nothing but a deadline ends an attempt.
    var isEndless: Bool { cause == .timeout }

    /// Short waits; a deadline that is short where nothing else ends an attempt, and else far from any load.
    func policy(attempts: Int = Self.attempts) -> RetryPolicy {
        RetryPolicy(
            attempts: attempts,
            firstDelay: .milliseconds(2),
            longestDelay: .milliseconds(10),
            attemptDeadline: isEndless ? .milliseconds(300) : .seconds(30),
            callDeadline: .seconds(60)
        )
    }

    /// Requests of each call when the fault befalls all of them.
    var requestsPerCall: Int {
        switch remedy {
        case .retry: Self.attempts
        case .repair: 2
        case .none: 1
        }
    }

    /// Whether what is judged may have caused it, so that a second failure confirms it.
    var isConfirmed: Bool { remedy == .repair }

    /// The fault on every call.
    var always: FaultPlan {
        guard let fault else { return FaultPlan() }
        return FaultPlan(shares: [.init(fault, 1)])
    }

    /// The fault on each call's first attempt; for a burst on the first two requests of all.
    var once: FaultPlan {
        guard let fault else { return FaultPlan() }
        if fault == .unavailable { return FaultPlan(bursts: [.init(0..<2, fault)]) }
        return FaultPlan(shares: [.init(fault, 1, attempts: 0..<1)])
    }
}
