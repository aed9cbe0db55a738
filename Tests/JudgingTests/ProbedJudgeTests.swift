// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import JudgeServer
import Testing

/// Probes of a server that plays a judge.
@Suite("Probed judges", .timeLimit(.minutes(10)))
struct ProbedJudgeTests {
    private func probe(
        _ change: (inout JudgeBehavior) -> Void = { _ in }
    ) async throws -> (Result<ChatEndpoint.StructuredOutput, any Error>, calls: Int) {
        var behavior = JudgeBehavior()
        change(&behavior)
        let server = try await ScriptedServer.start(behavior)
        let transport = HTTPTransport(connections: 2)
        let endpoint = try ChatEndpoint("\(server.baseURL.absoluteString)#m") { _ in nil }
        let result: Result<ChatEndpoint.StructuredOutput, any Error>
        do {
            result = .success(try await EndpointProbe(endpoint, transport: transport).structuredOutput { $0 })
        } catch { result = .failure(error) }
        try await transport.shutdown()
        try await server.stop()
        return (result, server.log.entries.count)
    }

    @Test("A server that follows schemas is asked once")
    func obedient() async throws {
        let (result, calls) = try await probe()
        #expect(try result.get() == .jsonSchema && calls == 1)
    }

    @Test("A server that passes schemas over is found out")
    func disobedient() async throws {
        let (result, calls) = try await probe { $0.ignoresSchema = true }
        #expect(try result.get() == .none && calls == 4)
    }

    @Test(
        "A server that cannot be used says why",
        arguments: [(.expiredKey, .auth), (.quota, .quota), (.wrongModel, .rejected), (.htmlOK, .malformed)]
            as [(Fault, ChatModelError.Code)]
    )
    func unusable(fault: Fault, code: ChatModelError.Code) async throws {
        let (result, _) = try await probe { $0.faults = FaultPlan(shares: [.init(fault, 1)]) }
        let error = #expect(throws: ChatModelError.self) { _ = try result.get() }
        #expect(error?.code == code)
    }
}
