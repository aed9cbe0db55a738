// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What a model's tokens cost, in US dollars a million.
public struct TokenPrice: Sendable, Hashable, Codable {
    /// Tokens read.
    public var input: Double
    /// Tokens read from the provider's cache; ``input`` where it is not given.
    public var cachedInput: Double?
    /// Tokens written.
    public var output: Double

    enum CodingKeys: String, CodingKey, CaseIterable {
        case input
        case cachedInput = "cached_input"
        case output
    }

    /// Makes a price.
    public init(input: Double, cachedInput: Double? = nil, output: Double) {
        self.input = input
        self.cachedInput = cachedInput
        self.output = output
    }

    /// What a usage costs, in US dollars.
    public func cost(of usage: TokenUsage) -> Double {
        let fresh = Double(usage.input - usage.cachedInput) * input
        let cached = Double(usage.cachedInput) * (cachedInput ?? input)
        return (fresh + cached + Double(usage.output) * output) / 1_000_000
    }
}

/// Prices by model.
public struct PriceTable: Sendable, Hashable {
    /// Prices that count before the listed ones, by `provider:model` or by model alone.
    public var overrides: [String: TokenPrice]

    /// Makes a table.
    ///
    /// - Parameter overrides: Prices that count before the listed ones.
    public init(overrides: [String: TokenPrice] = [:]) {
        self.overrides = overrides
    }

    /// The price of a model; `nil` where none is known, as for a server of one's own.
    ///
    /// A dated name such as `gpt-4o-mini-2024-07-18` has the price of the name that it begins with.
    public func price(of name: String) -> TokenPrice? {
        Self.price(of: name, in: overrides) ?? Self.price(of: name, in: Self.listed)
    }

    private static func price(of name: String, in prices: [String: TokenPrice]) -> TokenPrice? {
        let model = name.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(name[name.index(after: $0)...]) } ?? name
        if let exact = prices[name] ?? prices[model] { return exact }
        let family = prices.keys.filter {
            model.utf8.starts(with: "\($0)-20".utf8) || name.utf8.starts(with: "\($0)-20".utf8)
        }
        return family.max { $0.utf8.count < $1.utf8.count }.flatMap { prices[$0] }
    }

    /// List prices of November 2025; give your own where they have changed.
    private static let listed: [String: TokenPrice] = [
        "openai:gpt-4o": TokenPrice(input: 2.5, cachedInput: 1.25, output: 10),
        "openai:gpt-4o-mini": TokenPrice(input: 0.15, cachedInput: 0.075, output: 0.6),
        "openai:gpt-4.1": TokenPrice(input: 2, cachedInput: 0.5, output: 8),
        "openai:gpt-4.1-mini": TokenPrice(input: 0.4, cachedInput: 0.1, output: 1.6),
        "openai:gpt-4.1-nano": TokenPrice(input: 0.1, cachedInput: 0.025, output: 0.4),
        "openai:o3-mini": TokenPrice(input: 1.1, cachedInput: 0.55, output: 4.4),
        "anthropic:claude-3-5-haiku": TokenPrice(input: 0.8, cachedInput: 0.08, output: 4),
        "anthropic:claude-haiku-4-5": TokenPrice(input: 1, cachedInput: 0.1, output: 5),
        "anthropic:claude-sonnet-4-5": TokenPrice(input: 3, cachedInput: 0.3, output: 15),
    ]
}
