// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets calls through to one endpoint no faster than it bears: at most so many at a time, so many requests and tokens a
/// minute, and none while the endpoint asks for a pause.
final class EndpointGate<Time: Clock>: Sendable where Time.Duration == Duration {
    /// A call that was let through.
    struct Pass: Sendable {
        fileprivate var call: Int
        fileprivate var tokens: Int
    }

    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        var concurrency: AdaptiveConcurrency
        var requests: Pace?
        var tokens: Pace?
        var inFlight = 0
        var waiters: [(ticket: Int, waiter: Waiter)] = []
        var ticket = 0
        var pausedUntil = 0.0

        var hasRoom: Bool { inFlight < concurrency.limit }
    }

    private let clock: Time
    private let origin: Time.Instant
    private let state: Mutex<State>

    init(_ limits: EndpointLimits, clock: Time) {
        self.clock = clock
        origin = clock.now
        state = Mutex(
            State(
                concurrency: AdaptiveConcurrency(most: limits.concurrency),
                requests: Pace(perMinute: limits.requestsPerMinute),
                tokens: Pace(perMinute: limits.tokensPerMinute)
            )
        )
    }

    /// Calls in flight and waiting, as a share of what the endpoint bears.
    var load: Double {
        state.withLock { Double($0.inFlight + $0.waiters.count) / Double($0.concurrency.limit) }
    }

    /// How long the endpoint still asks to stay away, in seconds; 0 where it does not.
    var pauseLeft: Double {
        state.withLock { max(0, $0.pausedUntil - now) }
    }

    /// Waits until the call may be made.
    ///
    /// - Parameters:
    ///   - tokens: The tokens that the call may use, read and written.
    ///   - longestPause: The longest pause that is waited for; `nil` for any.
    /// - Returns: The pass, to be given back with ``leave(_:outcome:)``.
    /// - Throws: `CancellationError`; ``ChatModelError/Code/rateLimited`` where the endpoint asks for a longer pause.
    func enter(tokens: Int, longestPause: Duration? = nil) async throws -> Pass {
        try await takeSlot()
        let (call, pace) = state.withLock { state in
            let now = self.now
            let paces = [state.requests?.draw(1, at: now), state.tokens?.draw(Double(tokens), at: now)]
            return (state.concurrency.start(), paces.compactMap(\.self).max() ?? 0)
        }
        do {
            try await sit(through: pace, longestPause)
            return Pass(call: call, tokens: tokens)
        } catch {
            state.withLock { state in
                state.requests?.settle(1)
                state.tokens?.settle(Double(tokens))
            }
            freeSlots()
            throw error
        }
    }

    /// Waits for the pace and for the endpoint's pause, which may have grown meanwhile.
    private func sit(through pace: Double, _ longestPause: Duration?) async throws {
        var wait = max(pace, pauseLeft)
        // A microsecond and less is no wait: what rounding leaves must not be slept for over and over.
        while wait > 0.000_001 {
            let pause = pauseLeft
            if let longestPause, pause > longestPause.inSeconds {
                throw ChatModelError(
                    .rateLimited,
                    "the endpoint asks for a pause of \(Int(pause.rounded(.up))) s, longer than a call may take",
                    retryAfter: .seconds(pause)
                )
            }
            try await clock.sleep(for: .seconds(wait))
            wait = pauseLeft
        }
    }

    /// Gives a pass back and learns from what the endpoint said.
    func leave(_ pass: Pass, outcome: Result<ChatReply, any Error>) {
        state.withLock { state in
            switch outcome {
            case .success(let reply):
                state.concurrency.succeed()
                let used = reply.usage.input + reply.usage.output
                if used > 0 { state.tokens?.settle(Double(pass.tokens - used)) }
                if let pause = reply.limits?.pause { state.pausedUntil = max(state.pausedUntil, now + pause.inSeconds) }
            case .failure(let error as ChatModelError) where error.code == .rateLimited:
                state.concurrency.turnAway(pass.call)
                let pause = error.retryAfter ?? error.limits?.pause ?? .zero
                state.pausedUntil = max(state.pausedUntil, now + pause.inSeconds)
            case .failure: state.tokens?.settle(Double(pass.tokens))
            }
        }
        freeSlots()
    }

    private var now: Double { origin.duration(to: clock.now).inSeconds }

    private func takeSlot() async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state -> Int? in
            if state.hasRoom, state.waiters.isEmpty {
                state.inFlight += 1
                return nil
            }
            state.ticket += 1
            return state.ticket
        }
        guard let ticket else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(ticket, $0) }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
                return state.waiters.remove(at: place).waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ ticket: Int, _ waiter: Waiter) {
        let answer = state.withLock { state -> Result<Void, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            if state.hasRoom, state.waiters.isEmpty {
                state.inFlight += 1
                return .success(())
            }
            state.waiters.append((ticket, waiter))
            return nil
        }
        if let answer { waiter.resume(with: answer) }
    }

    /// Frees a slot and lets in as many as there is room for, in the order in which they came.
    private func freeSlots() {
        let woken = state.withLock { state in
            state.inFlight -= 1
            let room = max(0, min(state.concurrency.limit - state.inFlight, state.waiters.count))
            let woken = state.waiters.prefix(room)
            state.waiters.removeFirst(room)
            state.inFlight += room
            return woken.map(\.waiter)
        }
        for waiter in woken { waiter.resume() }
    }
}

extension Duration {
    /// The duration in seconds.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
