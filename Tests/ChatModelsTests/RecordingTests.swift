// SPDX-License-Identifier: Apache-2.0

import ChatModels
import RubricsTesting
import Synchronization
import Testing

@Suite("Recorded calls", .timeLimit(.minutes(10)))
struct RecordingTests {
    private let store = MemoryCallStore()

    private func recording(_ base: ScriptedChatModel) -> RecordingChatModel {
        RecordingChatModel(base, in: store, mode: "none")
    }

    /// A model that answers when it is told to.
    private func gated(_ outcome: Result<ChatReply, ChatModelError>) -> (ScriptedChatModel, open: () -> Void) {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let base = ScriptedChatModel { _, _ in
            for await _ in gate { break }
            try Task.checkCancellation()
            return try outcome.get()
        }
        return (base, { open.finish() })
    }

    @Test("An answer is kept, and given again without a call, marked and free of charge")
    func again() async throws {
        let base = ScriptedChatModel { _, _ in
            var reply = ChatReply(text: "yes", usage: TokenUsage(input: 7, output: 1))
            reply.cost = 0.5
            return reply
        }
        let model = recording(base)
        let first = try await model.reply(to: .asking())
        let second = try await model.reply(to: .asking())
        #expect(!first.isRecorded && second.isRecorded)
        #expect(first.text == "yes" && second.text == "yes" && first.key == second.key && first.key != nil)
        #expect(CallUsage(first) == CallUsage(calls: 1, tokens: TokenUsage(input: 7, output: 1), cost: 0.5))
        #expect(CallUsage(second) == CallUsage(calls: 1, recorded: 1))
        #expect(base.requests.count == 1)
    }

    @Test("Another request, vote or mode is another call")
    func others() async throws {
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let model = recording(base)
        _ = try await model.reply(to: .asking())
        _ = try await model.reply(to: .asking("Is it not?"))
        _ = try await model.reply(to: .asking(vote: 1))
        _ = try await RecordingChatModel(base, in: store, mode: "tool").reply(to: .asking())
        #expect(base.requests.count == 4 && store.kept.count == 4)
    }

    @Test("Identical calls at the same time are made once, and paid once")
    func together() async throws {
        let (base, open) = gated(.success(ChatReply(text: "yes")))
        let model = recording(base)
        let replies = try await withThrowingTaskGroup(of: ChatReply.self) { group in
            for _ in 0..<50 { group.addTask { try await model.reply(to: .asking()) } }
            while base.requests.isEmpty { await Task.yield() }
            for _ in 0..<50 { await Task.yield() }
            open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(base.requests.count == 1)
        #expect(replies.count == 50 && replies.count { !$0.isRecorded } == 1)
    }

    @Test("A failure is shared by all who wait, carries the call's key, and nothing is kept")
    func failure() async throws {
        let (base, open) = gated(.failure(ChatModelError(.quota, "nothing left")))
        let model = recording(base)
        let errors = await withTaskGroup(of: ChatModelError?.self) { group in
            for _ in 0..<20 {
                group.addTask { await model.failure() as? ChatModelError }
            }
            while base.requests.isEmpty { await Task.yield() }
            for _ in 0..<50 { await Task.yield() }
            open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        let key = store.key(of: .asking(), model: "scripted", mode: "none")
        #expect(errors.allSatisfy { $0?.code == .quota && $0?.key == key })
        #expect(store.kept.isEmpty)
        // Who came after the failure asks anew; nobody else does.
        #expect(base.requests.count < 20)
    }

    @Test("What failed is asked for again by the next who needs it")
    func afterFailure() async throws {
        let base = ScriptedChatModel(answers: [
            .failure(ChatModelError(.timeout, "late")), .success(ChatReply(text: "yes")),
        ])
        let model = recording(base)
        await #expect(throws: ChatModelError.self) { try await model.reply(to: .asking()) }
        #expect(try await model.reply(to: .asking()).text == "yes")
        #expect(store.kept.count == 1)
    }

    @Test("When the task that makes the call is cancelled, one of those who wait makes it")
    func takeover() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let base = ScriptedChatModel { _, call in
            if call == 0 { return try await hang() }
            for await _ in gate { break }
            return ChatReply(text: "yes")
        }
        let model = recording(base)
        try await withThrowingTaskGroup(of: ChatReply.self) { waiters in
            await withTaskGroup(of: (any Error)?.self) { leader in
                leader.addTask { await model.failure() }
                while base.requests.isEmpty { await Task.yield() }
                for _ in 0..<5 { waiters.addTask { try await model.reply(to: .asking()) } }
                for _ in 0..<50 { await Task.yield() }
                leader.cancelAll()
                #expect(await leader.next() is CancellationError)
            }
            while base.requests.count < 2 { await Task.yield() }
            open.finish()
            for try await reply in waiters { #expect(reply.text == "yes") }
        }
        #expect(base.requests.count == 2)
    }

    @Test("A failure that a cancelled task runs into is nobody else's")
    func cancelledFailure() async throws {
        let base = ScriptedChatModel { _, call in
            guard call == 0 else { return ChatReply(text: "yes") }
            do { return try await hang() } catch { throw ChatModelError(.connection, "closed") }
        }
        let model = recording(base)
        await withTaskGroup(of: (any Error)?.self) { waiters in
            await withTaskGroup(of: Void.self) { leader in
                leader.addTask { _ = await model.failure() }
                while base.requests.isEmpty { await Task.yield() }
                waiters.addTask { await model.failure() }
                for _ in 0..<50 { await Task.yield() }
                leader.cancelAll()
            }
            for await failure in waiters { #expect(failure == nil) }
        }
    }

    @Test("Cancelling one who waits leaves the call and the others alone")
    func cancelledWaiter() async throws {
        let (base, open) = gated(.success(ChatReply(text: "yes")))
        let model = recording(base)
        async let leader = model.reply(to: .asking())
        while base.requests.isEmpty { await Task.yield() }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await model.failure() is CancellationError }
            for _ in 0..<50 { await Task.yield() }
            group.cancelAll()
            #expect(await group.next() == true)
        }
        open()
        #expect(try await leader.text == "yes" && base.requests.count == 1)
    }

    @Test("A store that cannot keep an answer fails all who wait: the call is not paid again for each")
    func brokenStore() async throws {
        let (base, open) = gated(.success(ChatReply(text: "yes")))
        let model = RecordingChatModel(base, in: BrokenStore(), mode: "none")
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask { await model.failure() is BrokenStore.Full }
            }
            while base.requests.isEmpty { await Task.yield() }
            for _ in 0..<200 { await Task.yield() }
            open()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 10)
        #expect(base.requests.count < 10)
    }
}

/// A store on a full disk.
private struct BrokenStore: CallStore {
    struct Full: Error {}

    func key(of request: ChatRequest, model: String, mode: String) -> CallKey { CallKey(bytes: [1]) }
    func reply(for key: CallKey) async throws -> ChatReply? { nil }
    func record(_ reply: ChatReply, for key: CallKey, model: String) async throws { throw Full() }
}
