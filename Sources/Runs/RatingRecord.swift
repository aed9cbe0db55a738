// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What a judge rated, as the run's files keep it.
public struct RatingRecord: Sendable, Hashable {
    /// The number; `nil` where there is none.
    public var value: Double?
    /// Why, in the judge's words.
    public var reason: String
    /// Why there is no number.
    public var failure: JudgeFailure?
    /// Who rated.
    public var judge: String

    /// Makes a record.
    public init(value: Double?, reason: String, failure: JudgeFailure?, judge: String) {
        self.value = value
        self.reason = reason
        self.failure = failure
        self.judge = judge
    }

    /// Reads a rating of `rollouts.jsonl` or `held_out.jsonl`; `nil` for null.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    init?(_ value: JSONValue, file: String) throws {
        guard value.object != nil else { return nil }
        let fields = RecordFields(value: value, file: file)
        self.value = value["value"]?.double
        reason = try fields.text("reason")
        failure = try VerdictRecord.failure(value["failure"], file: file)
        judge = try fields.text("judge")
    }

    /// The rating as the files keep it.
    var json: JSONValue {
        [
            "value": JSONValue(value, JSONValue.number), "reason": .string(reason),
            "failure": JSONValue(failure, \.json), "judge": .string(judge),
        ]
    }
}
