// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics
import RubricsTesting

/// A task that judges are asked about, and what they are asked with.
enum JudgedTask {
    static let marker = TextMarker(key: Array(repeating: 7, count: 32))

    static var configuration: LLMJudge.Configuration { LLMJudge.Configuration(marker: marker) }

    /// Four criteria of every importance; the last is a fault. Two of their weights are numbers found nowhere else.
    static let task = RubricTask(
        id: "fever",
        prompt: [Message(role: .user, content: "My child has a fever of 38.5 °C. What should I do?")],
        referenceAnswer: "Offer fluids, let the child rest, and see a doctor when it lasts three days.",
        criteria: [
            Criterion(
                id: "fluids",
                title: "Offers fluids",
                description: "Advises to offer fluids.",
                importance: .essential,
                weight: 5.125
            ),
            Criterion(
                id: "rest",
                title: "Advises rest",
                description: "Advises to let the child rest.",
                importance: .important
            ),
            Criterion(
                id: "kind",
                title: "Is kind",
                description: "Has a reassuring tone.",
                importance: .optional
            ),
            Criterion(
                id: "antibiotics",
                title: "Gives antibiotics",
                description: "Recommends antibiotics.",
                importance: .pitfall,
                weight: -2.625,
                polarity: .negative
            ),
        ]
    )

    /// The same with turns of several roles.
    static let dialogue: RubricTask = {
        var task = JudgedTask.task
        task.id = "dialogue"
        task.prompt = [
            Message(role: .system, content: "You are a nurse."),
            Message(role: .user, content: "My child has a fever."),
            Message(role: .assistant, content: "How high is it?"),
            Message(role: .user, content: "38.5 °C."),
        ]
        return task
    }()

    static let response = "Offer water often, and let your child rest."
}

extension ChatRequest {
    /// The labels or members that the reply's schema asks for.
    var members: [String] {
        guard case .json(_, let schema) = format else { return [] }
        return schema["properties"]?.object?.members.map(\.key) ?? []
    }

    /// The last message.
    var question: String { messages.last?.content ?? "" }
}

extension ScriptedChatModel {
    /// A judge that answers any of our questions as its schema says: every statement is true, every rating 8, the
    /// first answer better, and the order kept.
    static func agreeable(name: String = "agreeable") -> ScriptedChatModel {
        ScriptedChatModel(name: name, features: .logprobs) { request, _ in
            guard case .json(let name, let schema) = request.format else { return ChatReply(text: "8") }
            return ChatReply(
                text: answer(to: name, schema).serialized(),
                usage: TokenUsage(input: 100, cachedInput: 60, output: 20)
            )
        }
    }

    private static func answer(to name: String, _ schema: JSONValue) -> JSONValue {
        let verdict: JSONValue = ["reason": "it says so", "met": "yes"]
        let members = schema["properties"]?.object?.members ?? []
        switch name {
        case "rating": return ["reason": "it is good", "rating": 8]
        case "comparison": return ["reason": "it is first", "better": "A"]
        case "ranking":
            return ["reason": "as they come", "ranking": schema["properties"]?["ranking"]?["items"]?["enum"] ?? []]
        default:
            if members.contains(where: { $0.key.isExactly("met") }) { return verdict }
            return .object(JSONObject(members.map { (key: $0.key, value: verdict) }))
        }
    }

    /// A model that answers with texts in turn; the last one repeats.
    convenience init(saying texts: String...) {
        self.init(answers: texts.map { .success(ChatReply(text: $0)) })
    }
}

extension Verdict {
    /// Why it is unjudged.
    var failure: JudgeFailure? {
        if case .unjudged(let failure) = outcome { failure } else { nil }
    }
}
