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
        /// One of `options` after `prefix`: the reply's one token carries each option's log-probability.
        case choice(prefix: String, options: [String])
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
    /// How long the answer may take, for models that keep deadlines; it is no part of what is asked.
    public var deadline: Duration?

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

    /// The most tokens that a call can use: what it reads, at three bytes a token, and the longest answer.
    package var largestUsage: TokenUsage {
        let bytes = messages.reduce(0) { $0 + $1.content.utf8.count }
        return TokenUsage(input: bytes / 3 + 8 * messages.count, output: maxTokens)
    }
}

extension ChatRequest {
    /// Everything that the answer depends on but what the messages say, in one fixed form.
    package var frame: JSONValue {
        [
            "roles": .array(messages.map { .string($0.role.rawValue) }), "temperature": .number(temperature),
            "max_tokens": .integer(maxTokens), "format": format.json, "top_logprobs": .integer(topLogprobs),
            "vote": .integer(vote),
        ]
    }
}

extension ChatRequest.Format {
    fileprivate var json: JSONValue {
        switch self {
        case .text: "text"
        case .json(let name, let schema): ["name": .string(name), "schema": schema]
        case .choice(let prefix, let options):
            ["prefix": .string(prefix), "options": .array(options.map(JSONValue.string))]
        }
    }
}
