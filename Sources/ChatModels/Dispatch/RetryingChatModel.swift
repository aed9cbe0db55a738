// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synchronization

/// Tries transient failures again, within a deadline an attempt and one a call, over a pool of endpoints.
///
/// Waiting for an endpoint's limits counts as neither: a call that has to queue is not a call that fails.
public final class RetryingChatModel<Time: Clock>: ChatModel where Time.Duration == Duration {
    /// The pool's name.
    public var name: String { pool.name }
    /// The pool's features.
    public var features: ChatFeatures { pool.features }

    private let pool: EndpointPool<Time>
    private let policy: RetryPolicy
    private let clock: Time
    private let generator: Mutex<SplitMix64>

    /// Makes a pool's attempts into calls.
    ///
    /// - Parameters:
    ///   - pool: Where attempts are made.
    ///   - policy: When there is another attempt.
    ///   - clock: What waits.
    ///   - seed: The seed of the jitter, which has no part in any result.
    public init(_ pool: EndpointPool<Time>, policy: RetryPolicy = RetryPolicy(), clock: Time, seed: UInt64 = 0) {
        self.pool = pool
        self.policy = policy
        self.clock = clock
        generator = Mutex(SplitMix64(seed: seed))
    }

    /// Makes one model's attempts into calls.
    public convenience init(
        _ base: any ChatModel,
        policy: RetryPolicy = RetryPolicy(),
        clock: Time,
        seed: UInt64 = 0
    ) {
        self.init(EndpointPool([.init(base)], clock: clock), policy: policy, clock: clock, seed: seed)
    }

    /// Answers, or fails with the last attempt's error and how many there were.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        var left = policy.callDeadline
        var number = 1
        while true {
            let attempt = try await attempt(request, left: left)
            guard case .failure(let failure) = attempt.outcome else { return try attempt.outcome.get() }
            left -= attempt.duration
            let jitter = generator.withLock { $0.uniform() }
            guard let wait = policy.delay(after: failure, attempt: number, left: left, jitter: jitter) else {
                throw failure.noting(attempts: number)
            }
            try await clock.sleep(for: wait)
            left -= wait
            number += 1
        }
    }

    private typealias Attempt = EndpointPool<Time>.Attempt
    private typealias Pass = EndpointGate<Time>.Pass

    /// One attempt, timed from when it was let through.
    private func attempt(_ request: ChatRequest, left: Duration) async throws -> Attempt {
        let place = pool.choose()
        guard let patience = policy.hedgeAfter, pool.count > 1 else {
            return try await attempt(request, at: place, left: left)
        }
        return try await entering(place, request) { pass in
            let start = clock.now
            let attempt = try await hedged(request, at: place, pass, patience: patience, left: left)
            return Attempt(outcome: attempt.outcome, duration: start.duration(to: clock.now))
        }
    }

    /// One attempt at one endpoint.
    private func attempt(_ request: ChatRequest, at place: Int, left: Duration) async throws -> Attempt {
        try await entering(place, request) { pass in
            try await pool.attempt(at: place, request, pass: pass, deadline: min(policy.attemptDeadline, left))
        }
    }

    /// An attempt that begins when an endpoint lets it through; a pause too long to wait for is a failed one.
    private func entering(
        _ place: Int,
        _ request: ChatRequest,
        _ body: (Pass) async throws -> Attempt
    ) async throws -> Attempt {
        let pass: Pass
        do {
            pass = try await pool.enter(place, request, longestPause: policy.callDeadline)
        } catch let error as ChatModelError {
            return Attempt(outcome: .failure(error), duration: .zero)
        }
        return try await body(pass)
    }

    /// An attempt that gets, when it straggles, a second one beside it at another endpoint; the first answer counts.
    private func hedged(
        _ request: ChatRequest,
        at place: Int,
        _ pass: Pass,
        patience: Duration,
        left: Duration
    ) async throws -> Attempt {
        try await withThrowingTaskGroup(of: Attempt?.self) { [pool, clock, policy] group in
            defer { group.cancelAll() }
            group.addTask {
                try await pool.attempt(at: place, request, pass: pass, deadline: min(policy.attemptDeadline, left))
            }
            group.addTask {
                try await clock.sleep(for: patience)
                return nil
            }
            guard let first = try await group.next() else { throw CancellationError() }
            // An attempt that ends before patience does stands, whatever it came to.
            if let first { return first }
            group.addTask {
                try await self.attempt(request, at: pool.choose(avoiding: place), left: left - patience)
            }
            guard let next = try await group.next(), let next else { throw CancellationError() }
            if case .success = next.outcome { return next }
            guard let last = try await group.next(), let last else { return next }
            return last
        }
    }
}

extension ChatModelError {
    fileprivate func noting(attempts: Int) -> Self {
        guard attempts > 1 else { return self }
        var copy = self
        copy.message += " (after \(attempts) attempts)"
        return copy
    }
}
