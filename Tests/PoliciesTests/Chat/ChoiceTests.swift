// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Rubrics
import RubricsTesting
import Tensors
import TestSupport
import Testing

@testable import Policies

@Suite("Choices scored by a policy", .timeLimit(.minutes(5)))
struct ChoiceTests {
    /// log p of `continuation` after `prompt`, by a forward pass over both as one text.
    private func plainLogprob(_ model: DecoderModel, _ prompt: [Int32], _ continuation: [Int32]) throws -> Double {
        let logits = try model.logits(of: prompt + continuation)
        return continuation.enumerated().reduce(0) { sum, next in
            let row = logits[prompt.count + next.offset - 1].map(Double.init)
            let largest = row.max() ?? 0
            let total = row.reduce(0) { $0 + exp($1 - largest) }
            return sum + row[Int(next.element)] - largest - log(total)
        }
    }

    private func model(_ fixture: ChatModelFixture) throws -> DecoderModel {
        try DecoderModel.load(
            ModelFile.open(fixture.path),
            purpose: .inference,
            computeType: .float32,
            engine: TestEngine.load()
        )
    }

    @Test("Log-probabilities are those of the plain forward pass, and at most all of it", arguments: 1..<9)
    func plainForwardPass(seed: UInt64) async throws {
        let fixture = try ChatModelFixture(TinyModel(seed: seed))
        let model = try model(fixture)
        let prompts = try PromptFormat(ModelFile.open(fixture.path))
        var generator = SplitMix64(seed: seed)
        let options = (1...10).map { "\($0)}" } + ["{", String(repeating: "yes", count: Int(seed))]
        let prefix = String(repeating: "é ", count: Int.random(in: 0...20, using: &generator))
        let request = ChatRequest("Rate it.", format: .choice(prefix: prefix, options: options))
        let reply = try await fixture.chatModel().reply(to: request)
        let token = try #require(reply.tokens.first)
        #expect(token.alternatives.count == options.count)
        // A token a byte, so nothing crosses the line between prefix and option.
        let prompt = try prompts.tokens(for: request.messages, opening: prefix)
        for option in options {
            let found = try #require(token.alternatives[option])
            let expected = try plainLogprob(model, prompt, option.utf8.map(Int32.init))
            #expect(abs(found - expected) < 1e-4)
            #expect(found <= 0)
        }
        #expect(token.alternatives.values.reduce(0) { $0 + exp($1) } <= 1 + 1e-6)
        let best = try #require(token.alternatives.max { $0.value < $1.value })
        #expect(reply.text.isExactly(best.key) && token.text.isExactly(best.key) && token.logprob == best.value)
        let fed = options.reduce(prompt.count) { $0 + $1.utf8.count }
        #expect(reply.usage == TokenUsage(input: fed))
    }

    @Test("What options share is a part of each, and nothing is certain")
    func beginningsAlike() async throws {
        let model = try await ChatModelFixture().chatModel()
        func logprobs(_ prefix: String, _ options: [String]) async throws -> [String: Double] {
            let request = ChatRequest("a", format: .choice(prefix: prefix, options: options))
            return try await model.reply(to: request).tokens.first?.alternatives ?? [:]
        }
        let alone = try #require(try await logprobs("", ["1"])["1"])
        let both = try await logprobs("", ["10", "1", ""])
        let after = try #require(try await logprobs("1", ["0"])["0"])
        #expect(try abs(#require(both["1"]) - alone) < 1e-4 && alone < -1)
        #expect(try abs(#require(both["10"]) - alone - after) < 1e-4)
        #expect(both[""] == 0)
    }

    // MARK: - Judges

    private let task = RubricTask(
        id: "t1",
        prompt: [Message(role: .user, content: "What helps?")],
        criteria: [Criterion(id: "c1", title: "Water", description: "Names water.", importance: .essential)]
    )

    private func judge(_ model: any ChatModel) throws -> LLMJudge {
        var configuration = LLMJudge.Configuration(marker: TextMarker(key: [1, 2, 3]))
        configuration.usesExpectedRating = true
        configuration.maxTokens = 16
        return try LLMJudge(.rating(.rubric), of: model, configuration: configuration)
    }

    @Test("A judge whose model puts little on the ratings has no rating, and says why")
    func littleMass() async throws {
        let model = try await ChatModelFixture(positions: 8192).chatModel()
        let assessment = try await judge(model).assess("Water.", for: task)
        let rating = try #require(assessment.rating)
        #expect(rating.value == nil && rating.failure?.cause == .malformed)
        #expect(rating.failure?.detail.contains("of the probability lies on the ratings") == true)
        #expect(assessment.usage.calls == 1 && assessment.usage.tokens.input > 500)
    }

    @Test("A judge of a context too short for the question says that")
    func shortContext() async throws {
        let assessment = try await judge(ChatModelFixture(positions: 128).chatModel()).assess("Water.", for: task)
        #expect(assessment.rating?.failure?.cause == .contextOverflow)
    }

    @Test("A model that hesitates between 7 and 8 gives an expected rating of seven and a half")
    func expectedRating() async throws {
        let fixture = try ChatModelFixture(positions: 8192)
        try BigramModel.write(over: fixture.path) { token, next in
            [" 7", " 8", "7}", "8}"].contains(token + next)
        }
        let assessment = try await judge(fixture.chatModel()).assess("Water.", for: task)
        let value = try #require(assessment.rating?.value)
        #expect(abs(value - 7.5) < 1e-3)
    }

    @Test("A model that means 10 is not taken to mean 1")
    func ten() async throws {
        let fixture = try ChatModelFixture(positions: 8192)
        try BigramModel.write(over: fixture.path) { token, next in
            [" 1", "10", "0}"].contains(token + next)
        }
        let assessment = try await judge(fixture.chatModel()).assess("Water.", for: task)
        #expect(try abs(#require(assessment.rating?.value) - 10) < 1e-3)
    }

    // MARK: - transformers

    private struct Golden: Decodable {
        struct Turn: Decodable {
            var role: Message.Role
            var content: String
        }

        struct Choice: Decodable {
            var prefix: String
            var options: [String]
            var prompt_length: Int
            var tokens: [[Int32]]
            var logprobs: [Double]
        }

        var messages: [Turn]
        var choices: [String: Choice]
    }

    @Test("SmolLM2's choices are those of transformers (Scripts/goldens/models.py)")
    func smolLM2() async throws {
        let golden = try TestEngine.golden(Golden.self, "smollm2-choices.json")
        let messages = golden.messages.map { Message(role: $0.role, content: $0.content) }
        let prompts = try PromptFormat(ModelFile.open(TestEngine.smolLM2))
        let model = try await PolicyChatModel(
            TestEngine.smolLM2,
            engine: TestEngine.load(),
            configuration: .init(computeType: .float32, maximumRows: 1, maximumCompletionTokens: 8, threads: 2),
            clock: ImmediateClock()
        )
        for choice in golden.choices.values {
            let options = choice.options
            let question = try ChoiceQuestion(options, after: choice.prefix, messages: messages, prompts: prompts)
            #expect(question.prompt.count == choice.prompt_length)
            #expect(question.continuations == choice.tokens)
            let format = ChatRequest.Format.choice(prefix: choice.prefix, options: options)
            let reply = try await model.reply(to: ChatRequest(messages: messages, maxTokens: 8, format: format))
            for (option, expected) in zip(options, choice.logprobs) {
                let found = try #require(reply.tokens.first?.alternatives[option])
                #expect(abs(found - expected) < 1e-3, "\(option)")
            }
        }
    }
}
