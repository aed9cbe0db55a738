// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Templates of judges")
struct JudgeTemplateTests {
    private func filled(_ user: String, _ values: [JudgeTemplate.Placeholder: String]) -> [Message] {
        JudgeTemplate(system: "", user: user).parts.filled(values).messages
    }

    @Test("Each placeholder is replaced wherever it stands; one without a value by nothing")
    func replacement() {
        let messages = filled("{prompt}|{prompt}|{format}|{rubric}", [.prompt: "p", .format: "f"])
        #expect(messages == [Message(role: .user, content: "p|p|f|")])
    }

    @Test("What is put in is not looked at again")
    func once() {
        let values: [JudgeTemplate.Placeholder: String] = [
            .prompt: "{response}{prompt}", .response: "{criteria} {", .criteria: "prompt}",
        ]
        #expect(filled("{prompt}|{response}{criteria}", values)[0].content == "{response}{prompt}|{criteria} {prompt}")
    }

    @Test(
        "Braces that are no placeholder stay",
        arguments: ["{", "}", "{}", "{Prompt}", "{prompts}", "{\"met\": 1}", "{{"]
    )
    func braces(text: String) {
        #expect(filled(text, [.prompt: "p"])[0].content == text)
    }

    @Test("Placeholders are told byte by byte")
    func bytes() {
        #expect(filled("{prompt}\u{301}", [.prompt: "p"])[0].content.isExactly("p\u{301}"))
    }

    @Test("A message without words is left out")
    func empty() {
        #expect(JudgeTemplate(system: "s", user: "u").parts.messages.map(\.role) == [.system, .user])
        #expect(JudgeTemplate(system: "", user: "u").parts.messages.map(\.role) == [.user])
    }

    @Test(
        "A template that does not show what its question needs is refused, by the name of what is missing",
        arguments: [
            (.criteria(perCall: 1), "{prompt}{response}", "{criteria}"),
            (.criteria(perCall: 1), "{prompt}{criteria}", "{response}"),
            (.rating(.rubric), "{prompt}{response}", "{rubric}"),
            (.rating(.reference), "{prompt}{response}", "{reference}"),
            (.rating(.prompt), "{response}", "{prompt}"), (.comparison, "{prompt}", "{response}"),
            (.ranking, "{prompt}", "{response}"),
        ] as [(JudgeQuestion, String, String)]
    )
    func missing(question: JudgeQuestion, user: String, expected: String) {
        var configuration = JudgedTask.configuration
        let template = JudgeTemplate(system: "{prompt}{response}{criteria}{rubric}{reference}", user: user)
        configuration.templates.criteria = template
        configuration.templates.rubric = template
        configuration.templates.prompt = template
        configuration.templates.reference = template
        configuration.templates.comparison = template
        configuration.templates.ranking = template
        let error = #expect(throws: JudgingError.self) {
            _ = try LLMJudge(question, of: ScriptedChatModel.agreeable(), configuration: configuration)
        }
        #expect(error?.code == .invalidTemplate && error?.message.contains("has no \(expected)") == true)
    }

    @Test("The project's own templates show what their questions need", arguments: JudgePromptTests.questions)
    func own(question: JudgeQuestion) throws {
        try JudgeTemplates().template(for: question).validate(for: question)
    }

    @Test("A user's template replaces the project's, and its words are what is asked")
    func custom() async throws {
        var configuration = JudgedTask.configuration
        configuration.templates.criteria = JudgeTemplate(system: "Be strict.", user: "{prompt}{response}: {criteria}")
        let model = ScriptedChatModel.agreeable()
        let judge = try LLMJudge(.criteria(perCall: 1), of: model, configuration: configuration)
        _ = try await judge.assess(JudgedTask.response, for: JudgedTask.task)
        #expect(model.requests[0].messages[0].content == "Be strict.")
        #expect(model.requests.contains { $0.question.hasSuffix(": The statement:\nAdvises to offer fluids.") })
    }
}
