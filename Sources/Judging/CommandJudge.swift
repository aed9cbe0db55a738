// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Rubrics

/// A judge that leaves the whole reward to a program of the user's: a rating from 0 to 1.
public struct CommandJudge: Judge {
    /// The command's name.
    public var name: String { model.name }
    private let model: any ChatModel
    private let thinking: Thinking

    /// Makes a judge of a model that answers JSON with JSON.
    public init(_ model: any ChatModel, thinking: Thinking = .standard) {
        self.model = model
        self.thinking = thinking
    }

    /// Sends the completion and its task, and reads the reward.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try Task.checkCancellation()
        if thinking.leavesNothing(of: completion) { return Assessment(completionIsEmpty: true) }
        let line = task.line(for: thinking.removed(from: completion)).serialized()
        let request = ChatRequest(messages: [Message(role: .user, content: line)])
        do {
            let reply = try await model.reply(to: request)
            let (outcome, reason) = Self.outcome(of: reply.text)
            return Assessment(rating: Rating(outcome, reason: reason, judge: name), usage: CallUsage(reply))
        } catch let error as ChatModelError {
            let rating = Rating(.unrated(JudgeFailure(error)), judge: name)
            return Assessment(rating: rating, failures: error.key.map { [$0: error] } ?? [:])
        }
    }

    private static func outcome(of line: String) -> (Rating.Outcome, String) {
        func failed(_ detail: String) -> Rating.Outcome {
            // A program's fault is never the completion's.
            .unrated(JudgeFailure(cause: .incomplete, detail: "the command \(detail)"))
        }
        guard let value = try? JSONParser.parse(Array(line.utf8), file: "command"), value.object != nil else {
            return (failed("wrote a line that is no JSON object"), "")
        }
        let reason = value["reason"]?.string ?? ""
        guard let reward = value["reward"], reward != .null else { return (failed("gave no reward"), reason) }
        guard let number = reward.double, (0...1).contains(number) else {
            return (failed("gave \(reward.serialized()), not a reward from 0 to 1"), reason)
        }
        return (.rated(number), reason)
    }
}

extension RubricTask {
    /// What a command is told of a response; its number is added when it is sent.
    fileprivate func line(for response: String) -> JSONValue {
        let criteria = criteria.map { criterion -> JSONValue in
            [
                "id": .string(criterion.id), "title": .string(criterion.title),
                "description": .string(criterion.description),
                "importance": criterion.importance.map { .string($0.rawValue) } ?? .null,
                "weight": criterion.weight.map(JSONValue.number) ?? .null,
                "polarity": .string(criterion.polarity.rawValue),
            ]
        }
        return [
            "prompt": .array(prompt.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
            "response": .string(response), "reference_answer": referenceAnswer.map(JSONValue.string) ?? .null,
            "criteria": .array(criteria),
        ]
    }
}
