// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rewards
import Rubrics
import Runs

/// A line of `scored.jsonl`.
struct ScoredLine: Sendable {
    let id: String
    let method: GradingMethod
    let task: RubricTask
    let grade: Grade
    /// The verdicts with what the reward made of them; their weights alone where there is no reward.
    let verdicts: [VerdictRecord]

    /// Joins a response's grade to its task.
    ///
    /// - Throws: `RewardError` for a rubric that cannot be weighed.
    init(id: String, method: GradingMethod, task: RubricTask, grade: Grade) throws {
        self.id = id
        self.method = method
        self.task = task
        self.grade = grade
        verdicts = VerdictRecord.records(
            for: method.judgedTask(for: task),
            verdicts: grade.assessment.verdicts,
            credits: try method.reward.credits(of: grade.outcome, for: task)
        )
    }

    var reward: Double? { grade.outcome.value }

    var unscored: UnscoredReason? {
        if case .unscored(let reason) = grade.outcome { reason } else { nil }
    }

    /// The line, its keys always in the same order.
    var json: JSONValue {
        [
            "id": .string(id), "method": .string(method.name.rawValue), "reward": JSONValue(reward, JSONValue.number),
            "unscored": JSONValue(unscored) { ["reason": .string($0.reason), "detail": .string($0.detail)] },
            "rating": JSONValue(grade.assessment.rating?.value, JSONValue.number),
            "verdicts": .array(verdicts.map(\.scoredJSON)),
            "usage": grade.assessment.usage.json,
        ]
    }
}

extension CallUsage {
    /// The usage as files keep it.
    var json: JSONValue {
        [
            "calls": .integer(calls), "cached": .integer(recorded), "input_tokens": .integer(tokens.input),
            "output_tokens": .integer(tokens.output), "cost": .number(cost),
        ]
    }
}

extension VerdictRecord {
    /// The verdict as `scored.jsonl` has it.
    var scoredJSON: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "title": .string(title), "outcome": .string(outcome.rawValue),
            "met": JSONValue(met, JSONValue.bool), "credited": JSONValue(credited, JSONValue.bool),
            "weight": .number(weight), "reason": .string(reason),
            "failure": JSONValue(failure) { ["cause": .string($0.cause.rawValue), "detail": .string($0.detail)] },
            "judge": .string(judge),
        ]
        if let confidence { object["confidence"] = .number(confidence) }
        if let votes { object["votes"] = votes.json }
        return .object(object)
    }
}
