// SPDX-License-Identifier: Apache-2.0

/// Answers from a record alone: what was answered is answered again, what failed fails again, and nothing is called.
public struct ReplayingChatModel: ChatModel {
    /// The recorded model's name.
    public let name: String
    /// The recorded model's features.
    public let features: ChatFeatures
    private let store: any CallStore
    private let mode: String
    private let failures: [CallKey: ChatModelError]

    /// Makes a model of a record.
    ///
    /// - Parameters:
    ///   - name: The name under which calls were recorded.
    ///   - features: What the recorded model could do.
    ///   - store: The record.
    ///   - mode: How structured output was asked for.
    ///   - failures: The calls that failed in the end, which a reward was made without.
    public init(
        name: String,
        features: ChatFeatures,
        store: any CallStore,
        mode: String,
        failures: [CallKey: ChatModelError]
    ) {
        self.name = name
        self.features = features
        self.store = store
        self.mode = mode
        self.failures = failures
    }

    /// The recorded answer.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let key = store.key(of: request, model: name, mode: mode)
        if let failure = failures[key] { throw failure }
        guard var reply = try await store.reply(for: key) else {
            throw ChatModelError(.unrecorded, "the call \(key) of \(name) is not in the ledger")
        }
        reply.key = key
        reply.isRecorded = true
        return reply
    }
}
