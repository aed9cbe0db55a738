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

    /// How long an attempt may take that has no deadline of its own.
    private static let patience = Duration.seconds(60)

    private let endpoint: ChatEndpoint
    private let transport: HTTPTransport
    private let outline: HTTPTransport.Outline

    /// Makes a model of an endpoint.
    public init(_ endpoint: ChatEndpoint, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
        outline = .posting(to: endpoint.baseURL.appendingPathComponent(endpoint.path), headers: endpoint.headers)
    }

    /// Answers in one attempt; Anthropic's dialect has no log-probabilities.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let body = endpoint.dialect == .openAI ? endpoint.openAIBody(of: request) : endpoint.anthropicBody(of: request)
        let bytes = JSONValue.object(body).utf8()
        let answer = try await transport.send(outline, body: bytes, within: request.deadline ?? Self.patience)
            .hiding(endpoint.key)
        guard answer.status == 200 else { throw answer.failure(of: endpoint) }
        let reader = try ReplyReader(answer.body, endpoint: endpoint)
        var reply = try endpoint.dialect == .openAI ? reader.openAI() : reader.anthropic()
        reply.limits = answer.rateLimits
        return reply
    }
}

extension ChatEndpoint {
    /// Where requests are posted, below the base URL.
    var path: String {
        switch dialect {
        case .openAI: "chat/completions"
        case .anthropic: "messages"
        }
    }

    /// What every request to the endpoint carries: the key, where there is one.
    var headers: [(String, String)] {
        switch dialect {
        case .openAI: key.map { [("authorization", "Bearer \($0.reveal())")] } ?? []
        case .anthropic: (key.map { [("x-api-key", $0.reveal())] } ?? []) + [("anthropic-version", "2023-06-01")]
        }
    }
}
