// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What a chat model is asked.
public struct ChatRequest: Sendable, Hashable {
    /// What the answer must look like, where the endpoint can hold a model to it.
    public enum Format: Sendable, Hashable {
        /// Any text.
        case text
        /// JSON of this schema; `name` is the schema's, as some endpoints ask for one.
        case json(name: String, schema: JSONValue)
    }

    /// The turns in order.
    public var messages: [Message]
    /// The sampling temperature; 0 takes the most likely token.
    public var temperature: Double
    /// The longest answer, in tokens.
    public var maxTokens: Int
    /// What the answer must look like.
    public var format: Format
    /// How many alternatives to give with each token's log-probability; 0 asks for none.
    public var topLogprobs: Int
    /// Tells repeated votes of the same question apart; it is not sent.
    public var vote: Int

    /// Makes a request with a judge's defaults.
    public init(
        messages: [Message],
        temperature: Double = 0,
        maxTokens: Int = 1024,
        format: Format = .text,
        topLogprobs: Int = 0,
        vote: Int = 0
    ) {
        self.messages = messages
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.format = format
        self.topLogprobs = topLogprobs
        self.vote = vote
    }
}
