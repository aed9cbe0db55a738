// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Clock {
    /// A time since the clock was made.
    public typealias Instant = ImmediateClock.Instant

    private struct Sleeper {
        var deadline: Instant
        var waiter: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Int: Sleeper] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Makes a clock at zero.
    public init() {}

    /// The time to which the clock was moved.
    public var now: Instant { state.withLock(\.now) }
    /// Zero.
    public var minimumResolution: Duration { .zero }

    /// Moves the time on and wakes who is due, the earliest first.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for (_, sleeper) in due { sleeper.waiter.resume() }
    }

    /// Returns when so many sleep until a time that is exactly this far away.
    ///
    /// - Parameters:
    ///   - count: How many sleepers are waited for, at least.
    ///   - duration: How long they have left; `nil` for any time.
    public func untilAsleep(_ count: Int = 1, for duration: Duration? = nil) async {
        func enough() -> Bool {
            state.withLock { state in
                state.sleepers.values.count { sleeper in
                    duration == nil || state.now.duration(to: sleeper.deadline) == duration
                } >= count
            }
        }
        while !enough() { await Task.yield() }
    }

    /// Sleeps until the clock is moved to `deadline`.
    ///
    /// - Throws: `CancellationError` in a cancelled task.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(ticket, Sleeper(deadline: deadline, waiter: $0)) }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.waiter.resume(throwing: CancellationError())
        }
    }

    private func wait(_ ticket: Int, _ sleeper: Sleeper) {
        let answer = state.withLock { state -> Result<Void, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            if sleeper.deadline <= state.now { return .success(()) }
            state.sleepers[ticket] = sleeper
            return nil
        }
        if let answer { sleeper.waiter.resume(with: answer) }
    }
}
