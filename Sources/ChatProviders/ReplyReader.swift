// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// Reads a successful answer's body.
struct ReplyReader {
    private let value: JSONValue
    private let endpoint: ChatEndpoint

    /// - Throws: ``ChatModels/ChatModelError`` for a body that is not JSON, for example a proxy's page.
    init(_ body: [UInt8], endpoint: ChatEndpoint) throws {
        self.endpoint = endpoint
        do {
            value = try JSONParser.parse(body, file: "reply")
        } catch {
            throw Self.malformed(endpoint, "an answer that is not JSON")
        }
    }

    private static func malformed(_ endpoint: ChatEndpoint, _ what: String) -> ChatModelError {
        ChatModelError(
            .malformed,
            "\(endpoint.provider) gave \(what): is it an endpoint of this protocol?",
            status: 200
        )
    }

    private func declined(_ code: ChatModelError.Code, _ what: String) -> ChatModelError {
        ChatModelError(code, "\(endpoint.provider):\(endpoint.model) \(what)", status: 200)
    }

    // MARK: OpenAI

    func openAI() throws -> ChatReply {
        guard let choice = value["choices"]?.array?.first, let message = choice["message"] else {
            throw Self.malformed(endpoint, "an answer without choices[0].message")
        }
        if let refusal = message["refusal"]?.string, !refusal.isEmpty {
            throw declined(.refusal, "refused to answer")
        }
        let reason = choice["finish_reason"]?.string ?? ""
        if reason.utf8.elementsEqual("content_filter".utf8) {
            throw declined(.contentFilter, "held its answer back by a content filter")
        }
        let call = message["tool_calls"]?.array?.first?["function"]?["arguments"]?.string
        // A model that thinks up to its limit, or ends without a word, has no content: an empty answer, not a broken one.
        let isEnded = ["stop", "length"].contains { $0.isExactly(reason) }
        let silence = isEnded && message["content"] == .null ? "" : nil
        guard let text = call ?? message["content"]?.string ?? silence else {
            throw Self.malformed(endpoint, "an answer without text")
        }
        return ChatReply(
            text: text,
            stopReason: reason.utf8.elementsEqual("length".utf8) ? .maxTokens : .complete,
            usage: openAIUsage,
            tokens: (choice["logprobs"]?["content"]?.array ?? []).compactMap(Self.token)
        )
    }

    private var openAIUsage: TokenUsage {
        let usage = value["usage"]
        return TokenUsage(
            input: usage?["prompt_tokens"]?.int ?? 0,
            cachedInput: usage?["prompt_tokens_details"]?["cached_tokens"]?.int ?? 0,
            output: usage?["completion_tokens"]?.int ?? 0,
            reasoning: usage?["completion_tokens_details"]?["reasoning_tokens"]?.int ?? 0
        )
    }

    private static func token(_ value: JSONValue) -> ChatReply.Token? {
        guard let text = value["token"]?.string, let logprob = value["logprob"]?.double else { return nil }
        let alternatives = (value["top_logprobs"]?.array ?? []).compactMap { entry in
            entry["token"]?.string.flatMap { text in entry["logprob"]?.double.map { (text, $0) } }
        }
        return ChatReply.Token(
            text: text,
            logprob: logprob,
            alternatives: Dictionary(alternatives) { first, _ in first }
        )
    }

    // MARK: Anthropic

    func anthropic() throws -> ChatReply {
        guard let content = value["content"]?.array else {
            throw Self.malformed(endpoint, "an answer without content")
        }
        let reason = value["stop_reason"]?.string ?? ""
        if reason.utf8.elementsEqual("refusal".utf8) { throw declined(.refusal, "refused to answer") }
        let tool = content.compactMap { $0["input"] }.first?.serialized()
        let texts = content.compactMap { $0["text"]?.string }
        // A model that thinks up to its limit, or ends without a word, gives an empty answer, not a broken one.
        guard tool != nil || !texts.isEmpty || !reason.utf8.isEmpty else {
            throw Self.malformed(endpoint, "an answer without text")
        }
        let usage = value["usage"]
        let cached = usage?["cache_read_input_tokens"]?.int ?? 0
        let written = usage?["cache_creation_input_tokens"]?.int ?? 0
        return ChatReply(
            text: tool ?? texts.joined(),
            stopReason: reason.utf8.elementsEqual("max_tokens".utf8) ? .maxTokens : .complete,
            usage: TokenUsage(
                input: (usage?["input_tokens"]?.int ?? 0) + cached + written,
                cachedInput: cached,
                output: usage?["output_tokens"]?.int ?? 0
            )
        )
    }
}
