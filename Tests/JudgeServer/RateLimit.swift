// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What an endpoint lets through.
package struct RateLimits: Sendable, Hashable {
    /// Requests in a minute.
    package var requestsPerMinute: Int?
    /// Prompt and completion tokens in a minute.
    package var tokensPerMinute: Int?
    /// Calls at the same time.
    package var maxInFlight: Int?

    /// Makes limits; without arguments there are none.
    package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, maxInFlight: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.maxInFlight = maxInFlight
    }
}

/// A bucket that holds a minute's worth and refills all the time.
package struct TokenBucket: Sendable, Hashable {
    /// What a minute may hold.
    package let limit: Int
    private var level: Double
    private var updated: Duration = .zero

    /// Makes a full bucket.
    package init(limit: Int) {
        self.limit = limit
        level = Double(limit)
    }

    private var rate: Double { Double(limit) / 60 }

    /// Lets in what has flowed since the last time.
    package mutating func refill(at now: Duration) {
        guard now > updated else { return }
        level = min(Double(limit), level + rate * ((now - updated) / .seconds(1)))
        updated = now
    }

    /// Takes an amount, also one that is not there: then the bucket owes it.
    package mutating func take(_ amount: Int) {
        level -= Double(amount)
    }

    /// What is left, at least 0.
    package var remaining: Int { max(0, Int(level)) }

    /// The time until an amount is there; more than the limit never is, and counts as the limit.
    package func wait(for amount: Int) -> Duration {
        let missing = Double(min(amount, limit)) - level
        return missing <= 0 ? .zero : .seconds(missing / rate)
    }
}

/// The buckets of an endpoint.
final class RateLimiter: Sendable {
    /// What became of a call at the door.
    struct Admission: Sendable {
        /// How long to stay away; `nil` for a call that was let in.
        var retryAfter: Duration?
        /// What every answer says about the limits.
        var headers: [(String, String)]
    }

    private struct Buckets {
        var requests: TokenBucket?
        var tokens: TokenBucket?
    }

    private let buckets: Mutex<Buckets>

    init(_ limits: RateLimits) {
        buckets = Mutex(
            Buckets(
                requests: limits.requestsPerMinute.map(TokenBucket.init),
                tokens: limits.tokensPerMinute.map(TokenBucket.init)
            )
        )
    }

    /// Lets a call in and takes its prompt's tokens, or says how long to wait.
    func admit(tokens: Int, at now: Duration) -> Admission {
        buckets.withLock { buckets in
            buckets.requests?.refill(at: now)
            buckets.tokens?.refill(at: now)
            let wait = max(buckets.requests?.wait(for: 1) ?? .zero, buckets.tokens?.wait(for: tokens) ?? .zero)
            if wait == .zero {
                buckets.requests?.take(1)
                buckets.tokens?.take(tokens)
            }
            let headers = Self.headers(buckets.requests, "requests") + Self.headers(buckets.tokens, "tokens")
            return Admission(retryAfter: wait == .zero ? nil : wait, headers: headers)
        }
    }

    /// Takes the tokens of an answer.
    func charge(tokens: Int) {
        buckets.withLock { $0.tokens?.take(tokens) }
    }

    private static func headers(_ bucket: TokenBucket?, _ unit: String) -> [(String, String)] {
        guard let bucket else { return [] }
        return [
            ("x-ratelimit-limit-\(unit)", "\(bucket.limit)"),
            ("x-ratelimit-remaining-\(unit)", "\(bucket.remaining)"),
            ("x-ratelimit-reset-\(unit)", bucket.wait(for: bucket.limit).headerText),
        ]
    }
}

extension Duration {
    /// The duration as OpenAI's headers write it: `6m0s`, `1.5s`, `120ms`.
    package var headerText: String {
        let milliseconds = wholeMilliseconds
        let (minutes, rest) = milliseconds.quotientAndRemainder(dividingBy: 60_000)
        if minutes == 0, rest < 1000 { return "\(rest)ms" }
        let seconds = rest % 1000 == 0 ? "\(rest / 1000)s" : "\(Double(rest) / 1000)s"
        return (minutes > 0 ? "\(minutes)m" : "") + seconds
    }

    /// Milliseconds, rounded up.
    package var wholeMilliseconds: Int { Int((self / .milliseconds(1)).rounded(.up)) }
}
