// SPDX-License-Identifier: Apache-2.0

import RubricsTesting
import Testing

@testable import ChatModels

@Suite("Gates", .timeLimit(.minutes(10)))
struct EndpointGateTests {
    private static let answer = Result<ChatReply, any Error>.success(ChatReply(text: ""))

    private static func turnedAway(after pause: Duration?) -> Result<ChatReply, any Error> {
        .failure(ChatModelError(.rateLimited, "slow down", retryAfter: pause))
    }

    /// Returns when the gate's load is this.
    private func wait<Time>(for load: Double, at gate: EndpointGate<Time>) async {
        while gate.load != load { await Task.yield() }
    }

    @Test("Never more calls than the limit are in flight, and all come through")
    func limit() async throws {
        let gate = EndpointGate(EndpointLimits(concurrency: 7), clock: ManualClock())
        let (inFlight, done) = (Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<300 {
                group.addTask {
                    let pass = try await gate.enter(tokens: 1)
                    inFlight.add(1)
                    for _ in 0..<3 { await Task.yield() }
                    inFlight.add(-1)
                    done.add(1)
                    gate.leave(pass, outcome: Self.answer)
                }
            }
            try await group.waitForAll()
        }
        #expect(inFlight.most <= 7)
        #expect(done.value == 300)
        #expect(gate.load == 0)
    }

    @Test("Who waits is let in in the order of coming")
    func order() async throws {
        let gate = EndpointGate(EndpointLimits(concurrency: 1), clock: ManualClock())
        let entered = Notes()
        let first = try await gate.enter(tokens: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let pass = try await gate.enter(tokens: 1)
                    entered.note(number)
                    gate.leave(pass, outcome: Self.answer)
                }
                await wait(for: Double(number + 2), at: gate)
            }
            gate.leave(first, outcome: Self.answer)
            try await group.waitForAll()
        }
        #expect(entered.numbers == Array(0..<20))
    }

    @Test("Cancelling a call that waits frees its place in the queue, and no other")
    func cancellation() async throws {
        let gate = EndpointGate(EndpointLimits(concurrency: 1), clock: ManualClock())
        let first = try await gate.enter(tokens: 1)
        async let patient: EndpointGate<ManualClock>.Pass = gate.enter(tokens: 1)
        await wait(for: 2, at: gate)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await gate.enter(tokens: 1)
                    return false
                } catch { return error is CancellationError }
            }
            await wait(for: 3, at: gate)
            group.cancelAll()
            #expect(await group.next() == true)
        }
        #expect(gate.load == 2)
        gate.leave(first, outcome: Self.answer)
        gate.leave(try await patient, outcome: Self.answer)
        #expect(gate.load == 0)
    }

    @Test("Cancelling a call that waits for its pace gives back what it drew")
    func refund() async throws {
        let clock = ManualClock()
        let gate = EndpointGate(EndpointLimits(concurrency: 9, requestsPerMinute: 6), clock: clock)
        _ = try await gate.enter(tokens: 1)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await gate.enter(tokens: 1) }
            await clock.untilAsleep(for: .seconds(10))
            group.cancelAll()
        }
        #expect(gate.load == 1.0 / 9)
        async let next: EndpointGate<ManualClock>.Pass = gate.enter(tokens: 1)
        // Not twenty seconds: the cancelled call's request is free again.
        await clock.untilAsleep(for: .seconds(10))
        clock.advance(by: .seconds(10))
        _ = try await next
    }

    @Test("Being turned away for a while holds everybody back for that while")
    func pause() async throws {
        let clock = ManualClock()
        let gate = EndpointGate(EndpointLimits(concurrency: 8), clock: clock)
        let pass = try await gate.enter(tokens: 1)
        gate.leave(pass, outcome: Self.turnedAway(after: .seconds(20)))
        let entered = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    _ = try await gate.enter(tokens: 1)
                    entered.add(1)
                }
            }
            await clock.untilAsleep(3, for: .seconds(20))
            clock.advance(by: .seconds(19))
            #expect(entered.value == 0 && gate.pauseLeft == 1)
            clock.advance(by: .seconds(1))
            try await group.waitForAll()
        }
        #expect(entered.value == 3 && gate.pauseLeft == 0)
    }

    @Test("A pause that begins while a call waits for its pace holds it back too")
    func latePause() async throws {
        let clock = ManualClock()
        let gate = EndpointGate(EndpointLimits(concurrency: 8, requestsPerMinute: 6), clock: clock)
        let pass = try await gate.enter(tokens: 1)
        async let second: EndpointGate<ManualClock>.Pass = gate.enter(tokens: 1)
        await clock.untilAsleep(for: .seconds(10))
        gate.leave(pass, outcome: Self.turnedAway(after: .seconds(30)))
        clock.advance(by: .seconds(10))
        await clock.untilAsleep(for: .seconds(20))
        clock.advance(by: .seconds(20))
        _ = try await second
    }

    @Test("A pause longer than a call may take fails at once, with how long it is")
    func longPause() async throws {
        let gate = EndpointGate(EndpointLimits(), clock: ManualClock())
        let pass = try await gate.enter(tokens: 1)
        gate.leave(pass, outcome: Self.turnedAway(after: .seconds(3600)))
        let error = await #expect(throws: ChatModelError.self) {
            _ = try await gate.enter(tokens: 1, longestPause: .seconds(180))
        }
        #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(3600))
        #expect(gate.load == 0)
    }

    @Test("An answer that says that nothing is left holds the next calls back")
    func exhausted() async throws {
        let clock = ManualClock()
        let gate = EndpointGate(EndpointLimits(), clock: clock)
        let limits = RateLimits(
            remainingRequests: 3,
            remainingTokens: 0,
            requestReset: .seconds(9),
            tokenReset: .seconds(4)
        )
        gate.leave(try await gate.enter(tokens: 1), outcome: .success(ChatReply(text: "", limits: limits)))
        #expect(gate.pauseLeft == 4)
    }

    @Test("Tokens that a call did not use are there for the next")
    func tokens() async throws {
        let clock = ManualClock()
        let gate = EndpointGate(EndpointLimits(tokensPerMinute: 600), clock: clock)
        let pass = try await gate.enter(tokens: 100)
        gate.leave(pass, outcome: .success(ChatReply(text: "", usage: TokenUsage(input: 20, output: 10))))
        // 30 of 100 are drawn; 80 more are 10 too many, at 10 a second.
        async let next: EndpointGate<ManualClock>.Pass = gate.enter(tokens: 80)
        await clock.untilAsleep(for: .seconds(1))
        clock.advance(by: .seconds(1))
        _ = try await next
    }

    @Test("Waiting for an endpoint's pace counts against no deadline")
    func deadlines() async throws {
        let clock = ManualClock()
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let pool = EndpointPool([.init(base, limits: EndpointLimits(requestsPerMinute: 1))], clock: clock)
        let policy = RetryPolicy(attemptDeadline: .seconds(5), callDeadline: .seconds(5))
        let model = RetryingChatModel(pool, policy: policy, clock: clock)
        _ = try await model.reply(to: .asking())
        async let second = model.reply(to: .asking())
        await clock.untilAsleep(for: .seconds(60))
        clock.advance(by: .seconds(60))
        #expect(try await second.text == "yes")
        #expect(base.requests.count == 2)
    }
}
