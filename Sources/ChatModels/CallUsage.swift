// SPDX-License-Identifier: Apache-2.0

/// What calls came to: how many, their tokens, their cost.
public struct CallUsage: Sendable, Hashable {
    /// Answers, those from the record included.
    public var calls: Int
    /// Those of ``calls`` that came from the record.
    public var recorded: Int
    /// The tokens of the calls that were made.
    public var tokens: TokenUsage
    /// What was paid, in US dollars.
    public var cost: Double

    /// Makes a usage.
    public init(calls: Int = 0, recorded: Int = 0, tokens: TokenUsage = .zero, cost: Double = 0) {
        self.calls = calls
        self.recorded = recorded
        self.tokens = tokens
        self.cost = cost
    }

    /// What one answer came to; nothing was paid for a recorded one.
    public init(_ reply: ChatReply) {
        self.init(
            calls: 1,
            recorded: reply.isRecorded ? 1 : 0,
            tokens: reply.isRecorded ? .zero : reply.usage,
            cost: reply.isRecorded ? 0 : reply.cost
        )
    }

    /// No calls.
    public static let zero = CallUsage()

    /// Both usages together.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            calls: left.calls + right.calls,
            recorded: left.recorded + right.recorded,
            tokens: left.tokens + right.tokens,
            cost: left.cost + right.cost
        )
    }

    /// Adds a usage.
    public static func += (left: inout Self, right: Self) {
        left = left + right
    }
}
