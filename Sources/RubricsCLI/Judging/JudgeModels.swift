// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import Judging
import Ledger
import Rubrics

/// The models that settings name, reached and ready to be asked.
struct JudgeModels: Sendable {
    /// A model as judges ask it, and what its calls are recorded under.
    struct Entry: Sendable {
        /// The model's name in records.
        var name: String
        /// What it can do.
        var features: ChatFeatures
        /// How structured output is asked for.
        var mode: String
        /// Answers: recorded, priced, limited and tried again.
        var model: any ChatModel
    }

    /// The models of ``Judging/JudgeSettings/models``; `nil` stands for `checks`.
    let entries: [Entry?]
    /// The model that is asked about what the others are not sure of.
    let escalation: Entry?
    /// What has been spent.
    let budget: Budget
    /// Closes connections.
    let close: @Sendable () async -> Void

    /// Whether a language model is asked at all.
    var asksModels: Bool { entries.contains { $0 != nil } }

    /// The names of all models.
    var names: [String] { (entries + [escalation]).compactMap { $0?.name } }
}

/// Reaches the models that settings name.
struct JudgeModelsBuilder: Sendable {
    let settings: JudgeSettings
    let ledger: Ledger
    let environment: [String: String]
    let installation: @Sendable () throws -> Installation
    private let clock = ContinuousClock()

    init(
        _ settings: JudgeSettings,
        ledger: Ledger,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        installation: @escaping @Sendable () throws -> Installation = { try Installation() }
    ) {
        self.settings = settings
        self.ledger = ledger
        self.environment = environment
        self.installation = installation
    }

    /// Reaches every model, before any work starts.
    ///
    /// - Throws: `ChatEndpointError` for an address or a key that is missing, `ChatModelError` for an endpoint that does
    ///   not answer, ``CommandFailure``.
    func build() async throws -> JudgeModels {
        OpenFileLimit.raise(toHold: settings.endpoint.concurrency * 2 + 64)
        let spent = try await ledger.spent()
        let budget = Budget(settings.budget.limits, spent: spent.cost, tokens: spent.tokens.input + spent.tokens.output)
        var transports: [HTTPTransport] = []
        do {
            var entries: [JudgeModels.Entry?] = []
            for address in settings.models {
                entries.append(address == "checks" ? nil : try await entry(address, budget, &transports))
            }
            let escalation =
                settings.escalateTo.isEmpty ? nil : try await entry(settings.escalateTo, budget, &transports)
            return JudgeModels(entries: entries, escalation: escalation, budget: budget) { [transports] in
                for transport in transports { try? await transport.shutdown() }
            }
        } catch {
            for transport in transports { try? await transport.shutdown() }
            throw error
        }
    }

    private func entry(
        _ address: String,
        _ budget: Budget,
        _ transports: inout [HTTPTransport]
    ) async throws -> JudgeModels.Entry {
        if let folder = address.afterPrefix("local:") { return try await local(folder, budget) }
        var members: [EndpointPool<ContinuousClock>.Member] = []
        var mode: ChatEndpoint.StructuredOutput?
        for part in address.split(separator: ",") {
            var endpoint = try ChatEndpoint(String(part)) { environment[$0] }
            let transport = HTTPTransport(
                connections: settings.endpoint.concurrency,
                proxy: HTTPProxy(for: endpoint.baseURL) { environment[$0] }
            )
            transports.append(transport)
            let known: ChatEndpoint.StructuredOutput
            if let mode { known = mode } else { known = try await self.mode(of: endpoint, transport) }
            endpoint.structuredOutput = known
            mode = known
            members.append(.init(EndpointChatModel(endpoint, transport: transport), limits: settings.endpoint.limits))
        }
        let pool = EndpointPool(members, clock: clock)
        let retrying = RetryingChatModel(pool, policy: settings.endpoint.retry, clock: clock)
        return try recorded(retrying, mode: mode?.rawValue ?? "none", budget)
    }

    private func recorded(_ model: any ChatModel, mode: String, _ budget: Budget) throws -> JudgeModels.Entry {
        let price = PriceTable(overrides: settings.budget.prices).price(of: model.name)
        let limits = settings.budget.limits
        if price == nil, limits.dollars != nil || limits.dollarsPerStep != nil {
            throw CommandFailure(
                "no price is known for \(model.name), so a budget in dollars cannot be kept: "
                    + "give one under judge.budget.prices, or limit tokens"
            )
        }
        let priced = BudgetedChatModel(model, price: price, budget: budget)
        return JudgeModels.Entry(
            name: model.name,
            features: model.features,
            mode: mode,
            model: RecordingChatModel(priced, in: ledger, mode: mode)
        )
    }

    // MARK: - Structured output

    /// The way that is set, or the one that the endpoint obeys; the ledger's where it has one, so that calls keep their
    /// identity.
    private func mode(
        of endpoint: ChatEndpoint,
        _ transport: HTTPTransport
    ) async throws -> ChatEndpoint.StructuredOutput {
        let probe = EndpointProbe(endpoint, transport: transport)
        let name = "\(endpoint.provider):\(endpoint.model)"
        if settings.endpoint.structuredOutput != "auto" {
            guard let mode = ChatEndpoint.StructuredOutput(rawValue: settings.endpoint.structuredOutput) else {
                let known = ChatEndpoint.StructuredOutput.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(
                    "judge.endpoint.structured_output is \(settings.endpoint.structuredOutput), none of auto, \(known)"
                )
            }
            try await probe.answer(probing)
            return mode
        }
        if let known = try await ledger.mode(of: name).flatMap(ChatEndpoint.StructuredOutput.init) {
            try await probe.answer(probing)
            return known
        }
        let mode = try await probe.structuredOutput(retrying: probing)
        try await ledger.setMode(mode.rawValue, of: name)
        return mode
    }

    /// Few attempts, soon given up: somebody waits for the command to start.
    private func probing(_ model: EndpointChatModel) -> any ChatModel {
        let policy = RetryPolicy(
            attempts: 4,
            firstDelay: .milliseconds(200),
            longestDelay: .seconds(2),
            attemptDeadline: .seconds(settings.endpoint.attemptSeconds),
            callDeadline: .seconds(min(settings.endpoint.callSeconds, 60))
        )
        return RetryingChatModel(model, policy: policy, clock: clock)
    }

    // MARK: - A model in this process

    private func local(_ folder: String, _ budget: Budget) async throws -> JudgeModels.Entry {
        throw CommandFailure("local:\(folder) is not there")
    }
}

extension String {
    /// What follows a prefix; `nil` where the text does not begin with it.
    func afterPrefix(_ prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
