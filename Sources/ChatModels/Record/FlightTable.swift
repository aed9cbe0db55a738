// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The calls that are being made, each by one task for all who ask for it meanwhile.
final class FlightTable: Sendable {
    typealias Outcome = Result<ChatReply, any Error>

    /// What boarding a call comes to.
    enum Boarding {
        /// The caller makes the call, and must land it.
        case leading
        /// Another task has made it.
        case landed(Outcome)
        /// The task that was making it was cancelled.
        case abandoned
    }

    private typealias Waiter = CheckedContinuation<Boarding, any Error>

    private struct State {
        var waiters: [CallKey: [Int: Waiter]] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Takes the lead of a call, or waits for the task that has it.
    ///
    /// - Throws: `CancellationError`.
    func board(_ key: CallKey) async throws -> Boarding {
        let ticket = state.withLock { state -> Int? in
            guard state.waiters[key] != nil else {
                state.waiters[key] = [:]
                return nil
            }
            state.next += 1
            return state.next
        }
        guard let ticket else { return .leading }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(key, ticket, $0) }
        } onCancel: {
            state.withLock { $0.waiters[key]?.removeValue(forKey: ticket) }?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ key: CallKey, _ ticket: Int, _ waiter: Waiter) {
        let answer = state.withLock { state -> Result<Boarding, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            guard state.waiters[key] != nil else { return .success(.abandoned) }
            state.waiters[key]?[ticket] = waiter
            return nil
        }
        if let answer { waiter.resume(with: answer) }
    }

    /// Tells all who wait what the call came to; `nil` when the caller gives it up.
    func land(_ key: CallKey, _ outcome: Outcome?) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: key) } ?? [:]
        for waiter in waiters.values { waiter.resume(returning: outcome.map(Boarding.landed) ?? .abandoned) }
    }
}
