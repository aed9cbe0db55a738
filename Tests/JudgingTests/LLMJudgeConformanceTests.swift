// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Judges keep their promises", .timeLimit(.minutes(10)))
struct LLMJudgeConformanceTests {
    private func judge(_ question: JudgeQuestion, _ model: ScriptedChatModel) throws -> LLMJudge {
        try LLMJudge(question, of: model, configuration: JudgedTask.configuration)
    }

    private static let tasks = [JudgedTask.task, JudgedTask.dialogue] + AttackedTask.allCases.map(\.task)

    @Test("With a model that answers as asked", arguments: JudgePromptTests.questions + [.criteria(perCall: 2)])
    func answering(question: JudgeQuestion) async throws {
        let judge = try judge(question, .agreeable())
        #expect(await JudgeConformance.violations(of: judge, tasks: Self.tasks) == [])
    }

    @Test("With a model that answers nonsense, refuses or fails", arguments: JudgePromptTests.questions)
    func failing(question: JudgeQuestion) async throws {
        let answers: [Result<ChatReply, ChatModelError>] = [
            .success(ChatReply(text: "nonsense")), .success(ChatReply(text: "I cannot do that.")),
            .success(ChatReply(text: "[1]")), .failure(ChatModelError(.timeout, "late")),
        ]
        let model = ScriptedChatModel { _, call in try answers[call % answers.count].get() }
        let judge = try judge(question, model)
        #expect(await JudgeConformance.violations(of: judge, tasks: [JudgedTask.task]) == [])
    }

    @Test("As a panel, a cascade and beside checks")
    func joined() async throws {
        let base = try judge(.criteria(perCall: 1), .agreeable())
        let judges: [any Judge] = [
            JudgePanel([.init(base), .init(base)]), CascadeJudge(base, then: base, below: 0.5),
            MixedJudge(checks: CheckJudge(), base: base),
        ]
        for judge in judges {
            #expect(await JudgeConformance.violations(of: judge, tasks: [JudgedTask.task]) == [])
        }
    }
}
