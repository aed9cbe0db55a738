// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// Makes the requests of a judge.
struct JudgePrompt: Sendable {
    /// A passage to judge with its label.
    struct Passage: Sendable {
        var label: String
        var text: String
    }

    let question: JudgeQuestion
    let settings: LLMJudge.Configuration

    private var template: JudgeTemplate { settings.templates.template(for: question) }

    /// Asks for verdicts on criteria, which are labelled c1, c2, … whatever their own identifiers are.
    func criteria(_ labelled: [(label: String, criterion: Criterion)], of response: String, for task: RubricTask)
        -> ChatRequest
    {
        let labels = labelled.map(\.label)
        let heading = labels.count == 1 ? "The statement" : "The statements"
        let statements = labelled.map {
            labels.count == 1 ? $0.criterion.description : "\($0.label): \($0.criterion.description)"
        }
        return request(
            task,
            [.init(label: "", text: response)],
            criteria: "\(heading):\n\(statements.joined(separator: "\n"))",
            format: ReplyFormat.criteria(labels),
            schema: ("verdicts", ReplySchema.criteria(labels))
        )
    }

    /// Asks for a rating.
    func rating(of response: String, for task: RubricTask, byLetter: Bool) -> ChatRequest {
        request(
            task,
            [.init(label: "", text: response)],
            format: ReplyFormat.rating(byLetter: byLetter),
            schema: ("rating", ReplySchema.rating(byLetter: byLetter))
        )
    }

    /// Asks which of two answers, A and B, is better.
    func comparison(_ passages: [Passage], for task: RubricTask) -> ChatRequest {
        request(task, passages, format: ReplyFormat.comparison, schema: ("comparison", ReplySchema.comparison))
    }

    /// Asks for the order of a group.
    func ranking(_ passages: [Passage], for task: RubricTask) -> ChatRequest {
        let labels = passages.map(\.label)
        return request(
            task,
            passages,
            format: ReplyFormat.ranking(labels),
            schema: ("ranking", ReplySchema.ranking(labels))
        )
    }

    private func request(
        _ task: RubricTask,
        _ passages: [Passage],
        criteria: String = "",
        format: String,
        schema: (name: String, value: JSONValue)
    ) -> ChatRequest {
        let marked = passages.map { settings.marker.marked($0.text, as: .response, label: $0.label) }
        let messages = template.messages([
            .prompt: settings.marker.marked(Self.transcript(task.prompt), as: .prompt),
            .reference: reference(of: task),
            .rubric: rubric(of: task),
            .response: marked.joined(separator: "\n\n"),
            .criteria: criteria,
            .format: format,
        ])
        return ChatRequest(
            messages: messages,
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

    private func reference(of task: RubricTask) -> String {
        guard let answer = task.referenceAnswer, question == .rating(.reference) || settings.showsReference else {
            return ""
        }
        return "The reference answer:\n\(settings.marker.marked(answer, as: .reference))\n\n"
    }

    /// The rubric by importance, faults under a heading of their own; no numeric weights.
    private func rubric(of task: RubricTask) -> String {
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
