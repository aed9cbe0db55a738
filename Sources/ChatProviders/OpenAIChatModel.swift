// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
import Rubrics

/// A model behind `POST /chat/completions`: OpenAI's and every server that speaks its protocol.
public struct OpenAIChatModel: ChatModel {
    /// `provider:model`.
    public var name: String { "\(endpoint.provider):\(endpoint.model)" }

    private let endpoint: ChatEndpoint
    private let transport: HTTPTransport

    /// Makes a model of an endpoint.
    public init(_ endpoint: ChatEndpoint, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
    }

    /// Answers in one attempt.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let answer = try await transport.post(
            body(of: request).serialized(),
            to: endpoint.baseURL.appendingPathComponent("chat/completions"),
            headers: endpoint.key.map { [("authorization", "Bearer \($0.reveal())")] } ?? []
        )
        guard answer.status == 200 else { throw answer.failure(of: endpoint) }
        return try ReplyReader(answer.body, endpoint: endpoint).openAI()
    }

    // MARK: The request

    func body(of request: ChatRequest) -> JSONValue {
        var body: JSONObject = [
            "model": .string(endpoint.model),
            "messages": .array(request.messages.map(\.json)),
            "temperature": .number(request.temperature),
        ]
        // OpenAI's own newer models refuse max_tokens, which every other server knows.
        body[endpoint.provider == "openai" ? "max_completion_tokens" : "max_tokens"] = .integer(request.maxTokens)
        if request.topLogprobs > 0 {
            body["logprobs"] = true
            body["top_logprobs"] = .integer(request.topLogprobs)
        }
        if case .json(let name, let schema) = request.format { add(schema, name, to: &body) }
        return .object(body)
    }

    private func add(_ schema: JSONValue, _ name: String, to body: inout JSONObject) {
        switch endpoint.structuredOutput {
        case .none: break
        case .jsonSchema:
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": .string(name), "strict": true, "schema": schema],
            ]
        case .structuredOutputs: body["structured_outputs"] = ["json": schema]
        case .tool:
            body["tools"] = [["type": "function", "function": ["name": .string(name), "parameters": schema]]]
            body["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
        }
    }
}

extension Message {
    fileprivate var json: JSONValue { ["role": .string(role.rawValue), "content": .string(content)] }
}
