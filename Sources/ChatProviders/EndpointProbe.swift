// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
import Rubrics

/// Tries an endpoint before work starts: whether it answers at all, and in which way it gives JSON of a schema.
///
/// Servers may ignore what they do not know in silence, so the reply has to obey a schema that nobody would guess.
public struct EndpointProbe: Sendable {
    private let endpoint: ChatEndpoint
    private let transport: HTTPTransport

    /// Prepares a probe.
    public init(_ endpoint: ChatEndpoint, transport: HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
    }

    /// Finds the first way of asking for JSON that the endpoint obeys; ``ChatEndpoint/StructuredOutput/none`` where it
    /// obeys none.
    ///
    /// - Parameter retrying: Makes attempts into calls.
    /// - Returns: The way.
    /// - Throws: ``ChatModels/ChatModelError`` when the endpoint does not answer: a wrong key, a wrong model, no
    ///   server.
    public func structuredOutput(
        retrying: (EndpointChatModel) -> any ChatModel
    ) async throws -> ChatEndpoint.StructuredOutput {
        let ways: [ChatEndpoint.StructuredOutput] =
            endpoint.dialect == .anthropic ? [.tool] : [.jsonSchema, .structuredOutputs, .tool]
        for way in ways where try await obeys(way, retrying) { return way }
        // What takes none of these may still answer in plain text; what does not answer at all throws here.
        try await answer(retrying)
        return .none
    }

    /// Makes sure, at no cost, that the endpoint is there and takes the key: asks for its list of models. A server
    /// without such a list is taken to be there.
    ///
    /// - Throws: ``ChatModels/ChatModelError`` when it cannot be reached, refuses the key, or lists other models alone.
    public func reach() async throws {
        let list = HTTPTransport.Outline.getting(
            endpoint.baseURL.appendingPathComponent("models"),
            headers: endpoint.headers
        )
        let answer = try await transport.send(list, within: .seconds(30)).hiding(endpoint.key)
        guard answer.status == 200 else {
            let failure = answer.failure(of: endpoint)
            if [.auth, .quota].contains(failure.code) { throw failure }
            return
        }
        let models = (try? JSONParser.parse(answer.body, file: "models"))?["data"]?.array ?? []
        let names = models.compactMap { $0["id"]?.string }
        // Servers of one model often answer to any name; only a list that might hold the model rules it out.
        guard endpoint.provider == "openai", !names.isEmpty, !names.contains(endpoint.model) else { return }
        throw ChatModelError(.rejected, "openai has no model \(endpoint.model) for this key: check its name")
    }

    /// Makes sure that the endpoint answers.
    ///
    /// - Throws: ``ChatModels/ChatModelError`` when it does not.
    private func answer(_ retrying: (EndpointChatModel) -> any ChatModel) async throws {
        let model = retrying(EndpointChatModel(endpoint, transport: transport))
        do {
            _ = try await model.reply(to: ChatRequest(messages: Self.messages, maxTokens: Self.maxTokens))
        } catch let error as ChatModelError where [.refusal, .contentFilter].contains(error.code) {
            // It answers.
        }
    }

    private func obeys(
        _ way: ChatEndpoint.StructuredOutput,
        _ retrying: (EndpointChatModel) -> any ChatModel
    ) async throws -> Bool {
        var asked = endpoint
        asked.structuredOutput = way
        let model = retrying(EndpointChatModel(asked, transport: transport))
        do {
            let request = ChatRequest(
                messages: Self.messages,
                maxTokens: Self.maxTokens,
                format: .json(name: "probe", schema: Self.schema)
            )
            let text = try await model.reply(to: request).text
            let value = try? JSONParser.parse(Array(text.utf8), file: "probe")
            return value?.object?.members.count == 1 && value?["kumquat"]?.int == 4711
        } catch let error as ChatModelError where Self.mayBeAboutFormat(error) {
            return false
        }
    }

    /// Whether the way of asking may be at fault: some servers fail inside at a format that they do not know.
    private static func mayBeAboutFormat(_ error: ChatModelError) -> Bool {
        switch error.code {
        case .rejected, .refusal, .contentFilter, .malformed: true
        case .serverError: [500, 501].contains(error.status)
        default: false
        }
    }

    /// Enough for a model that thinks before it says hello.
    private static let maxTokens = 1024

    private static let messages = [Message(role: .user, content: "Say hello.")]

    private static let schema: JSONValue = [
        "type": "object", "properties": ["kumquat": ["type": "integer", "enum": [4711]]], "required": ["kumquat"],
        "additionalProperties": false,
    ]
}
