// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synchronization

/// Tries transient failures again, within a deadline an attempt and one a call.
public final class RetryingChatModel<Time: Clock>: ChatModel where Time.Duration == Duration {
    /// The base model's name.
    public var name: String { base.name }

    private let base: any ChatModel
    private let policy: RetryPolicy
    private let clock: Time
    private let generator: Mutex<SplitMix64>

    /// Makes `base` try again.
    ///
    /// - Parameters:
    ///   - base: What is called.
    ///   - policy: When it is called again.
    ///   - clock: What waits.
    ///   - seed: The seed of the jitter, which has no part in any result.
    public init(_ base: any ChatModel, policy: RetryPolicy = RetryPolicy(), clock: Time, seed: UInt64 = 0) {
        self.base = base
        self.policy = policy
        self.clock = clock
        generator = Mutex(SplitMix64(seed: seed))
    }

    /// Answers, or fails with the last attempt's error and how many there were.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let end = clock.now.advanced(by: policy.callDeadline)
        var attempt = 1
        while true {
            do {
                let left = min(policy.attemptDeadline, clock.now.duration(to: end))
                return try await withDeadline(left, on: clock) { [base] in try await base.reply(to: request) }
            } catch let failure as ChatModelError {
                try Task.checkCancellation()
                let wait = policy.delay(
                    after: failure,
                    attempt: attempt,
                    left: clock.now.duration(to: end),
                    jitter: generator.withLock { $0.uniform() }
                )
                guard let wait else { throw failure.noting(attempts: attempt) }
                try await clock.sleep(for: wait)
                attempt += 1
            }
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
