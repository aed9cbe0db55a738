// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import Synchronization

extension ChatRequest {
    /// A request of one short question.
    static func asking(_ question: String = "Is it?", vote: Int = 0) -> ChatRequest {
        ChatRequest(messages: [Message(role: .user, content: question)], maxTokens: 100, vote: vote)
    }
}

/// Waits until it is cancelled.
func hang() async throws -> ChatReply {
    for await _ in AsyncStream<Never>.makeStream().stream {}
    throw CancellationError()
}

/// A number that many tasks count with.
final class Counter: Sendable {
    private let state = Mutex((value: 0, most: 0))

    /// The present value.
    var value: Int { state.withLock(\.value) }
    /// The largest value so far.
    var most: Int { state.withLock(\.most) }

    func add(_ amount: Int) {
        state.withLock { state in
            state.value += amount
            state.most = max(state.most, state.value)
        }
    }

    /// Returns when the value is at least this large.
    func reaches(_ value: Int) async {
        while self.value < value { await Task.yield() }
    }
}

/// Answers kept in memory.
final class MemoryCallStore: CallStore {
    private let replies = Mutex<[CallKey: ChatReply]>([:])

    /// The kept answers.
    var kept: [CallKey: ChatReply] { replies.withLock(\.self) }

    func key(of request: ChatRequest, model: String, mode: String) -> CallKey {
        let identity: JSONValue = [
            .string(model), .string(mode), request.frame, .array(request.messages.map { .string($0.content) }),
        ]
        return CallKey(bytes: Array(identity.serialized().utf8))
    }

    func reply(for key: CallKey) async throws -> ChatReply? {
        replies.withLock { $0[key] }
    }

    func record(_ reply: ChatReply, for key: CallKey, model: String) async throws {
        replies.withLock { $0[key] = reply }
    }
}

extension ChatModel {
    /// How a call fails; `nil` where it is answered.
    func failure(of request: ChatRequest = .asking()) async -> (any Error)? {
        do {
            _ = try await reply(to: request)
            return nil
        } catch { return error }
    }
}

/// Numbers in the order in which tasks noted them.
final class Notes: Sendable {
    private let state = Mutex<[Int]>([])

    /// The numbers so far.
    var numbers: [Int] { state.withLock(\.self) }

    func note(_ number: Int) {
        state.withLock { $0.append(number) }
    }
}
