// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Synchronization

/// A record of calls in memory.
final class MemoryCallStore: CallStore {
    /// All that an answer depends on.
    private struct Call: Hashable {
        var request: ChatRequest
        var model: String
        var mode: String
    }

    private struct State {
        var keys: [Call: CallKey] = [:]
        var replies: [CallKey: ChatReply] = [:]
    }

    private let state = Mutex(State())

    /// The call's number, in the order in which calls were first asked for.
    func key(of request: ChatRequest, model: String, mode: String) -> CallKey {
        state.withLock { state in
            let call = Call(request: request, model: model, mode: mode)
            if let known = state.keys[call] { return known }
            let number = UInt64(state.keys.count)
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
            let key = CallKey(bytes: bytes + [UInt8](repeating: 0, count: 24))
            state.keys[call] = key
            return key
        }
    }

    func reply(for key: CallKey) async throws -> ChatReply? { state.withLock { $0.replies[key] } }

    func record(_ reply: ChatReply, for key: CallKey, model: String) async throws {
        state.withLock { $0.replies[key] = reply }
    }
}
