// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Rubrics

/// How endpoints are used: the section `judge.endpoint`.
public struct EndpointSettings: Sendable, Hashable, Codable {
    /// How JSON is asked for; `auto` asks the endpoint once, before work starts.
    public var structuredOutput = "auto"
    /// The most calls in flight at each endpoint.
    public var concurrency = 64
    /// The most requests a minute at each endpoint; `nil` for as many as come.
    public var requestsPerMinute: Int?
    /// The most tokens a minute at each endpoint; `nil` for as many as come.
    public var tokensPerMinute: Int?
    /// The most attempts of a call.
    public var attempts = 6
    /// How long an attempt may take, in seconds.
    public var attemptSeconds = 60.0
    /// How long a call may take with all its attempts, in seconds.
    public var callSeconds = 180.0
    /// How long a pool waits before it asks a second endpoint too, in seconds; `nil` for ever.
    public var hedgeSeconds: Double?

    /// The defaults.
    public init() {}

    /// How hard an endpoint may be used.
    public var limits: EndpointLimits {
        EndpointLimits(
            concurrency: concurrency,
            requestsPerMinute: requestsPerMinute,
            tokensPerMinute: tokensPerMinute
        )
    }

    /// When calls are tried again.
    public var retry: RetryPolicy {
        RetryPolicy(
            attempts: attempts,
            attemptDeadline: .seconds(attemptSeconds),
            callDeadline: .seconds(callSeconds),
            hedgeAfter: hedgeSeconds.map { .seconds($0) }
        )
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case structuredOutput = "structured_output"
        case concurrency
        case requestsPerMinute = "requests_per_minute"
        case tokensPerMinute = "tokens_per_minute"
        case attempts
        case attemptSeconds = "attempt_seconds"
        case callSeconds = "call_seconds"
        case hedgeSeconds = "hedge_seconds"
    }

    /// Reads the section; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        structuredOutput = try container.value(.structuredOutput, or: structuredOutput)
        concurrency = try container.value(.concurrency, or: concurrency, in: SettingRange.count)
        requestsPerMinute = try container.value(.requestsPerMinute, in: SettingRange.anyCount)
        tokensPerMinute = try container.value(.tokensPerMinute, in: SettingRange.anyCount)
        attempts = try container.value(.attempts, or: attempts, in: SettingRange.count)
        attemptSeconds = try container.value(.attemptSeconds, or: attemptSeconds, in: SettingRange.seconds)
        callSeconds = try container.value(.callSeconds, or: callSeconds, in: SettingRange.seconds)
        hedgeSeconds = try container.value(.hedgeSeconds, in: SettingRange.seconds)
    }
}

/// What calls may cost: the section `judge.budget`.
public struct BudgetSettings: Sendable, Hashable, Codable {
    /// US dollars a run; `nil` for any amount.
    public var dollars: Double?
    /// Tokens a run, read and written.
    public var tokens: Int?
    /// US dollars a step.
    public var dollarsPerStep: Double?
    /// Tokens a step.
    public var tokensPerStep: Int?
    /// Prices that count before the listed ones, in US dollars a million tokens.
    public var prices: [String: TokenPrice] = [:]

    /// No limits.
    public init() {}

    /// The limits.
    public var limits: Budget.Limits {
        Budget.Limits(
            dollars: dollars,
            tokens: tokens,
            dollarsPerStep: dollarsPerStep,
            tokensPerStep: tokensPerStep
        )
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case dollars, tokens
        case dollarsPerStep = "dollars_per_step"
        case tokensPerStep = "tokens_per_step"
        case prices
    }

    /// Reads the section; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dollars = try container.value(.dollars, in: SettingRange.notNegative)
        tokens = try container.value(.tokens, in: SettingRange.anyCount)
        dollarsPerStep = try container.value(.dollarsPerStep, in: SettingRange.notNegative)
        tokensPerStep = try container.value(.tokensPerStep, in: SettingRange.anyCount)
        prices = try container.value(.prices, or: prices)
    }
}
