// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Ledger

/// The models that a command asks, in the order in which they are named.
struct JudgeModels: Sendable {
    /// The models; `nil` stands for `checks`.
    var entries: [(any ChatModel)?]
    /// The model that is asked about what the others are not sure of.
    var escalation: (any ChatModel)?
    /// What may be spent.
    var budget = Budget(Budget.Limits())

    /// Reached models, each priced, kept within a budget, and recorded in a ledger.
    ///
    /// - Parameters:
    ///   - reached: The models.
    ///   - ledger: Where calls are recorded.
    ///   - settings: What may be spent.
    ///   - section: Where the settings stand, for errors.
    /// - Throws: `LedgerError`, and ``CommandFailure`` for a budget in dollars of a model without a price.
    init(
        _ reached: ReachedModels,
        in ledger: Ledger,
        settings: BudgetSettings,
        section: String = "judge.budget"
    ) async throws {
        let spent = try await ledger.spent()
        let budget = Budget(settings.limits, spent: spent.cost, tokens: spent.tokens.input + spent.tokens.output)
        func recorded(_ entry: ReachedModels.Entry) async throws -> any ChatModel {
            let model = entry.model
            // Nothing is paid for a model in this process or a command, so a budget in dollars needs no price.
            let isFree = ["local", "command"].contains(entry.mode)
            let price = isFree ? nil : try settings.price(of: model.name, section: section)
            let judge = KnownJudge(model: model.name, mode: entry.mode, features: model.features)
            try await ledger.note(judge, at: entry.address)
            let priced = BudgetedChatModel(model, price: price, budget: budget)
            return RecordingChatModel(priced, in: ledger, mode: entry.mode)
        }
        entries = []
        for entry in reached.entries {
            if let entry { entries.append(try await recorded(entry)) } else { entries.append(nil) }
        }
        if let entry = reached.escalation { escalation = try await recorded(entry) }
        self.budget = budget
    }

    /// Models that answer from a ledger alone.
    ///
    /// - Parameters:
    ///   - settings: Who judged.
    ///   - ledger: The record.
    ///   - judges: What stood behind the settings' addresses.
    ///   - failures: The calls that failed in the end.
    /// - Throws: ``CommandFailure`` for an address that the ledger does not know.
    init(
        replaying settings: JudgeSettings,
        from ledger: Ledger,
        judges: [String: KnownJudge],
        failures: [CallKey: ChatModelError]
    ) throws {
        func replayed(_ address: String) throws -> any ChatModel {
            guard let judge = judges[address] else {
                throw CommandFailure("\(ledger.path): nothing was asked at \(address), so nothing can be replayed")
            }
            return ReplayingChatModel(
                name: judge.model,
                features: judge.features,
                store: ledger,
                mode: judge.mode,
                failures: failures
            )
        }
        let addresses = settings.command.isEmpty ? settings.models : [ReachedModels.commandAddress]
        entries = try addresses.map { $0 == "checks" ? nil : try replayed($0) }
        escalation = settings.escalateTo.isEmpty ? nil : try replayed(settings.escalateTo)
    }
}

extension BudgetSettings {
    /// What a model's tokens cost; `nil` where nothing is paid or nothing is known.
    ///
    /// - Throws: ``CommandFailure`` when nothing is known and a budget in dollars is to be kept.
    func price(of name: String, section: String) throws -> TokenPrice? {
        if let price = PriceTable(overrides: prices).price(of: name) { return price }
        guard limits.dollars == nil, limits.dollarsPerStep == nil else {
            throw CommandFailure(
                "no price is known for \(name), so a budget in dollars cannot be kept: "
                    + "give one under \(section).prices, or limit tokens"
            )
        }
        return nil
    }
}
