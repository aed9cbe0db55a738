// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import JudgeServer
import Judging
import Rewards
import Rubrics

/// The whole way of a judge's calls: endpoint, pool, retries, record, judge, grader.
struct JudgeStack: Sendable {
    /// An endpoint with the model that is asked for there.
    struct Endpoint: Sendable {
        var model = "judge"
        var baseURL: URL
    }

    /// The key of the marks around judged text: the same in every run, so that the same words are asked.
    static let marker = TextMarker(key: Array("faults".utf8))

    /// What is asked.
    var method: GradingMethod
    /// Who is asked; several form a panel.
    var endpoints: [Endpoint]
    /// When calls are tried again.
    var policy: RetryPolicy
    /// Where answered calls are kept.
    var store: any CallStore = MemoryCallStore()
    /// Votes of each endpoint.
    var votes = 1

    /// Makes a stack of one endpoint.
    init(_ method: GradingMethod, at baseURL: URL, policy: RetryPolicy) {
        self.method = method
        endpoints = [Endpoint(baseURL: baseURL)]
        self.policy = policy
    }

    /// Opens connections, grades, and closes them.
    func withGrader<Value>(_ body: (Grader) async throws -> Value) async throws -> Value {
        let transport = HTTPTransport()
        do {
            let value = try await body(grader { Self.recorded(live($0, transport), in: store) })
            try await transport.shutdown()
            return value
        } catch {
            try await transport.shutdown()
            throw error
        }
    }

    /// Grades a group over HTTP.
    func grades(of completions: [String], for task: RubricTask) async throws -> [Grade] {
        try await withGrader { try await $0.grade(group: completions, for: task) }
    }

    /// Grades from the record alone.
    func replayer(failures: [CallKey: ChatModelError]) throws -> Grader {
        try grader { endpoint in
            ReplayingChatModel(
                name: name(of: endpoint),
                features: .logprobs,
                store: store,
                mode: Self.mode.rawValue,
                failures: failures
            )
        }
    }

    private static let mode = ChatEndpoint.StructuredOutput.jsonSchema

    private func grader(_ model: (Endpoint) -> any ChatModel) throws -> Grader {
        let members = try endpoints.map(model).flatMap { model in
            try (0..<votes).map { vote in
                var configuration = LLMJudge.Configuration(marker: Self.marker)
                configuration.vote = vote
                return JudgePanel.Member(try LLMJudge(method.question, of: model, configuration: configuration))
            }
        }
        return Grader(method, judge: members.count == 1 ? members[0].judge : JudgePanel(members))
    }

    private func live(_ endpoint: Endpoint, _ transport: HTTPTransport) -> any ChatModel {
        let model = EndpointChatModel(
            ChatEndpoint(
                provider: "127.0.0.1",
                model: endpoint.model,
                baseURL: endpoint.baseURL,
                dialect: .openAI,
                structuredOutput: Self.mode,
                key: nil
            ),
            transport: transport
        )
        let clock = ContinuousClock()
        return RetryingChatModel(EndpointPool([.init(model)], clock: clock), policy: policy, clock: clock)
    }

    private static func recorded(_ model: any ChatModel, in store: any CallStore) -> any ChatModel {
        RecordingChatModel(model, in: store, mode: mode.rawValue)
    }

    private func name(of endpoint: Endpoint) -> String { "127.0.0.1:\(endpoint.model)" }
}
