// SPDX-License-Identifier: Apache-2.0

/// What an endpoint says of its limits with an answer (`x-ratelimit-*`).
public struct RateLimits: Sendable, Hashable {
    /// Requests left in the present window.
    public var remainingRequests: Int?
    /// Tokens left in the present window.
    public var remainingTokens: Int?
    /// How long until requests are there again.
    public var requestReset: Duration?
    /// How long until tokens are there again.
    public var tokenReset: Duration?

    /// Makes limits.
    public init(
        remainingRequests: Int? = nil,
        remainingTokens: Int? = nil,
        requestReset: Duration? = nil,
        tokenReset: Duration? = nil
    ) {
        self.remainingRequests = remainingRequests
        self.remainingTokens = remainingTokens
        self.requestReset = requestReset
        self.tokenReset = tokenReset
    }

    /// How long to hold calls back: until what is used up is there again.
    var pause: Duration? {
        let requests = remainingRequests == 0 ? requestReset : nil
        let tokens = remainingTokens == 0 ? tokenReset : nil
        return [requests, tokens].compactMap(\.self).max()
    }
}
