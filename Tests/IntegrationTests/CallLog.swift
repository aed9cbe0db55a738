// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Synchronization

/// The calls of one test: how many, what came back, and no more than the test's ration.
final class CallLog: Sendable {
    private struct State {
        var calls = 0
        var replies: [ChatReply] = []
    }

    /// The most calls.
    let ration: Int
    private let state = Mutex(State())

    /// Makes a log.
    init(ration: Int) {
        self.ration = ration
    }

    /// Attempts so far, failed ones included.
    var calls: Int { state.withLock(\.calls) }

    /// The answers so far, in the order in which they came.
    var replies: [ChatReply] { state.withLock(\.replies) }

    /// Makes a call, and keeps the answer.
    ///
    /// - Throws: What the call throws; an error of the kind `budget` where the ration is used up.
    fileprivate func call(_ attempt: () async throws -> ChatReply) async throws -> ChatReply {
        let isLeft = state.withLock { state in
            guard state.calls < ration else { return false }
            state.calls += 1
            return true
        }
        guard isLeft else { throw ChatModelError(.budget, "the test's \(ration) calls are used up") }
        let reply = try await attempt()
        state.withLock { $0.replies.append(reply) }
        return reply
    }
}

/// A chat model whose calls are counted and kept.
struct LoggedChatModel: ChatModel {
    /// The base model's name.
    var name: String { base.name }
    /// The base model's features.
    var features: ChatFeatures { base.features }

    private let base: any ChatModel
    private let log: CallLog

    /// Logs the calls of `base`.
    init(_ base: any ChatModel, in log: CallLog) {
        self.base = base
        self.log = log
    }

    /// The base model's answer.
    func reply(to request: ChatRequest) async throws -> ChatReply {
        try await log.call { try await base.reply(to: request) }
    }
}
