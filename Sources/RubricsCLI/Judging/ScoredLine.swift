// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rewards
import Rubrics
import Runs

/// A line of `scored.jsonl`.
struct ScoredLine: Sendable {
    var id: String
    var method: GradingMethod
    var task: RubricTask
    var grade: Grade

    var reward: Double? { grade.outcome.value }

    var unscored: UnscoredReason? {
        if case .unscored(let reason) = grade.outcome { reason } else { nil }
    }

    /// The verdicts with what the reward made of them.
    var verdicts: [VerdictRecord] {
        var credits: [Credit] = []
        if case .scored(let reward) = grade.outcome { credits = reward.credits }
        return VerdictRecord.records(
            for: method.judgedTask(for: task),
            verdicts: grade.assessment.verdicts,
            credits: credits
        )
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
