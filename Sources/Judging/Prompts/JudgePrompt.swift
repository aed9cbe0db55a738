// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// Makes the requests of a judge about one task and its passages.
///
/// Everything that the requests have in common is put together once.
struct JudgePrompt: Sendable {
    /// A passage to judge with its label.
    struct Passage: Sendable {
        var label: String
        var text: String
    }

    private let settings: LLMJudge.Configuration
    private let frame: MessageParts
    private let labels: [String]
    private let verdictSchema: JSONValue

    init(_ judge: LLMJudge, task: RubricTask, passages: [Passage]) {
        let settings = judge.settings
        self.settings = settings
        verdictSchema = judge.verdictSchema
        labels = passages.map(\.label)
        let marked = passages.map { settings.marker.marked($0.text, as: .response, label: $0.label) }
        frame = judge.template.filled([
            .prompt: settings.marker.marked(Self.transcript(task.prompt), as: .prompt),
            .reference: Self.reference(of: task, judge),
            .rubric: Self.rubric(of: task, judge.question),
            .response: marked.joined(separator: "\n\n"),
        ])
    }

    init(_ judge: LLMJudge, task: RubricTask, response: String) {
        self.init(judge, task: task, passages: [Passage(label: "", text: response)])
    }

    /// Asks for verdicts on criteria, which are labelled c1, c2, … whatever their own identifiers are.
    func criteria(_ labelled: [(label: String, criterion: Criterion)]) -> ChatRequest {
        let labels = labelled.map(\.label)
        let heading = labels.count == 1 ? "The statement" : "The statements"
        let statements = labelled.map { label, criterion in
            labels.count == 1 ? criterion.description : "\(label): \(criterion.description)"
        }
        let schema =
            labels.count == 1 ? verdictSchema : ReplySchema.criteria(labels, maxTokens: settings.maxTokens)
        return request(
            criteria: "\(heading):\n\(statements.joined(separator: "\n"))",
            format: ReplyFormat.criteria(labels),
            schema: ("verdicts", schema)
        )
    }

    /// Asks for a rating.
    func rating(byLetter: Bool) -> ChatRequest {
        request(
            format: ReplyFormat.rating(byLetter: byLetter),
            schema: ("rating", ReplySchema.rating(byLetter: byLetter, maxTokens: settings.maxTokens))
        )
    }

    /// Asks which of two answers, A and B, is better.
    func comparison() -> ChatRequest {
        request(
            format: ReplyFormat.comparison,
            schema: ("comparison", ReplySchema.comparison(maxTokens: settings.maxTokens))
        )
    }

    /// Asks for the order of a group.
    func ranking() -> ChatRequest {
        request(
            format: ReplyFormat.ranking(labels),
            schema: ("ranking", ReplySchema.ranking(labels, maxTokens: settings.maxTokens))
        )
    }

    private func request(
        criteria: String = "",
        format: String,
        schema: (name: String, value: JSONValue)
    ) -> ChatRequest {
        ChatRequest(
            messages: frame.filled([.criteria: criteria, .format: format]).messages,
            temperature: settings.temperature,
            maxTokens: settings.maxTokens,
            format: .json(name: schema.name, schema: schema.value),
            topLogprobs: settings.topLogprobs,
            vote: settings.vote
        )
    }

    /// A single user turn as it is; several turns role by role.
    private static func transcript(_ messages: [Message]) -> String {
        if messages.count == 1 { return messages[0].content }
        return messages.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n\n")
    }

    private static func reference(of task: RubricTask, _ judge: LLMJudge) -> String {
        let isShown = judge.question == .rating(.reference) || judge.settings.showsReference
        guard let answer = task.referenceAnswer, isShown else {
            return ""
        }
        return "The reference answer:\n\(judge.settings.marker.marked(answer, as: .reference))\n\n"
    }

    /// The rubric by importance, faults under a heading of their own; no numeric weights.
    private static func rubric(of task: RubricTask, _ question: JudgeQuestion) -> String {
        func list(_ polarity: Polarity) -> [String] {
            task.criteria.filter { $0.polarity == polarity }.map { criterion in
                "- " + (criterion.importance.map { "(\($0.rawValue)) " } ?? "") + criterion.description
            }
        }
        let (virtues, faults) = (list(.positive), list(.negative))
        var parts: [String] = []
        if !virtues.isEmpty { parts.append("What a good answer does:\n" + virtues.joined(separator: "\n")) }
        if !faults.isEmpty { parts.append("Faults that should be absent:\n" + faults.joined(separator: "\n")) }
        let text = parts.joined(separator: "\n\n")
        return question == .ranking && !text.isEmpty ? "What to look for:\n\(text)\n\n" : text
    }
}
