// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import JudgeServer
import NIOHTTP1
import Rubrics
import Testing

@testable import ChatProviders

/// Chat models over real connections on loopback.
@Suite("Endpoints", .timeLimit(.minutes(10)))
struct EndpointTests {
    private static let schema: JSONValue = ["type": "object", "properties": ["met": ["type": "boolean"]]]

    private let request = ChatRequest(
        messages: [Message(role: .system, content: "Judge."), Message(role: .user, content: "Is it so?")],
        maxTokens: 64,
        format: .json(name: "verdict", schema: Self.schema)
    )

    private func endpoint(
        _ server: ScriptedServer,
        _ dialect: ChatEndpoint.Dialect = .openAI,
        _ structured: ChatEndpoint.StructuredOutput = .jsonSchema,
        provider: String = "127.0.0.1"
    ) -> ChatEndpoint {
        ChatEndpoint(
            provider: provider,
            model: "m",
            baseURL: server.baseURL,
            dialect: dialect,
            structuredOutput: structured,
            key: Secret("planted-key")
        )
    }

    /// Asks once and gives the answer with what the server saw.
    private func ask(
        dialect: ChatEndpoint.Dialect = .openAI,
        structured: ChatEndpoint.StructuredOutput = .jsonSchema,
        _ reaction: ScriptedServer.Reaction
    ) async throws -> (result: Result<ChatReply, any Error>, seen: [ScriptedServer.Request]) {
        let server = try await ScriptedServer.start { _, _ in reaction }
        let transport = HTTPTransport(connections: 4)
        let endpoint = endpoint(server, dialect, structured)
        let model = EndpointChatModel(endpoint, transport: transport)
        let result: Result<ChatReply, any Error>
        do { result = .success(try await model.reply(to: request)) } catch { result = .failure(error) }
        try await transport.shutdown()
        try await server.stop()
        return (result, server.requests)
    }

    private func answer(_ status: Int, _ body: JSONValue, _ headers: [(String, String)] = []) -> ScriptedServer.Reaction
    {
        .answer(status: status, headers: headers, body: body.serialized())
    }

    // MARK: What is sent and read

