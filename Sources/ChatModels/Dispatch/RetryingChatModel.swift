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
            let attempt = try await hedgedAttempt(request, deadline: min(policy.attemptDeadline, left))
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

    /// One attempt; a straggler gets a second one beside it, at another endpoint, and the first answer counts.
    private func hedgedAttempt(
        _ request: ChatRequest,
        deadline: Duration
    ) async throws -> EndpointPool<Time>.Attempt {
        let place = pool.choose()
        guard let patience = policy.hedgeAfter, pool.count > 1 else {
            return try await pool.attempt(at: place, request, deadline: deadline)
        }
        return try await withThrowingTaskGroup(of: EndpointPool<Time>.Attempt?.self) { [pool, clock] group in
            defer { group.cancelAll() }
            group.addTask { try await pool.attempt(at: place, request, deadline: deadline) }
            group.addTask {
                try await clock.sleep(for: patience)
                return nil
            }
            guard let first = try await group.next() else { throw CancellationError() }
            // An attempt that ends before patience does stands, whatever it came to.
            if let first { return first }
            let other = pool.choose(avoiding: place)
            group.addTask { try await pool.attempt(at: other, request, deadline: deadline) }
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
