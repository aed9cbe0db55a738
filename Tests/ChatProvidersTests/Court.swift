// SPDX-License-Identifier: Apache-2.0

import ChatProviders
import JudgeServer

/// A scripted judge with a client of ours at it.
struct Court: Sendable {
    let server: ScriptedServer
    let transport: HTTPTransport

    static func sit<Result>(
        _ behavior: JudgeBehavior = JudgeBehavior(),
        connections: Int = 8,
        _ body: (Self) async throws -> Result
    ) async throws -> Result {
        let court = Self(
            server: try await ScriptedServer.start(behavior),
            transport: HTTPTransport(connections: connections)
        )
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(court)) } catch { result = .failure(error) }
        try await court.transport.shutdown()
        try await court.server.stop()
        return try result.get()
    }

    /// The log once every request has ended; an answer may reach its reader before its end is written down.
    var settledLog: RequestLog {
        get async {
            while server.log.inFlight > 0 { await Task.yield() }
            return server.log
        }
    }

    func model(
        _ structured: ChatEndpoint.StructuredOutput = .jsonSchema,
        _ dialect: ChatEndpoint.Dialect = .openAI
    ) -> EndpointChatModel {
        EndpointChatModel(
            ChatEndpoint(
                provider: "127.0.0.1",
                model: "judge",
                baseURL: server.baseURL,
                dialect: dialect,
                structuredOutput: structured,
                key: nil
            ),
            transport: transport
        )
    }
}
