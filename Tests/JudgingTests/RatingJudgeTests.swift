// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Judges that rate")
struct RatingJudgeTests {
    private func judge(
        _ model: ScriptedChatModel,
        _ question: JudgeQuestion = .rating(.rubric),
        expected: Bool = false
    ) throws -> LLMJudge {
        var configuration = JudgedTask.configuration
        configuration.usesExpectedRating = expected
        return try LLMJudge(question, of: model, configuration: configuration)
    }

    private func assess(
        _ model: ScriptedChatModel,
        _ question: JudgeQuestion = .rating(.rubric),
        expected: Bool = false
    ) async throws -> Assessment {
        try await judge(model, question, expected: expected).assess(JudgedTask.response, for: JudgedTask.task)
    }

    @Test("One call gives a rating with its reason", arguments: JudgeQuestion.RatingBasis.allCases)
    func stated(basis: JudgeQuestion.RatingBasis) async throws {
        let model = ScriptedChatModel.agreeable()
        let assessment = try await assess(model, .rating(basis))
        #expect(assessment.rating == Rating(.rated(8), reason: "it is good", judge: "agreeable"))
        #expect(assessment.verdicts.isEmpty && assessment.usage.calls == 1 && model.requests.count == 1)
    }

    @Test("A completion of nothing costs nothing and has no rating")
    func empty() async throws {
        let model = ScriptedChatModel.agreeable()
        for question in [.rating(.rubric), .rating(.reference), .comparison] as [JudgeQuestion] {
            let assessment = try await judge(model, question).assess("<think>", for: JudgedTask.task)
            #expect(assessment == Assessment(completionIsEmpty: true))
        }
        #expect(model.requests.isEmpty)
    }

    @Test("Off the menu a rating is asked for again, and then is a failure, confirmed")
    func offMenu() async throws {
        let repaired = ScriptedChatModel(saying: #"{"rating": 11}"#, #"{"rating": 9}"#)
        #expect(try await assess(repaired).rating?.value == 9)
        let broken = ScriptedChatModel(saying: #"{"rating": 11}"#)
        let failure = try await assess(broken).rating?.failure
        #expect(failure?.cause == .malformed && failure?.isConfirmed == true && broken.requests.count == 2)
    }

    @Test("A repair that does not get through leaves the first failure standing, unconfirmed")
    func failedRepair() async throws {
        var late = ChatModelError(.timeout, "late")
        late.key = CallKey(bytes: [1])
        let model = ScriptedChatModel(answers: [.success(ChatReply(text: "?")), .failure(late)])
        let assessment = try await assess(model)
        #expect(assessment.rating?.failure?.cause == .malformed && assessment.rating?.failure?.isConfirmed == false)
        #expect(assessment.failures == [CallKey(bytes: [1]): late])
    }

    @Test("A call that fails leaves no rating, with the cause")
    func failure() async throws {
        let model = ScriptedChatModel(answers: [.failure(ChatModelError(.quota, "nothing left"))])
        #expect(try await assess(model).rating?.failure == JudgeFailure(cause: .quota, detail: "nothing left"))
    }

    @Test("Without a reference answer nothing is asked that needs one")
    func noReference() async throws {
        var task = JudgedTask.task
        task.referenceAnswer = nil
        let model = ScriptedChatModel.agreeable()
        for question in [.rating(.reference), .comparison] as [JudgeQuestion] {
            let failure = try await judge(model, question).assess("Drink.", for: task).rating?.failure
            #expect(failure?.cause == .noReference && failure?.detail.contains("fever") == true)
        }
        #expect(model.requests.isEmpty)
        #expect(try await judge(model).assess("Drink.", for: task).rating?.value == 8)
    }

    @Test("Without criteria nobody is asked for a rating by the rubric")
    func noCriteria() async throws {
        var task = JudgedTask.task
        task.criteria = []
        let model = ScriptedChatModel.agreeable()
        let failure = try await judge(model).assess("Drink.", for: task).rating?.failure
        #expect(failure?.cause == .undecidedPolarity && failure?.detail.contains("fever") == true)
        #expect(model.requests.isEmpty)
        #expect(try await judge(model, .rating(.prompt)).assess("Drink.", for: task).rating?.value == 8)
    }

    // MARK: Expected ratings

    @Test("A model that scores choices is asked for all ten, each with what closes it")
    func choices() async throws {
        let model = ScriptedChatModel(features: .choices) { request, _ in
            guard case .choice(let prefix, let options) = request.format else { return ChatReply(text: "") }
            #expect(prefix == #"{"rating": "# && options.count == 10 && options[9] == "10}")
            // "1}" and "10}" are apart: the probability of the token "1" is that of neither.
            let scores = ["1}": log(0.1), "9}": log(0.3), "10}": log(0.6)]
            return ChatReply(text: "10}", tokens: [.init(text: "10}", logprob: log(0.6), alternatives: scores)])
        }
        let value = try #require(try await assess(model, expected: true).rating?.value)
        #expect(abs(value - 8.8) < 1e-12)
        #expect(model.requests.count == 1)
    }

    @Test("Too little probability on the menu is a failure, not a number")
    func littleMass() async throws {
        let model = ScriptedChatModel(features: .choices) { _, _ in
            ChatReply(text: "", tokens: [.init(text: "", logprob: 0, alternatives: ["7}": log(0.5)])])
        }
        let failure = try await assess(model, expected: true).rating?.failure
        #expect(failure?.cause == .malformed && failure?.detail.contains("only 50%") == true)
    }

    @Test("An endpoint is asked for a letter and its alternatives")
    func letters() async throws {
        let model = ScriptedChatModel(features: .logprobs) { _, _ in
            let tokens = [#"{"reason":"so","rating":""#, "H", #""}"#].map { ChatReply.Token(text: $0, logprob: 0) }
            var reply = ChatReply(text: #"{"reason":"so","rating":"H"}"#, tokens: tokens)
            reply.tokens[1].logprob = log(0.5)
            reply.tokens[1].alternatives = ["H": log(0.5), "G": log(0.5)]
            return reply
        }
        let rating = try await assess(model, expected: true).rating
        #expect(abs((rating?.value ?? 0) - 7.5) < 1e-12 && rating?.reason == "so")
        #expect(model.requests[0].topLogprobs == 20 && model.requests[0].question.contains("\"A\" | \"B\" | … | \"J\""))
    }

    @Test("An endpoint that gives no log-probabilities leaves no rating")
    func noLogprobs() async throws {
        let model = ScriptedChatModel(saying: #"{"reason": "so", "rating": "H"}"#)
        let failure = try await assess(model, expected: true).rating?.failure
        #expect(failure?.detail == "scripted: the endpoint gave no log-probabilities")
    }
}
