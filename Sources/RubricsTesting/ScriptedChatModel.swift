// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Synchronization

/// A chat model that answers what a test says, and keeps what it was asked.
public final class ScriptedChatModel: ChatModel {
    /// The answer to a request; `call` counts all calls from 0.
    public typealias Script = @Sendable (_ request: ChatRequest, _ call: Int) async throws -> ChatReply

    /// The name that records carry.
    public let name: String
    /// What the model says that it can do.
    public let features: ChatFeatures
    private let script: Script
    private let asked = Mutex<[ChatRequest]>([])

    /// Makes a model that asks `script` for every answer.
    public init(name: String = "scripted", features: ChatFeatures = [], script: @escaping Script) {
        self.name = name
        self.features = features
        self.script = script
    }

    /// Makes a model that answers from a list in turn; the last entry repeats.
    public convenience init(name: String = "scripted", answers: [Result<ChatReply, ChatModelError>]) {
        precondition(!answers.isEmpty, "at least one answer")
        self.init(name: name) { _, call in try answers[min(call, answers.count - 1)].get() }
    }

    /// The requests so far, in order.
    public var requests: [ChatRequest] { asked.withLock(\.self) }

    /// Answers as scripted.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        try Task.checkCancellation()
        let call = asked.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        return try await script(request, call)
    }
}
