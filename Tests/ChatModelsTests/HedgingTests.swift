// SPDX-License-Identifier: Apache-2.0

import ChatModels
import RubricsTesting
import Testing

@Suite("Hedging", .timeLimit(.minutes(10)))
struct HedgingTests {
    private let clock = ManualClock()

    private func model(
        _ bases: [ScriptedChatModel],
        attempts: Int = 1,
        limits: EndpointLimits = EndpointLimits()
    ) -> RetryingChatModel<ManualClock> {
        RetryingChatModel(
            EndpointPool(bases.map { .init($0, limits: limits) }, clock: clock),
            policy: RetryPolicy(attempts: attempts, hedgeAfter: .seconds(2)),
            clock: clock
        )
    }

    private func answering(_ text: String) -> ScriptedChatModel {
        ScriptedChatModel { _, _ in ChatReply(text: text) }
    }

    private func failing(_ message: String) -> ScriptedChatModel {
        ScriptedChatModel { _, _ in throw ChatModelError(.serverError, message) }
    }

    @Test("A straggler gets a second call elsewhere, whose answer counts, and is cancelled")
    func straggler() async throws {
        let cancelled = Counter()
        let slow = ScriptedChatModel { _, _ in
            do { return try await hang() } catch {
                cancelled.add(1)
                throw error
            }
        }
        let quick = answering("quick")
        let model = model([slow, quick])
        async let reply = model.reply(to: .asking())
        await clock.untilAsleep(for: .seconds(2))
        #expect(quick.requests.isEmpty)
        clock.advance(by: .seconds(2))
        #expect(try await reply.text == "quick")
        #expect(cancelled.value == 1 && slow.requests.count == 1 && quick.requests.count == 1)
    }

    @Test("An answer in time makes no second call")
    func inTime() async throws {
        let bases = [answering("first"), answering("second")]
        #expect(try await model(bases).reply(to: .asking()).text == "first")
        #expect(bases[1].requests.isEmpty)
    }

    @Test("A failure in time makes no second call either: it is tried again as any other")
    func failureInTime() async throws {
        let bases = [failing("first"), answering("second")]
        let error = await #expect(throws: ChatModelError.self) { try await model(bases).reply(to: .asking()) }
        #expect(error?.message == "first" && bases[1].requests.isEmpty)
    }

    @Test("The first call's answer counts when it comes before the second's")
    func firstWins() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let slow = ScriptedChatModel { _, _ in
            for await _ in gate { break }
            return ChatReply(text: "first")
        }
        let cancelled = Counter()
        let slower = ScriptedChatModel { _, _ in
            do { return try await hang() } catch {
                cancelled.add(1)
                throw error
            }
        }
        let model = model([slow, slower])
        async let reply = model.reply(to: .asking())
        await clock.untilAsleep(for: .seconds(2))
        clock.advance(by: .seconds(2))
        while slower.requests.isEmpty { await Task.yield() }
        open.yield()
        #expect(try await reply.text == "first")
        #expect(cancelled.value == 1)
    }

    @Test("A second call that fails leaves the first to answer")
    func secondFails() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let slow = ScriptedChatModel { _, _ in
            for await _ in gate { break }
            return ChatReply(text: "first")
        }
        let broken = failing("second")
        let model = model([slow, broken])
        async let reply = model.reply(to: .asking())
        await clock.untilAsleep(for: .seconds(2))
        clock.advance(by: .seconds(2))
        while broken.requests.isEmpty { await Task.yield() }
        open.yield()
        #expect(try await reply.text == "first")
    }

    @Test("When both fail the attempt has failed, and is one attempt")
    func bothFail() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let slow = ScriptedChatModel { _, _ in
            for await _ in gate { break }
            throw ChatModelError(.timeout, "first")
        }
        let broken = failing("second")
        let model = model([slow, broken])
        async let failure = model.failure()
        await clock.untilAsleep(for: .seconds(2))
        clock.advance(by: .seconds(2))
        while broken.requests.isEmpty { await Task.yield() }
        open.yield()
        let error = await failure as? ChatModelError
        #expect(error?.isTransient == true && error?.message.contains("attempts") == false)
        #expect(slow.requests.count == 1 && broken.requests.count == 1)
    }

    @Test("A call that waits to be let through is no straggler")
    func queueing() async throws {
        let bases = [answering("first"), answering("second")]
        let model = model(bases, limits: EndpointLimits(requestsPerMinute: 6))
        _ = try await model.reply(to: .asking())
        async let second = model.reply(to: .asking())
        await clock.untilAsleep(for: .seconds(10))
        clock.advance(by: .seconds(9))
        #expect(bases[0].requests.count + bases[1].requests.count == 1)
        clock.advance(by: .seconds(1))
        _ = try await second
        #expect(bases[0].requests.count + bases[1].requests.count == 2)
    }

    @Test("With one endpoint there is nobody else to ask")
    func alone() async throws {
        let base = ScriptedChatModel { _, _ in try await hang() }
        let model = model([base])
        async let failure = model.failure()
        await clock.untilAsleep(for: .seconds(60))
        clock.advance(by: .seconds(60))
        #expect((await failure as? ChatModelError)?.code == .timeout)
        #expect(base.requests.count == 1)
    }
}
