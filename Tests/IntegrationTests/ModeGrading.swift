// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Judging
import Rewards
import Rubrics
import TestSupport

/// Grades items at a server in one mode, through everything that a command's judge calls go through but the ledger.
struct ModeGrading: Sendable {
    /// Who is asked.
    var server: RealServer
    /// What is asked.
    var mode: JudgeMode
    /// What is graded.
    var items: [GradedItem]
    /// How many completions of each item are graded, where they are not ranked.
    var completions = 1
    /// Whether ratings are expectations over the menu.
    var usesExpectedRating = false
    /// The words.
    var templates = JudgeTemplates()

    /// The calls that it may make, of which every one or every second one may be a repair.
    var ration: Int {
        let calls = items.reduce(0) { $0 + mode.calls(on: group(of: $1), for: $1.task) }
        return server.obeysSchemas && !usesExpectedRating ? (calls * 3 + 1) / 2 : calls * 2
    }

    /// Grades the items one after another.
    ///
    /// - Parameter log: Counts the calls.
    /// - Returns: A grade for each completion.
    /// - Throws: What judging throws.
    func grades(log: CallLog) async throws -> [Grade] {
        try await server.withModel(log: log) { model in
            let method = mode.method
            let judge = try LLMJudge(method.question, of: model, configuration: configuration)
            let grader = Grader(method, judge: judge)
            var grades: [Grade] = []
            for item in items {
                grades += try await grader.grade(group: group(of: item), for: method.prepared(item.task))
            }
            return grades
        }
    }

    /// Grades the items and tells what it came to.
    func report() async throws -> ModeReport {
        let log = CallLog(ration: ration)
        let start = ContinuousClock.now
        let grades = try await grades(log: log)
        return ModeReport(name: "\(server), \(mode.rawValue)", grades: grades, log: log, time: .now - start)
    }

    private func group(of item: GradedItem) -> [String] {
        mode == .listwise ? item.completions : Array(item.completions.prefix(completions))
    }

    private var configuration: LLMJudge.Configuration {
        var configuration = LLMJudge.Configuration(marker: TextMarker(key: Array("integration".utf8)))
        configuration.maxTokens = 200
        configuration.usesExpectedRating = usesExpectedRating
        configuration.templates = templates
        return configuration
    }
}
