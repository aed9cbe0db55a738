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
    /// The tokens that the call read and wrote.
    public var usage: TokenUsage
    /// The answer's tokens where log-probabilities were asked for and given.
    public var tokens: [Token]
    /// What the call cost, in US dollars; 0 where nothing was paid or no price is known.
    public var cost: Double
    /// What the endpoint says of its limits.
    public var limits: RateLimits?
    /// The call in the record; `nil` where calls are not recorded.
    public var key: CallKey?
    /// Whether the answer came from the record: no call was made and nothing was paid.
    public var isRecorded: Bool

    /// Makes a reply.
    public init(
        text: String,
        stopReason: StopReason = .complete,
        usage: TokenUsage = .zero,
        tokens: [Token] = [],
        limits: RateLimits? = nil
    ) {
        self.text = text
        self.stopReason = stopReason
        self.usage = usage
        self.tokens = tokens
        self.limits = limits
        cost = 0
        isRecorded = false
    }
}
