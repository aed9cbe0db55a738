// SPDX-License-Identifier: Apache-2.0

/// Tokens that calls read and wrote.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens read, cached ones included.
    public var input: Int
    /// Those of ``input`` that came from a provider's cache.
    public var cachedInput: Int
    /// Tokens written, reasoning included.
    public var output: Int
    /// Those of ``output`` that were reasoning.
    public var reasoning: Int

    /// Makes a usage.
    public init(input: Int = 0, cachedInput: Int = 0, output: Int = 0, reasoning: Int = 0) {
        self.input = input
        self.cachedInput = cachedInput
        self.output = output
        self.reasoning = reasoning
    }

    /// No tokens.
    public static let zero = TokenUsage()

    /// Both usages together.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            input: left.input + right.input,
            cachedInput: left.cachedInput + right.cachedInput,
            output: left.output + right.output,
            reasoning: left.reasoning + right.reasoning
        )
    }
}
