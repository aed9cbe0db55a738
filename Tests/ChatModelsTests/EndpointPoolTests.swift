// SPDX-License-Identifier: Apache-2.0

import RubricsTesting
import Testing

@testable import ChatModels

@Suite("Pools of endpoints", .timeLimit(.minutes(10)))
struct EndpointPoolTests {
    private let clock = ManualClock()

    /// A pool whose first `failing` endpoints fail with a code.
    private func pool(
        _ count: Int,
        failing: Int = 0,
        _ code: ChatModelError.Code = .serverError,
        retryAfter: Duration? = nil
    ) -> EndpointPool<ManualClock> {
        EndpointPool(
            (0..<count).map { place in
                .init(
                    ScriptedChatModel(name: "m\(place)") { _, _ in
                        if place < failing { throw ChatModelError(code, "it failed", retryAfter: retryAfter) }
                        return ChatReply(text: "m\(place)")
                    }
                )
            },
            clock: clock
        )
    }

    @discardableResult
    private func attempt(_ pool: EndpointPool<ManualClock>, at place: Int) async throws -> Result<
        ChatReply, ChatModelError
    > {
        let pass = try await pool.enter(place, .asking(), longestPause: .seconds(1000))
        return try await pool.attempt(at: place, .asking(), pass: pass, deadline: .seconds(60)).outcome
    }

    @Test("A pool has its first endpoint's name and what all of them can do")
    func identity() {
        #expect(pool(3).name == "m0" && pool(3).count == 3 && pool(3).features == [])
    }

    @Test("The least loaded endpoint is chosen, as a share of what each bears")
    func leastLoaded() async throws {
        let model = ScriptedChatModel { _, _ in ChatReply(text: "") }
        let limits = [2, 10].map { EndpointLimits(concurrency: $0) }
        let pool = EndpointPool(limits.map { .init(model, limits: $0) }, clock: clock)
        var counts = [0, 0]
        for _ in 0..<12 {
            let place = pool.choose()
            _ = try await pool.enter(place, .asking(), longestPause: .seconds(1))
            counts[place] += 1
        }
        #expect(counts == [2, 10])
    }

    @Test("An endpoint to avoid is left out where there is another")
    func avoiding() {
        #expect(pool(2).choose(avoiding: 0) == 1)
        #expect(pool(2).choose(avoiding: 1) == 0)
        #expect(pool(1).choose(avoiding: 0) == 0)
    }

    @Test(
        "Five failures of an endpoint in a row put it aside, for five seconds and then for twice as long",
        arguments: [.serverError, .timeout, .connection] as [ChatModelError.Code]
    )
    func aside(code: ChatModelError.Code) async throws {
        let pool = pool(2, failing: 1, code)
        for _ in 0..<4 { try await attempt(pool, at: 0) }
        #expect(pool.choose() == 0)
        try await attempt(pool, at: 0)
        #expect(pool.choose() == 1)
        clock.advance(by: .seconds(4.5))
        #expect(pool.choose() == 1)
        clock.advance(by: .seconds(0.5))
        #expect(pool.choose() == 0)
        try await attempt(pool, at: 0)
        clock.advance(by: .seconds(9.5))
        #expect(pool.choose() == 1)
        clock.advance(by: .seconds(0.5))
        #expect(pool.choose() == 0)
    }

    @Test("Calls that fail together count once: they do not double the time aside")
    func burst() async throws {
        let pool = pool(2, failing: 1)
        for _ in 0..<40 { try await attempt(pool, at: 0) }
        #expect(pool.choose() == 1)
        clock.advance(by: .seconds(5))
        #expect(pool.choose() == 0)
    }

    @Test(
        "What says nothing about an endpoint's health does not put it aside",
        arguments: [.auth, .quota, .refusal, .contentFilter, .contextOverflow, .malformed, .rejected, .rateLimited]
            as [ChatModelError.Code]
    )
    func healthy(code: ChatModelError.Code) async throws {
        let pool = pool(2, failing: 1, code)
        for _ in 0..<6 { try await attempt(pool, at: 0) }
        #expect(pool.choose() == 0)
    }

    @Test("A success forgets the failures before it")
    func recovery() {
        var health = EndpointHealth()
        let failure = Result<ChatReply, any Error>.failure(ChatModelError(.timeout, ""))
        for _ in 0..<4 { health.note(failure, at: 0) }
        health.note(.success(ChatReply(text: "")), at: 0)
        for _ in 0..<4 { health.note(failure, at: 0) }
        #expect(health.isUsable(at: 0))
        health.note(failure, at: 0)
        #expect(!health.isUsable(at: 4.9) && health.isUsable(at: 5))
    }

    @Test("No endpoint stays aside for longer than two minutes")
    func longest() {
        var health = EndpointHealth()
        var now = 0.0
        for _ in 0..<40 {
            health.note(.failure(ChatModelError(.timeout, "")), at: now)
            #expect(health.asideUntil - now <= 120)
            now = max(now, health.asideUntil)
        }
        #expect(now > 1000)
    }

    @Test("Where all are aside, the one that is due first is used")
    func allAside() async throws {
        let pool = pool(2, failing: 2)
        for _ in 0..<5 { try await attempt(pool, at: 1) }
        clock.advance(by: .seconds(1))
        for _ in 0..<5 { try await attempt(pool, at: 0) }
        #expect(pool.choose() == 1)
    }

    @Test("An endpoint that asks for a pause is left alone while another is free")
    func paused() async throws {
        let pool = pool(2, failing: 1, .rateLimited, retryAfter: .seconds(30))
        try await attempt(pool, at: 0)
        #expect(pool.choose() == 1)
        clock.advance(by: .seconds(30))
        #expect(pool.choose() == 0)
    }

    @Test("A call is answered although an endpoint of the pool is down")
    func failover() async throws {
        let clock = ImmediateClock(upTo: .seconds(50))
        let down = ScriptedChatModel { _, _ in throw ChatModelError(.connection, "down") }
        let up = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let pool = EndpointPool([.init(down), .init(up)], clock: clock)
        let model = RetryingChatModel(pool, policy: RetryPolicy(attempts: 6), clock: clock)
        for _ in 0..<4 { #expect(try await model.reply(to: .asking()).text == "yes") }
        #expect(up.requests.count == 4)
    }
}
