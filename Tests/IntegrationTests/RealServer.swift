// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import Testing

/// A server that others wrote, started by `Scripts/integration` with the demo's model.
enum RealServer: String {
    /// llama.cpp's, which holds a model to a JSON schema.
    case llama = "RUBRICS_LLAMA_URL"
    /// `transformers serve`, which ignores what it does not do.
    case transformers = "RUBRICS_TRANSFORMERS_URL"

    /// The most calls that ``probed(model:log:)`` makes: three ways of asking for JSON, and none.
    static let probeCalls = 4

    /// Whether the environment names it.
    var isNamed: Bool { address != nil }

    /// Whether it holds a model to a schema.
    var obeysSchemas: Bool { self == .llama }

    /// Calls at the same time: as many as it works on.
    private var concurrency: Int { self == .llama ? 4 : 1 }

    private var address: String? { ProcessInfo.processInfo.environment[rawValue] }

    /// Finds out how JSON is asked for, as commands do before they start.
    ///
    /// - Parameters:
    ///   - model: A model to ask for in place of the server's own.
    ///   - log: Counts the calls.
    /// - Returns: The first way that the server obeys.
    /// - Throws: What the probe throws.
    func probed(model: String? = nil, log: CallLog) async throws -> ChatEndpoint.StructuredOutput {
        var endpoint = try endpoint
        if let model { endpoint.model = model }
        return try await withTransport { transport in
            try await EndpointProbe(endpoint, transport: transport).structuredOutput { model in
                calling(LoggedChatModel(model, in: log))
            }
        }
    }

    /// Opens connections, gives the server's model, and closes the connections.
    func withModel<Value>(log: CallLog, _ body: (any ChatModel) async throws -> Value) async throws -> Value {
        var endpoint = try endpoint
        endpoint.structuredOutput = obeysSchemas ? .jsonSchema : .none
        return try await withTransport { transport in
            try await body(calling(LoggedChatModel(EndpointChatModel(endpoint, transport: transport), in: log)))
        }
    }

    private var endpoint: ChatEndpoint {
        get throws { try ChatEndpoint(#require(address)) { _ in nil } }
    }

    /// Attempts made into calls, with time enough for a slow machine.
    private func calling(_ model: any ChatModel) -> any ChatModel {
        let clock = ContinuousClock()
        let pool = EndpointPool([.init(model, limits: EndpointLimits(concurrency: concurrency))], clock: clock)
        let policy = RetryPolicy(attempts: 2, attemptDeadline: .seconds(180), callDeadline: .seconds(300))
        return RetryingChatModel(pool, policy: policy, clock: clock)
    }

    private func withTransport<Value>(_ body: (HTTPTransport) async throws -> Value) async throws -> Value {
        let transport = HTTPTransport(connections: concurrency)
        do {
            let value = try await body(transport)
            try await transport.shutdown()
            return value
        } catch {
            try await transport.shutdown()
            throw error
        }
    }
}
