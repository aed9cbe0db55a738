// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps every answer in a store and gives recorded ones again, so that no answered call is ever paid twice.
///
/// Identical calls that are made at the same time are made once: the others wait for its answer.
public final class RecordingChatModel: ChatModel {
    /// The base model's name.
    public var name: String { base.name }
    /// The base model's features.
    public var features: ChatFeatures { base.features }

    private let base: any ChatModel
    private let store: any CallStore
    private let mode: String
    private let flights = FlightTable()

    /// Records `base`.
    ///
    /// - Parameters:
    ///   - base: What is called.
    ///   - store: Where answers are kept.
    ///   - mode: How structured output is asked for; a part of a call's identity.
    public init(_ base: any ChatModel, in store: any CallStore, mode: String) {
        self.base = base
        self.store = store
        self.mode = mode
    }

    /// The recorded answer, or the base model's, which is durable when this returns.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let key = store.key(of: request, model: base.name, mode: mode)
        while true {
            switch try await flights.board(key) {
            case .landed(let outcome): return try shared(outcome)
            case .abandoned: continue
            case .leading: return try await lead(request, key)
            }
        }
    }

    /// Makes the call for all who ask for it at this time.
    private func lead(_ request: ChatRequest, _ key: CallKey) async throws -> ChatReply {
        do {
            let reply = try await answer(request, key)
            flights.land(key, .success(reply))
            return reply
        } catch {
            let failure = keyed(error, key)
            // What a cancelled task ran into says nothing to the others: one of them takes over.
            let isAbandoned = error is CancellationError || Task.isCancelled
            flights.land(key, isAbandoned ? nil : .failure(failure))
            throw failure
        }
    }

    private func keyed(_ error: any Error, _ key: CallKey) -> any Error {
        guard var error = error as? ChatModelError else { return error }
        error.key = key
        return error
    }

    private func answer(_ request: ChatRequest, _ key: CallKey) async throws -> ChatReply {
        if var known = try await store.reply(for: key) {
            known.key = key
            known.isRecorded = true
            return known
        }
        var reply = try await base.reply(to: request)
        try await store.record(reply, for: key, model: base.name)
        reply.key = key
        return reply
    }

    /// Another task's answer, for which nothing is paid a second time.
    private func shared(_ outcome: FlightTable.Outcome) throws -> ChatReply {
        var reply = try outcome.get()
        reply.isRecorded = true
        return reply
    }
}
