// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

@Suite("Method files")
struct GradingSettingsTests {
    private func read(_ yaml: String) throws -> GradingSettings {
        try Document.yaml(yaml, file: "method.yaml").decode()
    }

    @Test("What is missing takes its default: RaR-Explicit by checks")
    func defaults() throws {
        for yaml in ["{}", "reward: {}", "judge: {endpoint: {}, budget: {}}"] {
            #expect(try read(yaml) == GradingSettings())
        }
        let settings = GradingSettings()
        #expect(settings.method.name == .rarExplicit && settings.method.question == .criteria(perCall: 1))
        #expect(settings.judge.models == ["checks"] && settings.judge.command.isEmpty)
    }

    @Test("Every key is read")
    func keys() throws {
        let settings = try read(
            """
            reward:
              method: rar-implicit
              normalization: tenth
              content_failures: exclude
              cannot_assess: exclude
              negative: penalty
              clip: false
              minimum_judged_weight: 0.5
              unjudged_in_group: drop_in_group
            judge:
              models: [openai:gpt-4o-mini, "http://localhost:8000/v1#qwen"]
              votes: 3
              combine: median
              weights: [2, 1]
              escalate_to: openai:gpt-4o
              escalate_below: 0.6
              criteria_per_call: 0
              checks: ignore
              temperature: 0.5
              max_tokens: 256
              shows_reference: true
              expected_rating: true
              confidence: true
              thinking: [["[think]", "[/think]"]]
              endpoint:
                structured_output: none
                concurrency: 8
                requests_per_minute: 60
                tokens_per_minute: 1000
                attempts: 2
                attempt_seconds: 1.5
                call_seconds: 9
                hedge_seconds: 3
              budget: {dollars: 1.5, tokens: 10, dollars_per_step: 0.5, tokens_per_step: 5}
            """
        )
        let (reward, judge) = (settings.reward, settings.judge)
        #expect(reward.method == .rarImplicit && reward.normalization == .tenth && reward.contentFailures == .exclude)
        #expect(reward.cannotAssess == .exclude && reward.negative == .penalty && !reward.clip)
        #expect(reward.minimumJudgedWeight == 0.5 && reward.unjudgedInGroup == .dropInGroup)
        #expect(judge.models == ["openai:gpt-4o-mini", "http://localhost:8000/v1#qwen"] && judge.votes == 3)
        #expect(judge.combine == .median && judge.weights == [2, 1])
        #expect(judge.escalateTo == "openai:gpt-4o" && judge.escalateBelow == 0.6 && judge.criteriaPerCall == 0)
        #expect(judge.checks == .ignore && judge.temperature == 0.5 && judge.maxTokens == 256)
        #expect(judge.showsReference && judge.expectedRating && judge.confidence)
        #expect(judge.thinkingMarkers == Thinking(markers: [.init(opening: "[think]", closing: "[/think]")]))
        #expect(judge.endpoint.structuredOutput == "none" && judge.endpoint.concurrency == 8)
        #expect(judge.endpoint.requestsPerMinute == 60 && judge.endpoint.tokensPerMinute == 1_000)
        #expect(judge.endpoint.attempts == 2 && judge.endpoint.attemptSeconds == 1.5)
        #expect(judge.endpoint.callSeconds == 9 && judge.endpoint.hedgeSeconds == 3)
        #expect(judge.budget.dollars == 1.5 && judge.budget.tokens == 10)
        #expect(judge.budget.dollarsPerStep == 0.5 && judge.budget.tokensPerStep == 5)
        #expect(settings.method.question == .rating(.rubric))
    }

    @Test("A command alone is a method; half of it is an error")
    func command() throws {
        let settings = try read("command: [my-judge, --fast]")
        #expect(settings.judge.command == ["my-judge", "--fast"] && settings.reward.method == .command)
        for half in ["reward: {method: command}", "judge: {command: [my-judge]}"] {
            #expect(throws: DocumentError.self) { try read(half) }
        }
    }

    @Test("Prices and templates of one's own are read, and replace only what they name")
    func tables() throws {
        let judge = try read(
            """
            judge:
              budget: {prices: {qwen: {input: 0.1, cached_input: 0.05, output: 0.2}, "openai:x": {input: 1, output: 2}}}
              templates: {criteria: {system: S, user: "{prompt}{response}{criteria}"}}
            """
        ).judge
        #expect(Set(judge.budget.prices.keys) == ["qwen", "openai:x"])
        #expect(judge.templates.criteria == JudgeTemplate(system: "S", user: "{prompt}{response}{criteria}"))
        #expect(judge.templates.rubric == JudgeTemplates().rubric)
    }

    static let mistakes: [(yaml: String, expected: String)] = [
        ("rewards: {}", "method.yaml:1:1: unknown key \"rewards\"; did you mean \"reward\"?"),
        ("reward: {metod: rlvr}", "method.yaml:1:10: unknown key \"metod\"; did you mean \"method\"?"),
        ("reward: {method: rar}", "unknown word \"rar\" for \"method\""),
        ("reward: {minimum_judged_weight: 1.5}", "method.yaml:1:"),
        ("judge: {models: []}", "models is empty: name a judge, or checks"),
        ("judge: {votes: 0}", "a whole number from 1"),
        ("judge: {criteria_per_call: -1}", "a whole number from 0"),
        ("judge: {models: [a, b], weights: [1]}", "weights has to hold a number above 0 for each of the 2 models"),
        ("judge: {weights: [0]}", "weights has to hold a number above 0 for each of the 1 models"),
        ("judge: {weights: [.nan]}", "method.yaml:1:"),
        ("judge: {thinking: [[a]]}", "thinking holds pairs: an opening and a closing marker"),
        ("judge: {thinking: [[a, \"\"]]}", "thinking holds pairs"),
        ("judge: {escalate_below: 1.1}", "a number from 0 to 1"),
        ("judge: {temperature: -0.1}", "a number not below 0"),
        ("judge: {max_tokens: 0}", "a whole number from 1"),
        ("judge: {endpoint: {concurrency: 0}}", "a whole number from 1"),
        ("judge: {endpoint: {requests_per_minute: 0}}", "a whole number from 1"),
        ("judge: {endpoint: {attempt_seconds: 0}}", "a number of seconds from 0.001"),
        ("judge: {endpoint: {call_seconds: 1e300}}", "a number of seconds from 0.001"),
        ("judge: {endpoint: {hedge_seconds: .inf}}", "method.yaml:1:"),
        ("judge: {budget: {dollars: -1}}", "a number not below 0"),
        ("judge: {budget: {prices: {m: {input: 1}}}}", "missing key \"output\""),
        ("judge: {budget: {prices: {m: {inputs: 1, output: 1}}}}", "did you mean \"input\"?"),
        ("judge: {templates: {criteria: {user: x}}}", "missing key \"system\""),
        ("judge: {templates: {criterion: {user: x, system: y}}}", "did you mean \"criteria\"?"),
        ("command: run", "expected a list"),
    ]

    @Test("A mistake is located and says what was expected", arguments: mistakes)
    func mistake(yaml: String, expected: String) {
        let error = #expect(throws: DocumentError.self) { _ = try read(yaml) }
        #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "none")")
        #expect(error?.line == 1)
    }
}
