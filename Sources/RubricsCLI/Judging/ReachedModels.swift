// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import Judging
import Ledger
import Policies
import Rubrics

/// The models that settings name, reached: each address is good, each key is taken, each server answers.
struct ReachedModels: Sendable {
    /// A model that answers calls, with its limits and retries, not recorded yet.
    struct Entry: Sendable {
        /// As the settings have it.
        var address: String
        var model: any ChatModel
        /// How structured output is asked for; a part of a call's identity.
        var mode: String
    }

    /// The models of ``Judging/JudgeSettings/models``; `nil` stands for `checks`.
    var entries: [Entry?] = []
    /// The model that is asked about what the others are not sure of.
    var escalation: Entry?
    /// What a command's calls are noted under.
    static let commandAddress = "command"
    private var transports: [HTTPTransport] = []
    private var command: CommandChatModel?
    private let clock = ContinuousClock()

    /// Reaches the models of judges, before any work starts.
    ///
    /// - Parameters:
    ///   - settings: Who judges.
    ///   - environment: Where keys and proxies are looked up.
    ///   - known: How addresses were asked for structured output before, so that their calls keep their identity.
    /// - Throws: `ChatEndpointError` for an address or a key that is missing, `ChatModelError` for an endpoint that does
    ///   not answer, ``CommandFailure``.
    init(
        _ settings: JudgeSettings,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        known: [String: KnownJudge] = [:]
    ) async throws {
        guard settings.command.isEmpty else {
            start(settings)
            return
        }
        let asked = Asked(
            settings: settings.endpoint,
            maxTokens: settings.maxTokens,
            environment: environment,
            known: known
        )
        try await reachAll(settings.models, escalation: settings.escalateTo, asked)
    }

    /// Reaches models by their addresses, before any work starts.
    ///
    /// - Parameters:
    ///   - addresses: The addresses, in the order of ``entries``.
    ///   - settings: How endpoints are used.
    ///   - maxTokens: The longest reply of a model in this process.
    ///   - environment: Where keys and proxies are looked up.
    ///   - known: How addresses were asked for structured output before, so that their calls keep their identity.
    /// - Throws: What ``init(_:environment:known:)`` throws.
    init(
        addresses: [String],
        settings: EndpointSettings,
        maxTokens: Int,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        known: [String: KnownJudge]
    ) async throws {
        let asked = Asked(settings: settings, maxTokens: maxTokens, environment: environment, known: known)
        try await reachAll(addresses, escalation: "", asked)
    }

    private mutating func reachAll(_ addresses: [String], escalation address: String, _ asked: Asked) async throws {
        OpenFileLimit.raise(toHold: asked.settings.concurrency * max(1, addresses.count) * 2 + 64)
        do {
            for address in addresses {
                entries.append(address == "checks" ? nil : try await reach(address, asked))
            }
            if !address.isEmpty { escalation = try await reach(address, asked) }
        } catch {
            await close()
            throw error
        }
    }

    /// Makes a model of a command; the program is started with the first call.
    private mutating func start(_ settings: JudgeSettings) {
        let command = CommandChatModel(settings.command)
        self.command = command
        let pool = EndpointPool([.init(command, limits: settings.endpoint.limits)], clock: clock)
        let model = RetryingChatModel(pool, policy: settings.endpoint.retry, clock: clock)
        entries = [Entry(address: Self.commandAddress, model: model, mode: "command")]
    }

    /// Where tasks that ask these models run best; `nil` where no network is asked.
    var executor: (any TaskExecutor)? { transports.first?.executor }

    /// Closes every connection and ends the command.
    func close() async {
        command?.shutdown()
        for transport in transports { try? await transport.shutdown() }
    }

    private struct Asked {
        var settings: EndpointSettings
        var maxTokens: Int
        var environment: [String: String]
        var known: [String: KnownJudge]
    }

    private mutating func reach(_ address: String, _ asked: Asked) async throws -> Entry {
        if let model = address.afterPrefix("local:") ?? (address.afterPrefix("hf:") == nil ? nil : address) {
            return try await local(model, at: address, asked)
        }
        var members: [EndpointPool<ContinuousClock>.Member] = []
        var mode: ChatEndpoint.StructuredOutput?
        for part in address.split(separator: ",") {
            var endpoint = try ChatEndpoint(String(part)) { asked.environment[$0] }
            let transport = HTTPTransport(
                connections: asked.settings.concurrency,
                proxy: HTTPProxy(for: endpoint.baseURL) { asked.environment[$0] }
            )
            transports.append(transport)
            let known = mode?.rawValue ?? asked.known[address]?.mode
            let found: ChatEndpoint.StructuredOutput
            do {
                found = try await Self.mode(of: endpoint, transport, asked, known: known)
            } catch let error as ChatModelError {
                throw CommandFailure("\(part): \(error)")
            }
            endpoint.structuredOutput = found
            mode = found
            members.append(.init(EndpointChatModel(endpoint, transport: transport), limits: asked.settings.limits))
        }
        guard let mode else {
            throw CommandFailure("the address of a model is empty: name one, for example openai:gpt-4o-mini")
        }
        let pool = EndpointPool(members, clock: clock)
        let model = RetryingChatModel(pool, policy: asked.settings.retry, clock: clock)
        return Entry(address: address, model: model, mode: mode.rawValue)
    }

    /// A policy in this process: a folder, a GGUF file, or a model on the hub.
    private func local(_ model: String, at address: String, _ asked: Asked) async throws -> Entry {
        let installation = try Installation(environment: asked.environment)
        let location = try await ModelLocation(model, environment: asked.environment)
        let model = try await PolicyChatModel(
            location.path,
            engine: installation.engine(),
            configuration: FrozenPolicy.Configuration(
                maximumRows: min(asked.settings.concurrency, 8),
                maximumCompletionTokens: asked.maxTokens,
                threads: installation.threads
            )
        )
        return Entry(address: address, model: model, mode: "local")
    }

    /// The way of asking for JSON that is set, or known, or the first that the endpoint obeys.
    private static func mode(
        of endpoint: ChatEndpoint,
        _ transport: HTTPTransport,
        _ asked: Asked,
        known: String?
    ) async throws -> ChatEndpoint.StructuredOutput {
        let probe = EndpointProbe(endpoint, transport: transport)
        try await probe.reach()
        let set = asked.settings.structuredOutput
        if set != "auto" {
            guard let mode = ChatEndpoint.StructuredOutput(rawValue: set) else {
                let known = ChatEndpoint.StructuredOutput.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure("endpoint.structured_output is \(set), none of auto, \(known)")
            }
            return mode
        }
        if let mode = known.flatMap(ChatEndpoint.StructuredOutput.init) { return mode }
        return try await probe.structuredOutput { model in
            RetryingChatModel(model, policy: .probing(within: asked.settings), clock: ContinuousClock())
        }
    }
}

extension RetryPolicy {
    /// Few attempts, soon given up: somebody waits for the command to start.
    fileprivate static func probing(within settings: EndpointSettings) -> RetryPolicy {
        RetryPolicy(
            attempts: 4,
            firstDelay: .milliseconds(200),
            longestDelay: .seconds(2),
            attemptDeadline: .seconds(settings.attemptSeconds),
            callDeadline: .seconds(min(settings.callSeconds, 60))
        )
    }
}

extension String {
    /// What follows a prefix; `nil` where the text does not begin with it.
    func afterPrefix(_ prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
