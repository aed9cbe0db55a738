// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
import Rubrics

/// A model behind an endpoint, asked in the endpoint's dialect.
public struct EndpointChatModel: ChatModel {
    /// `provider:model`.
    public var name: String { "\(endpoint.provider):\(endpoint.model)" }

    /// Log-probabilities in OpenAI's dialect; whether a server of that dialect gives them shows in its replies.
    public var features: ChatFeatures { endpoint.dialect == .openAI ? [.logprobs, .deadlines] : .deadlines }

    private let endpoint: ChatEndpoint
    private let transport: HTTPTransport

    /// Makes a model of an endpoint.
    public init(_ endpoint: ChatEndpoint, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
    }

    /// Answers in one attempt; Anthropic's dialect has no log-probabilities.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let call = endpoint.dialect == .openAI ? endpoint.openAICall(request) : endpoint.anthropicCall(request)
        let answer = try await transport.post(
            JSONValue.object(call.body).serialized(),
            to: endpoint.baseURL.appendingPathComponent(call.path),
            headers: call.headers,
            within: request.deadline
        ).hiding(endpoint.key)
        guard answer.status == 200 else { throw answer.failure(of: endpoint) }
        let reader = try ReplyReader(answer.body, endpoint: endpoint)
        var reply = try endpoint.dialect == .openAI ? reader.openAI() : reader.anthropic()
        reply.limits = answer.rateLimits
        return reply
    }
}

extension ChatEndpoint {
    /// What every request to the endpoint carries: the key, where there is one.
    var headers: [(String, String)] {
        switch dialect {
        case .openAI: key.map { [("authorization", "Bearer \($0.reveal())")] } ?? []
        case .anthropic: (key.map { [("x-api-key", $0.reveal())] } ?? []) + [("anthropic-version", "2023-06-01")]
        }
    }
}

/// A request in an endpoint's dialect.
struct EndpointCall {
    var path: String
    var headers: [(String, String)]
    var body: JSONObject
}
