// SPDX-License-Identifier: Apache-2.0

import Rubrics
import RubricsTesting
import Testing

@testable import ChatModels

@Suite("Budgets")
struct BudgetTests {
    private typealias Amount = Budget.Amount

    private func isRefused(_ budget: Budget, _ amount: Budget.Amount) -> Bool {
        do {
            _ = try budget.reserve(amount)
            return false
        } catch { return (error as? ChatModelError)?.code == .budget }
    }

    @Test("Without limits anything goes, and is counted")
    func unlimited() throws {
        let budget = Budget(.init())
        budget.settle(try budget.reserve(Amount(dollars: 1e9, tokens: 1 << 40)), Amount(dollars: 2.5, tokens: 30))
        #expect(budget.dollars == 2.5 && budget.tokens == 30)
    }

    @Test("What is set aside counts until it is settled, and then what it came to")
    func reservation() throws {
        let budget = Budget(.init(tokens: 100))
        let first = try budget.reserve(Amount(tokens: 60))
        #expect(isRefused(budget, Amount(tokens: 41)))
        let second = try budget.reserve(Amount(tokens: 40))
        budget.settle(first, Amount(tokens: 10))
        #expect(budget.tokens == 10)
        budget.settle(try budget.reserve(Amount(tokens: 50)), Amount(tokens: 50))
        budget.settle(second, Amount())
        #expect(budget.tokens == 60)
        #expect(isRefused(budget, Amount(tokens: 41)) && !isRefused(budget, Amount(tokens: 40)))
    }

    @Test("A run's limit holds what was spent before too")
    func resumed() {
        let budget = Budget(.init(dollars: 1, tokens: 100), spent: 0.75, tokens: 90)
        #expect(budget.dollars == 0.75 && budget.tokens == 90)
        #expect(isRefused(budget, Amount(dollars: 0.5, tokens: 1)))
        #expect(isRefused(budget, Amount(dollars: 0.1, tokens: 11)))
        #expect(!isRefused(budget, Amount(dollars: 0.25, tokens: 10)))
    }

    @Test("A step's limits count from its beginning; the run's go on")
    func steps() throws {
        let budget = Budget(.init(tokens: 100, dollarsPerStep: 1, tokensPerStep: 30))
        budget.settle(try budget.reserve(Amount(tokens: 30)), Amount(dollars: 0.5, tokens: 30))
        #expect(isRefused(budget, Amount(tokens: 1)))
        budget.beginStep()
        #expect(isRefused(budget, Amount(dollars: 1.5)))
        for _ in 0..<2 {
            budget.settle(try budget.reserve(Amount(tokens: 30)), Amount(tokens: 30))
            budget.beginStep()
        }
        #expect(isRefused(budget, Amount(tokens: 11)))
    }

    @Test("The refusal says which limit it is and how to go on")
    func message() throws {
        let run = #expect(throws: ChatModelError.self) { _ = try Budget(.init(dollars: 2)).reserve(Amount(dollars: 3)) }
        #expect(run?.description == "the run's budget is used up: raise judge.budget.dollars (2.0)")
        let step = #expect(throws: ChatModelError.self) {
            _ = try Budget(.init(tokensPerStep: 5)).reserve(Amount(tokens: 6))
        }
        #expect(step?.description == "the step's budget is used up: raise judge.budget.tokens_per_step (5)")
    }

    @Test("The largest usage of a call is its prompt at three bytes a token and its longest answer")
    func largest() {
        let request = ChatRequest(messages: [Message(role: .user, content: "123456789")], maxTokens: 50)
        #expect(request.largestUsage == TokenUsage(input: 11, output: 50))
    }

    // MARK: The model

    private let price = TokenPrice(input: 1, output: 2)

    @Test("A call is priced by its usage, and settled")
    func priced() async throws {
        let budget = Budget(.init(dollars: 1))
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes", usage: TokenUsage(input: 1_000, output: 500)) }
        let reply = try await BudgetedChatModel(base, price: price, budget: budget).reply(to: .asking())
        #expect(reply.cost == 0.002 && budget.dollars == 0.002 && budget.tokens == 1_500)
    }

    @Test("A server that counts nothing is charged for the most it might have used")
    func uncounted() async throws {
        let budget = Budget(.init())
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let reply = try await BudgetedChatModel(base, price: price, budget: budget).reply(to: .asking())
        // Six bytes and one message are ten tokens; the longest answer is a hundred.
        #expect(budget.tokens == 110)
        #expect(abs(reply.cost - 210e-6) < 1e-15)
    }

    @Test("Without a price tokens are counted, and nothing is paid")
    func free() async throws {
        let budget = Budget(.init(dollars: 0))
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes", usage: TokenUsage(input: 3, output: 4)) }
        let reply = try await BudgetedChatModel(base, price: nil, budget: budget).reply(to: .asking())
        #expect(reply.cost == 0 && budget.dollars == 0 && budget.tokens == 7)
    }

    @Test("A call that might go over the limit is not made")
    func refused() async {
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let model = BudgetedChatModel(base, price: price, budget: Budget(.init(tokens: 109)))
        let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: .asking()) }
        #expect(error?.code == .budget && error?.isTransient == false && base.requests.isEmpty)
    }

    @Test("A call that fails gives its reservation back")
    func failed() async {
        let budget = Budget(.init(tokens: 110))
        let base = ScriptedChatModel { _, _ in throw ChatModelError(.serverError, "down") }
        let model = BudgetedChatModel(base, price: price, budget: budget)
        for _ in 0..<3 {
            let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: .asking()) }
            #expect(error?.code == .serverError)
        }
        #expect(budget.tokens == 0)
    }

    @Test("Calls at the same time never go over the limit together")
    func together() async throws {
        let budget = Budget(.init(tokens: 1_000))
        let base = ScriptedChatModel { _, _ in
            await Task.yield()
            return ChatReply(text: "yes", usage: TokenUsage(input: 10, output: 100))
        }
        let model = BudgetedChatModel(base, price: nil, budget: budget)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = try? await model.reply(to: .asking()) } }
        }
        #expect(budget.tokens <= 1_000 && budget.tokens == 110 * base.requests.count)
    }
}
