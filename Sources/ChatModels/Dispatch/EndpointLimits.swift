// SPDX-License-Identifier: Apache-2.0

/// How hard an endpoint may be used.
public struct EndpointLimits: Sendable, Hashable {
    /// The most calls in flight.
    public var concurrency: Int
    /// The most requests a minute; `nil` for as many as come.
    public var requestsPerMinute: Int?
    /// The most tokens a minute, read and written; `nil` for as many as come.
    public var tokensPerMinute: Int?

    /// Makes limits.
    public init(concurrency: Int = 64, requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
        self.concurrency = concurrency
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}

/// Paces calls to a rate: a token bucket that holds ten seconds' worth, kept as the time at which it would be full.
struct Pace: Sendable {
    private let perSecond: Double
    private let capacity: Double
    /// What has been drawn from the bucket and not flowed back yet, at ``time``.
    private var drawn = 0.0
    private var time = 0.0

    init?(perMinute: Int?) {
        guard let perMinute else { return nil }
        perSecond = Double(perMinute) / 60
        capacity = max(perSecond * 10, 1)
    }

    /// Takes `amount` and says how long to wait before using it.
    ///
    /// - Parameters:
    ///   - amount: Requests or tokens.
    ///   - now: Seconds on any clock.
    /// - Returns: Seconds.
    mutating func draw(_ amount: Double, at now: Double) -> Double {
        drawn = max(0, drawn - (now - time) * perSecond) + amount
        time = now
        return max(0, (drawn - capacity) / perSecond)
    }

    /// Gives back what was drawn and not used.
    mutating func settle(_ surplus: Double) {
        drawn = max(0, drawn - surplus)
    }
}