    @Test("OpenAI: the request's keys, the key in its header, the answer's text and usage")
    func openAI() async throws {
        let (result, seen) = try await ask(
            answer(
                200,
                [
                    "choices": [["message": ["content": "{\"met\": true}"], "finish_reason": "stop"]],
                    "usage": [
                        "prompt_tokens": 20, "completion_tokens": 5, "prompt_tokens_details": ["cached_tokens": 12],
                    ],
                ]
            )
        )
        #expect(
            try result.get()
                == ChatReply(
                    text: "{\"met\": true}",
                    usage: TokenUsage(input: 20, cachedInput: 12, output: 5)
                )
        )
        #expect(seen[0].path == "/v1/chat/completions")
        #expect(seen[0].headers["authorization"] == ["Bearer planted-key"])
        #expect(
            seen[0].body
                == [
                    "model": "m",
                    "messages": [
                        ["role": "system", "content": "Judge."], ["role": "user", "content": "Is it so?"],
                    ],
                    "temperature": 0.0, "max_tokens": 64,
                    "response_format": [
                        "type": "json_schema",
                        "json_schema": ["name": "verdict", "strict": true, "schema": Self.schema],
                    ],
                ]
        )
    }

    @Test("Each way of asking for JSON has its key", arguments: ChatEndpoint.StructuredOutput.allCases)
    func structured(way: ChatEndpoint.StructuredOutput) async throws {
        let (_, seen) = try await ask(structured: way, .reset)
        let keys = Set(["response_format", "tools", "structured_outputs"].filter { seen[0].body[$0] != nil })
        let expected: [ChatEndpoint.StructuredOutput: Set<String>] = [
            .jsonSchema: ["response_format"], .tool: ["tools"], .structuredOutputs: ["structured_outputs"], .none: [],
        ]
        #expect(keys == expected[way])
    }

    @Test("Log-probabilities come with their alternatives")
    func logprobs() async throws {
        let token: JSONValue = [
            "token": "7", "logprob": -0.25,
            "top_logprobs": [["token": "7", "logprob": -0.25], ["token": "8", "logprob": -1.5]],
        ]
        let (result, _) = try await ask(
            answer(200, ["choices": [["message": ["content": "7"], "logprobs": ["content": [token]]]]])
        )
        #expect(
            try result.get().tokens
                == [ChatReply.Token(text: "7", logprob: -0.25, alternatives: ["7": -0.25, "8": -1.5])]
        )
    }

    @Test("Anthropic: system apart, the schema as a tool, its arguments as the answer")
    func anthropic() async throws {
        let (result, seen) = try await ask(
            dialect: .anthropic,
            structured: .tool,
            answer(
                200,
                [
                    "content": [["type": "tool_use", "name": "verdict", "input": ["met": false]]],
                    "stop_reason": "tool_use",
                    "usage": ["input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 3],
                ]
            )
        )
        #expect(
            try result.get()
                == ChatReply(text: "{\"met\":false}", usage: TokenUsage(input: 13, cachedInput: 4, output: 3))
        )
        #expect(seen[0].path == "/v1/messages")
        #expect(seen[0].headers["x-api-key"] == ["planted-key"] && seen[0].headers["authorization"].isEmpty)
        #expect(seen[0].body["system"]?.string == "Judge.")
        #expect(seen[0].body["messages"]?.array?.count == 1)
        #expect(seen[0].body["tools"]?.array?.first?["input_schema"] == Self.schema)
    }

    @Test(
        "A model that thinks up to its limit, or ends without a word, has answered nothing",
        arguments: [
            (ChatEndpoint.Dialect.openAI, "stop", ChatReply.StopReason.complete), (.openAI, "length", .maxTokens),
            (.anthropic, "end_turn", .complete), (.anthropic, "max_tokens", .maxTokens),
        ]
    )
    func silence(dialect: ChatEndpoint.Dialect, reason: String, stopReason: ChatReply.StopReason) async throws {
        let body: JSONValue =
            dialect == .openAI
            ? ["choices": [["message": ["content": nil, "reasoning": "Hm"], "finish_reason": .string(reason)]]]
            : ["content": [["type": "thinking", "thinking": "Hm"]], "stop_reason": .string(reason)]
        let (result, _) = try await ask(dialect: dialect, answer(200, body))
        #expect(try result.get() == ChatReply(text: "", stopReason: stopReason))
    }

    // MARK: What goes wrong

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var reaction: ScriptedServer.Reaction
        var code: ChatModelError.Code
        var retryAfter: Duration?
        var testDescription: String { name }

        static func status(
            _ status: Int,
            _ code: ChatModelError.Code,
            _ body: JSONValue = .null,
            headers: [(String, String)] = [],
            retryAfter: Duration? = nil
        ) -> Self {
            Self(
                name: "\(status) \(body.serialized())",
                reaction: .answer(status: status, headers: headers, body: body.serialized()),
                code: code,
                retryAfter: retryAfter
            )
        }

        static func choice(_ choice: JSONValue, _ code: ChatModelError.Code) -> Self {
            status(200, code, ["choices": [choice]])
        }
    }

    static let faults: [Fault] = [
        .status(401, .auth, ["error": ["message": "Incorrect key planted-key", "code": "invalid_api_key"]]),
        .status(403, .auth),
        .status(402, .quota),
        .status(429, .quota, ["error": ["type": "insufficient_quota"]]),
        .status(429, .rateLimited, headers: [("retry-after", "7")], retryAfter: .seconds(7)),
        .status(429, .rateLimited, headers: [("retry-after-ms", "250")], retryAfter: .milliseconds(250)),
        .status(
            429,
            .rateLimited,
            headers: [("date", "Tue, 24 Nov 2026 11:59:30 GMT"), ("retry-after", "Tue, 24 Nov 2026 12:00:00 GMT")],
            retryAfter: .seconds(30)
        ),
        .status(429, .rateLimited, headers: [("retry-after", "soon")]),
        .status(408, .serverError), .status(500, .serverError), .status(503, .serverError),
        .status(529, .serverError, ["type": "error", "error": ["type": "overloaded_error"]]),
        .status(400, .contextOverflow, ["error": ["code": "context_length_exceeded", "message": "…"]]),
        .status(400, .contentFilter, ["error": ["code": "content_filter", "message": "…"]]),
        .status(400, .quota, ["error": ["message": "Your credit balance is too low"]]),
        .status(413, .contextOverflow),
        .status(404, .rejected, ["error": ["message": "model not found"]]),
        .choice(["message": ["refusal": "I cannot", "content": nil]], .refusal),
        .choice(["message": ["content": ""], "finish_reason": "content_filter"], .contentFilter),
        .choice(["message": ["content": nil]], .malformed),
        .status(200, .malformed, ["choices": []]),
        Fault(name: "HTML", reaction: .answer(status: 200, headers: [], body: "<html>502</html>"), code: .malformed),
        Fault(name: "empty", reaction: .answer(status: 200, headers: [], body: ""), code: .malformed),
        Fault(name: "truncated", reaction: .truncated("{\"choices\": [{"), code: .connection),
        Fault(name: "reset", reaction: .reset, code: .connection),
    ]

    @Test("Every fault has its cause, and no message shows the key", arguments: faults)
    func fault(fault: Fault) async throws {
        let (result, seen) = try await ask(fault.reaction)
        let error = #expect(throws: ChatModelError.self) { try result.get() }
        #expect(error?.code == fault.code, "\(error.map { "\($0)" } ?? "none")")
        #expect(error?.retryAfter == fault.retryAfter)
        #expect(error?.description.contains("planted-key") == false)
        #expect(seen.count == 1)
    }

    @Test("An address where nobody listens is a failed connection")
    func nobody() async throws {
        let server = try await ScriptedServer.start { _, _ in .hang }
        try await server.stop()
        let transport = HTTPTransport()
        let model = EndpointChatModel(endpoint(server), transport: transport)
        let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: request) }
        #expect(error?.code == .connection)
        try await transport.shutdown()
    }

    @Test(
        "An answer that is not whole in time is a time-out, and closes the request",
        arguments: [ScriptedServer.Reaction.hang, .drip(every: .milliseconds(20))]
    )
    func deadline(reaction: ScriptedServer.Reaction) async throws {
        let server = try await ScriptedServer.start { _, _ in reaction }
        let transport = HTTPTransport()
        let model = EndpointChatModel(endpoint(server), transport: transport)
        var hurried = request
        hurried.deadline = .milliseconds(150)
        let asked = hurried
        let start = ContinuousClock.now
        let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: asked) }
        #expect(error?.code == .timeout)
        #expect(ContinuousClock.now - start >= .milliseconds(150))
        while server.closedConnections == 0 { await Task.yield() }
        try await transport.shutdown()
        try await server.stop()
    }

    @Test("Calls can be made on the thread that sends and receives")
    func executor() async throws {
        let server = try await ScriptedServer.start { _, _ in
            answer(200, ["choices": [["message": ["content": "Yes."]]]])
        }
        let transport = HTTPTransport()
        let model = EndpointChatModel(endpoint(server), transport: transport)
        let texts = try await withTaskExecutorPreference(transport.executor) { [request] in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await model.reply(to: request).text } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(texts == Array(repeating: "Yes.", count: 20))
        try await transport.shutdown()
        try await server.stop()
    }

    @Test("Cancelling closes the request at the server")
    func cancellation() async throws {
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let server = try await ScriptedServer.start { _, _ in
            ask.yield()
            return .hang
        }
        let transport = HTTPTransport()
        let model = EndpointChatModel(endpoint(server), transport: transport)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [request] in
                do {
                    _ = try await model.reply(to: request)
                    return false
                } catch { return error is CancellationError }
            }
            for await _ in asked { break }
            group.cancelAll()
            #expect(await group.next() == true)
        }
        while server.closedConnections == 0 { await Task.yield() }
        try await transport.shutdown()
        try await server.stop()
    }
}
