// SPDX-License-Identifier: Apache-2.0

/// What a chat model answered.
public struct ChatReply: Sendable, Hashable {
    /// Why the answer ends where it does.
    public enum StopReason: Sendable, Hashable {
        /// The model was done.
        case complete
        /// The answer reached the limit, and is cut.
        case maxTokens
    }

    /// A token with its log-probability and the alternatives that were asked for.
    public struct Token: Sendable, Hashable {
        /// The token's text.
        public var text: String
        /// Its log-probability, in nats.
        public var logprob: Double
        /// The most likely tokens in its place, by text.
        public var alternatives: [String: Double]

        /// Makes a token.
        public init(text: String, logprob: Double, alternatives: [String: Double] = [:]) {
            self.text = text
            self.logprob = logprob
            self.alternatives = alternatives
        }
    }

    /// The answer.
    public var text: String
    /// Why it ends.
    public var stopReason: StopReason
    /// What the call cost.
    public var usage: TokenUsage
    /// The answer's tokens where log-probabilities were asked for and given.
    public var tokens: [Token]

    /// Makes a reply.
    public init(text: String, stopReason: StopReason = .complete, usage: TokenUsage = .zero, tokens: [Token] = []) {
        self.text = text
        self.stopReason = stopReason
        self.usage = usage
        self.tokens = tokens
    }
}
