// SPDX-License-Identifier: Apache-2.0

/// Prices every call and keeps it within a budget.
public struct BudgetedChatModel: ChatModel {
    /// The base model's name.
    public var name: String { base.name }
    /// The base model's features.
    public var features: ChatFeatures { base.features }

    private let base: any ChatModel
    private let price: TokenPrice?
    private let budget: Budget

    /// Prices `base`.
    ///
    /// - Parameters:
    ///   - base: What is called.
    ///   - price: What its tokens cost; `nil` where nothing is paid.
    ///   - budget: What may be spent.
    public init(_ base: any ChatModel, price: TokenPrice?, budget: Budget) {
        self.base = base
        self.price = price
        self.budget = budget
    }

    /// Answers with its cost, or fails because the budget might be exceeded.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let reserved = try budget.reserve(amount(of: request.largestUsage))
        do {
            var reply = try await base.reply(to: request)
            // A server that counts nothing is charged for what it might have used.
            let usage = reply.usage == .zero ? request.largestUsage : reply.usage
            reply.cost = price?.cost(of: usage) ?? 0
            budget.settle(reserved, amount(of: usage))
            return reply
        } catch {
            budget.settle(reserved, Budget.Amount())
            throw error
        }
    }

    private func amount(of usage: TokenUsage) -> Budget.Amount {
        Budget.Amount(dollars: price?.cost(of: usage) ?? 0, tokens: usage.input + usage.output)
    }
}
