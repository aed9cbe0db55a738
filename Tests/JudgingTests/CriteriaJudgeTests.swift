// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Judges of criteria")
struct CriteriaJudgeTests {
    private static let yes = #"{"reason": "it says so", "met": "yes"}"#

    private func judge(_ model: ScriptedChatModel, perCall: Int = 4) throws -> LLMJudge {
        try LLMJudge(.criteria(perCall: perCall), of: model, configuration: JudgedTask.configuration)
    }

    private func assess(_ model: ScriptedChatModel, perCall: Int = 4) async throws -> Assessment {
        try await judge(model, perCall: perCall).assess(JudgedTask.response, for: JudgedTask.task)
    }

    /// The task with its first criteria alone.
    private func task(_ count: Int) -> RubricTask {
        var task = JudgedTask.task
        task.criteria = Array(task.criteria.prefix(count))
        return task
    }

    // MARK: Calls

    @Test(
        "Criteria are asked about so many a call, each once, in the rubric's order",
        arguments: [
            (1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (4, [4]), (9, [4]), (.max, [4]), (0, [1, 1, 1, 1]),
        ]
            as [(Int, [Int])]
    )
    func chunks(perCall: Int, sizes: [Int]) async throws {
        let model = ScriptedChatModel.agreeable()
        let assessment = try await assess(model, perCall: perCall)
        let asked = model.requests.map { request in
            JudgedTask.task.criteria.filter { request.question.contains($0.description) }.map(\.id)
        }
        #expect(asked.map(\.count).sorted(by: >) == sizes)
        #expect(Set(asked.flatMap(\.self)).count == 4)
        #expect(assessment.verdicts.map(\.criterion) == JudgedTask.task.criteria.map(\.id))
        #expect(
            assessment.verdicts.allSatisfy {
                $0.outcome == .met && $0.reason == "it says so" && $0.judge == "agreeable"
            }
        )
        #expect(assessment.usage.calls == sizes.count)
        #expect(
            assessment.usage.tokens
                == TokenUsage(input: 100 * sizes.count, cachedInput: 60 * sizes.count, output: 20 * sizes.count)
        )
    }

    @Test("A rubric without criteria costs nothing")
    func noCriteria() async throws {
        let model = ScriptedChatModel.agreeable()
        let assessment = try await judge(model).assess(JudgedTask.response, for: task(0))
        #expect(assessment == Assessment() && model.requests.isEmpty)
    }

    @Test("Thinking is not judged, neither a completion's nor a reply's")
    func thinking() async throws {
        let model = ScriptedChatModel(saying: #"<think>{"met": "no"}</think>"# + Self.yes)
        let assessment = try await judge(model).assess("<think>secret plan</think>Drink.", for: task(1))
        #expect(assessment.verdicts[0].outcome == .met)
        #expect(
            !model.requests[0].question.contains("secret plan") && model.requests[0].question.contains("\nDrink.\n")
        )
    }

    @Test(
        "A completion of nothing costs nothing and meets nothing",
        arguments: ["", " \n", "<think>hm</think>", "\u{200B}"]
    )
    func empty(completion: String) async throws {
        let model = ScriptedChatModel.agreeable()
        let assessment = try await judge(model).assess(completion, for: JudgedTask.task)
        #expect(assessment == .empty(for: JudgedTask.task, judge: "agreeable") && model.requests.isEmpty)
    }

    @Test("A group is judged one by one, in order")
    func group() async throws {
        let model = ScriptedChatModel { request, _ in
            ChatReply(text: request.question.contains("\nDrink.\n") ? Self.yes : #"{"reason": "", "met": "no"}"#)
        }
        let assessments = try await judge(model).assess(group: ["Drink.", "", "Run."], for: task(1))
        #expect(assessments.map { $0.verdicts[0].outcome } == [.met, .unmet, .unmet])
        #expect(assessments.map(\.completionIsEmpty) == [false, true, false] && model.requests.count == 2)
    }

    // MARK: Repairs

    @Test("A reply that leaves criteria open is asked about again, for those alone, with the exact complaint")
    func repair() async throws {
        let first =
            #"{"c1": {"reason": "so", "met": "yes"}, "c2": {"met": "maybe"}, "c4": {"reason": "", "met": "no"}}"#
        let model = ScriptedChatModel(
            saying: first,
            #"{"c2": {"reason": "well", "met": "no"}, "c3": {"met": "cannot_assess"}, "c1": {"met": "no"}}"#
        )
        let assessment = try await assess(model)
        #expect(assessment.verdicts.map(\.outcome) == [.met, .unmet, .cannotAssess, .unmet])
        #expect(assessment.verdicts.map(\.reason) == ["so", "well", "", ""])
        #expect(assessment.usage.calls == 2 && model.requests.count == 2)
        let (question, repair) = (model.requests[0], model.requests[1])
        #expect(question.members == ["c1", "c2", "c3", "c4"] && repair.members == ["c2", "c3"])
        #expect(repair.messages.dropLast(2) == question.messages[...])
        #expect(repair.messages[repair.messages.count - 2] == Message(role: .assistant, content: first))
        let complaint = #""met" of c2 is "maybe", none of yes, no, cannot_assess; c3 is missing"#
        #expect(
            repair.question
                == "That cannot be used: \(complaint). Answer again, with the JSON object that was asked for alone."
        )
    }

    @Test(
        "One criterion that is still open may be answered by itself or under its label",
        arguments: [yes, #"{"c2": \#(yes)}"#]
    )
    func singleRepair(reply: String) async throws {
        let model = ScriptedChatModel(saying: #"{"c1": \#(Self.yes)}"#, reply)
        let assessment = try await judge(model).assess(JudgedTask.response, for: task(2))
        #expect(assessment.verdicts.map(\.outcome) == [.met, .met])
        #expect(model.requests[1].members == ["reason", "met"])
    }

    @Test("What is unreadable twice is unjudged and confirmed; what was read stays")
    func confirmed() async throws {
        let model = ScriptedChatModel(saying: #"{"c1": \#(Self.yes)}"#, "It is good.")
        let assessment = try await assess(model)
        #expect(assessment.verdicts[0].outcome == .met)
        for verdict in assessment.verdicts.dropFirst() {
            #expect(verdict.failure?.cause == .malformed && verdict.failure?.isConfirmed == true)
        }
        #expect(assessment.verdicts[1].failure?.detail == "scripted: your answer held no JSON object")
        #expect(model.requests.count == 2)
    }

    @Test("A refusal in words is asked about again, and then stands confirmed")
    func refusal() async throws {
        let model = ScriptedChatModel(saying: "I'm sorry, but I can't help with that.")
        let verdicts = try await assess(model).verdicts
        #expect(verdicts.allSatisfy { $0.failure?.cause == .refusal && $0.failure?.isConfirmed == true })
        #expect(model.requests.count == 2)
    }

    @Test("A refusal of the endpoint's is asked about again too, and a second answer counts")
    func refusedCall() async throws {
        let key = CallKey(bytes: [1])
        var refusal = ChatModelError(.refusal, "refused")
        refusal.key = key
        let model = ScriptedChatModel(answers: [.failure(refusal), .success(ChatReply(text: Self.yes))])
        let assessment = try await judge(model).assess(JudgedTask.response, for: task(1))
        #expect(assessment.verdicts[0].outcome == .met)
        #expect(assessment.failures == [key: refusal])
        #expect(model.requests[1].messages.dropLast().last == Message(role: .assistant, content: "(no answer)"))
    }

    @Test(
        "An empty or cut reply is asked about again",
        arguments: [
            ChatReply(text: ""), ChatReply(text: #"{"reason": "it goes on"#, stopReason: .maxTokens),
        ]
    )
    func unusable(reply: ChatReply) async throws {
        let model = ScriptedChatModel(answers: [.success(reply), .success(ChatReply(text: Self.yes))])
        let assessment = try await judge(model).assess(JudgedTask.response, for: task(1))
        #expect(assessment.verdicts[0].outcome == .met)
    }

    @Test("A repair shows no more than the start of a long reply")
    func longReply() async throws {
        let model = ScriptedChatModel(saying: String(repeating: "e\u{301}", count: 50_000), Self.yes)
        _ = try await judge(model).assess(JudgedTask.response, for: task(1))
        let shown = model.requests[1].messages.dropLast().last?.content
        #expect(shown?.unicodeScalars.count == 4_000)
    }

    // MARK: Failures

    @Test(
        "A call that fails leaves its criteria unjudged, with the cause, unconfirmed and not asked about again",
        arguments: [
            (.timeout, .timeout), (.connection, .connection), (.rateLimited, .rateLimited),
            (.serverError, .serverError),
            (.auth, .auth), (.quota, .quota), (.budget, .budget), (.contentFilter, .contentFilter),
            (.contextOverflow, .contextOverflow), (.malformed, .serverError), (.rejected, .serverError),
            (.unrecorded, .incomplete),
        ] as [(ChatModelError.Code, JudgeFailure.Cause)]
    )
    func failures(code: ChatModelError.Code, cause: JudgeFailure.Cause) async throws {
        let model = ScriptedChatModel(answers: [.failure(ChatModelError(code, "it failed"))])
        let assessment = try await assess(model)
        for verdict in assessment.verdicts {
            #expect(verdict.failure == JudgeFailure(cause: cause, detail: "it failed"))
        }
        #expect(model.requests.count == 1 && assessment.usage == .zero)
    }

    @Test("One call that fails leaves the criteria of the others judged")
    func partial() async throws {
        let model = ScriptedChatModel { request, _ in
            if request.question.contains("tone") { throw ChatModelError(.timeout, "late") }
            return ChatReply(text: Self.yes)
        }
        let verdicts = try await assess(model, perCall: 1).verdicts
        #expect(verdicts.map { $0.failure?.cause } == [nil, nil, .timeout, nil])
    }

    @Test("A repair that does not get through leaves the first failure standing, unconfirmed")
    func failedRepair() async throws {
        let model = ScriptedChatModel(answers: [
            .success(ChatReply(text: "It is good.")), .failure(ChatModelError(.timeout, "late")),
        ])
        let assessment = try await assess(model)
        for verdict in assessment.verdicts {
            #expect(verdict.failure?.cause == .malformed && verdict.failure?.isConfirmed == false)
        }
    }

    @Test("Usage and failed calls of all calls and repairs are collected")
    func collected() async throws {
        let keys = [CallKey(bytes: [1]), CallKey(bytes: [2])]
        let model = ScriptedChatModel { request, _ in
            if request.messages.count > 2 { throw Self.failure(.timeout, keys[1]) }
            if request.question.contains("tone") { throw Self.failure(.quota, keys[0]) }
            return ChatReply(text: "?", usage: TokenUsage(input: 10, output: 1))
        }
        let assessment = try await assess(model, perCall: 3)
        #expect(assessment.failures.mapValues(\.code) == [keys[0]: .quota, keys[1]: .timeout])
        #expect(assessment.usage.tokens.input == 10 * assessment.usage.calls)
    }

    private static func failure(_ code: ChatModelError.Code, _ key: CallKey) -> ChatModelError {
        var error = ChatModelError(code, "it failed")
        error.key = key
        return error
    }

    @Test("What is no failure of a judge ends judging")
    func fatal() async throws {
        struct Full: Error {}
        let model = ScriptedChatModel { _, _ in throw Full() }
        await #expect(throws: Full.self) { try await assess(model) }
    }
}
