// SPDX-License-Identifier: Apache-2.0

import ChatModels
import JudgeServer
import Rubrics
import Testing

@testable import ChatProviders

/// Probes over real connections on loopback.
@Suite("Probes of endpoints", .timeLimit(.minutes(10)))
struct EndpointProbeTests {
    private typealias Way = ChatEndpoint.StructuredOutput

    private static let obedient = #"{"kumquat": 4711}"#

    /// An answer in OpenAI's dialect.
    private static func saying(_ text: String, asTool: Bool = false) -> ScriptedServer.Reaction {
        let tool: JSONValue = [["function": ["name": "probe", "arguments": .string(text)]]]
        let message: JSONValue = asTool ? ["content": nil, "tool_calls": tool] : ["content": .string(text)]
        let body: JSONValue = ["choices": [["message": message, "finish_reason": "stop"]]]
        return .answer(status: 200, headers: [], body: body.serialized())
    }

    private static func failing(_ status: Int) -> ScriptedServer.Reaction {
        .answer(status: status, headers: [], body: #"{"error": {"message": "no"}}"#)
    }

    /// How a request asks for JSON.
    private static func way(of request: ScriptedServer.Request) -> Way {
        if request.body["response_format"] != nil { return .jsonSchema }
        if request.body["structured_outputs"] != nil { return .structuredOutputs }
        return request.body["tools"] != nil ? .tool : .none
    }

    /// Probes a server that reacts to each way of asking.
    private func probe(
        _ dialect: ChatEndpoint.Dialect = .openAI,
        _ script: @escaping @Sendable (ChatEndpoint.StructuredOutput) -> ScriptedServer.Reaction
    ) async throws -> (result: Result<ChatEndpoint.StructuredOutput, any Error>, asked: [ChatEndpoint.StructuredOutput])
    {
        let server = try await ScriptedServer.start { request, _ in script(Self.way(of: request)) }
        let transport = HTTPTransport(connections: 2)
        let endpoint = ChatEndpoint(
            provider: "127.0.0.1",
            model: "m",
            baseURL: server.baseURL,
            dialect: dialect,
            structuredOutput: .none,
            key: nil
        )
        let result: Result<ChatEndpoint.StructuredOutput, any Error>
        do {
            result = .success(try await EndpointProbe(endpoint, transport: transport).structuredOutput { $0 })
        } catch { result = .failure(error) }
        try await transport.shutdown()
        try await server.stop()
        return (result, server.requests.map(Self.way))
    }

    @Test(
        "The first way that is obeyed is found, and the ways before it are tried",
        arguments: [
            (.jsonSchema, [.jsonSchema]), (.structuredOutputs, [.jsonSchema, .structuredOutputs]),
            (.tool, [.jsonSchema, .structuredOutputs, .tool]),
        ] as [(ChatEndpoint.StructuredOutput, [ChatEndpoint.StructuredOutput])]
    )
    func found(obeyed: ChatEndpoint.StructuredOutput, tried: [ChatEndpoint.StructuredOutput]) async throws {
        let (result, asked) = try await probe { way in
            way == obeyed ? Self.saying(Self.obedient, asTool: way == .tool) : Self.saying("Hello!")
        }
        #expect(try result.get() == obeyed && asked == tried)
    }

    @Test("A server that passes over the field in silence is not taken at its word")
    func ignoring() async throws {
        for text in ["Hello!", #"{"greeting": "hello"}"#, #"{"kumquat": 4712}"#, #"{"kumquat": 4711, "x": 1}"#, ""] {
            let (result, asked) = try await probe { _ in Self.saying(text) }
            #expect(try result.get() == .none && asked.count == 4)
        }
    }

    @Test("A server that refuses the field is asked in the next way")
    func refusing() async throws {
        let (result, _) = try await probe { way in way == .jsonSchema ? Self.failing(400) : Self.saying(Self.obedient) }
        #expect(try result.get() == .structuredOutputs)
        let (none, _) = try await probe { way in way == .none ? Self.saying("Hello!") : Self.failing(422) }
        #expect(try none.get() == .none)
    }

    @Test("A server that fails inside at the field is asked in the next way; one that is down is not")
    func crashing() async throws {
        let (result, _) = try await probe { way in way == .tool ? Self.saying(Self.obedient) : Self.failing(500) }
        #expect(try result.get() == .tool)
        let (down, asked) = try await probe { _ in Self.failing(503) }
        #expect(throws: ChatModelError.self) { _ = try down.get() }
        #expect(asked == [.jsonSchema])
    }

    @Test("An answer without text is no obedience, and no end of the probe")
    func withoutText() async throws {
        let empty = ScriptedServer.Reaction.answer(
            status: 200,
            headers: [],
            body: #"{"choices": [{"message": {"content": null}, "finish_reason": "length"}]}"#
        )
        let (result, _) = try await probe { way in way == .none ? Self.saying("Hello!") : empty }
        #expect(try result.get() == .none)
    }

    @Test(
        "An endpoint that does not answer fails before work starts, with the cause",
        arguments: [(401, .auth), (404, .rejected), (500, .serverError), (402, .quota)] as [(Int, ChatModelError.Code)]
    )
    func failing(status: Int, code: ChatModelError.Code) async throws {
        let (result, _) = try await probe { _ in Self.failing(status) }
        let error = #expect(throws: ChatModelError.self) { _ = try result.get() }
        #expect(error?.code == code)
    }

    @Test("Anthropic's dialect knows tools alone")
    func anthropic() async throws {
        let (result, asked) = try await probe(.anthropic) { way in
            let part: JSONValue =
                way == .tool
                ? ["type": "tool_use", "name": "probe", "input": ["kumquat": 4711]]
                : ["type": "text", "text": "Hello!"]
            let body: JSONValue = ["content": [part], "stop_reason": "end_turn"]
            return .answer(status: 200, headers: [], body: body.serialized())
        }
        #expect(try result.get() == .tool && asked == [.tool])
    }
}
