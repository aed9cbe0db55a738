// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
import Rubrics

/// A model behind Anthropic's `POST /messages`.
public struct AnthropicChatModel: ChatModel {
    /// `provider:model`.
    public var name: String { "\(endpoint.provider):\(endpoint.model)" }

    private let endpoint: ChatEndpoint
    private let transport: HTTPTransport

    /// Makes a model of an endpoint.
    public init(_ endpoint: ChatEndpoint, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
    }

    /// Answers in one attempt; log-probabilities are not to be had.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let key = endpoint.key.map { [("x-api-key", $0.reveal())] } ?? []
        let answer = try await transport.post(
            body(of: request).serialized(),
            to: endpoint.baseURL.appendingPathComponent("messages"),
            headers: key + [("anthropic-version", "2023-06-01")]
        )
        guard answer.status == 200 else { throw answer.failure(of: endpoint) }
        return try ReplyReader(answer.body, endpoint: endpoint).anthropic()
    }

    // MARK: The request

    func body(of request: ChatRequest) -> JSONValue {
        let system = request.messages.filter { $0.role == .system }.map(\.content)
        let turns = request.messages.filter { $0.role != .system }
        var body: JSONObject = [
            "model": .string(endpoint.model),
            "max_tokens": .integer(request.maxTokens),
            "temperature": .number(request.temperature),
        ]
        if !system.isEmpty { body["system"] = .string(system.joined(separator: "\n\n")) }
        body["messages"] = .array(turns.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
        if case .json(let name, let schema) = request.format, endpoint.structuredOutput == .tool {
            body["tools"] = [["name": .string(name), "input_schema": schema]]
            body["tool_choice"] = ["type": "tool", "name": .string(name)]
        }
        return .object(body)
    }
}
