// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import Testing

@Suite("Prices")
struct PricesTests {
    @Test("Tokens cost by the million; cached ones their own price, or that of others")
    func cost() {
        let usage = TokenUsage(input: 3_000_000, cachedInput: 1_000_000, output: 500_000)
        #expect(TokenPrice(input: 2, cachedInput: 0.5, output: 8).cost(of: usage) == 8.5)
        #expect(TokenPrice(input: 2, output: 8).cost(of: usage) == 10)
        #expect(TokenPrice(input: 2, output: 8).cost(of: .zero) == 0)
    }

    @Test(
        "A model has its own price, a dated one that of its name",
        arguments: [
            ("openai:gpt-4o", 2.5), ("openai:gpt-4o-2024-08-06", 2.5), ("openai:gpt-4o-mini", 0.15),
            ("openai:gpt-4o-mini-2024-07-18", 0.15), ("openai:gpt-4.1-mini-2025-04-14", 0.4),
            ("anthropic:claude-3-5-haiku-20241022", 0.8), ("anthropic:claude-haiku-4-5-20251001", 1),
        ]
    )
    func listed(name: String, input: Double) {
        #expect(PriceTable().price(of: name)?.input == input)
    }

    @Test(
        "What is not listed has no price",
        arguments: ["localhost:gpt-4o", "openai:gpt-4o-audio", "openai:gpt-5", "qwen", "", ":", "openai:"]
    )
    func unlisted(name: String) {
        #expect(PriceTable().price(of: name) == nil)
    }

    @Test("Prices that are given count before the listed ones, with or without the provider's name")
    func overrides() {
        let mine = TokenPrice(input: 9, output: 9)
        for name in ["openai:gpt-4o-mini", "gpt-4o-mini"] {
            let table = PriceTable(overrides: [name: mine])
            #expect(table.price(of: "openai:gpt-4o-mini") == mine)
            #expect(table.price(of: "openai:gpt-4o-mini-2024-07-18") == mine)
            #expect(table.price(of: "openai:gpt-4o")?.input == 2.5)
        }
        let own = PriceTable(overrides: ["Qwen/Qwen2.5": mine])
        #expect(own.price(of: "localhost:Qwen/Qwen2.5") == mine)
    }

    @Test("The exact name counts before the family, the longer family before the shorter")
    func precedence() {
        let prices = ["m": 1.0, "m-20-large": 2, "m-20-large-2025-01-01": 3].mapValues {
            TokenPrice(input: $0, output: 0)
        }
        let table = PriceTable(overrides: prices)
        #expect(table.price(of: "x:m-20-large-2025-01-01")?.input == 3)
        #expect(table.price(of: "x:m-20-large-2026-01-01")?.input == 2)
        #expect(table.price(of: "x:m-2025-01-01")?.input == 1)
    }

    @Test("A price is read from its keys; what cached tokens cost may be left out")
    func decoding() throws {
        let whole: TokenPrice = try Document.yaml("{input: 1, cached_input: 0.5, output: 2}", file: "t").decode()
        #expect(whole == TokenPrice(input: 1, cachedInput: 0.5, output: 2))
        let short: TokenPrice = try Document.yaml("{input: 1, output: 2}", file: "t").decode()
        #expect(short == TokenPrice(input: 1, output: 2))
    }
}
