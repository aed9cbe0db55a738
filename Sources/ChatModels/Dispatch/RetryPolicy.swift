// SPDX-License-Identifier: Apache-2.0

/// When a failed call is tried again: exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter",
/// AWS 2015). A pure function of the failure, the attempt and the time left.
public struct RetryPolicy: Sendable, Hashable {
    /// The most attempts of one call.
    public var attempts: Int
    /// The longest wait before the second attempt; each later one doubles it.
    public var firstDelay: Duration
    /// The longest wait of all.
    public var longestDelay: Duration
    /// How long one attempt may take.
    public var attemptDeadline: Duration
    /// How long the call may take with all its attempts and waits.
    public var callDeadline: Duration
    /// How long a pool waits for a straggler before it asks a second endpoint too; `nil` for ever.
    public var hedgeAfter: Duration?

    /// Makes a policy.
    public init(
        attempts: Int = 6,
        firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(30),
        attemptDeadline: Duration = .seconds(60),
        callDeadline: Duration = .seconds(180),
        hedgeAfter: Duration? = nil
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.attemptDeadline = attemptDeadline
        self.callDeadline = callDeadline
        self.hedgeAfter = hedgeAfter
    }

    /// How long to wait before the next attempt; `nil` when the failure stands.
    ///
    /// What the endpoint asks for is honoured in full, and stands at once where it lies beyond the call's deadline.
    ///
    /// - Parameters:
    ///   - failure: Why the attempt failed.
    ///   - attempt: The attempt's number, from 1.
    ///   - left: The time left of the call.
    ///   - jitter: A uniform number in [0, 1).
    /// - Returns: The wait.
    public func delay(
        after failure: ChatModelError,
        attempt: Int,
        left: Duration,
        jitter: Double
    ) -> Duration? {
        guard failure.isTransient, attempt < attempts else { return nil }
        let doublings = min(attempt - 1, 30)
        let longest = min(firstDelay * (1 << doublings), longestDelay)
        let wait = (failure.retryAfter ?? .zero) + longest * jitter
        return wait < left ? wait : nil
    }
}
