// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A completion with its reward and verdicts: what a rollout and a held-out sample have in common.
public struct GradedCompletion: Sendable, Hashable {
    /// The step whose policy wrote it; 0 is the untrained one.
    public var step: Int
    /// The task's identifier.
    public var task: String
    /// The sample's number within its task, from 0.
    public var sample: Int
    /// The completion.
    public var text: String
    /// Why sampling ended.
    public var stopReason: String
    /// The reward, or `nil` when the completion is unscored.
    public var reward: Double?
    /// Why there is no reward.
    public var unscored: UnscoredReason?
    /// The share of the rubric's weight that was judged, in [0, 1].
    public var coverage: Double
    /// The verdicts in rubric order.
    public var verdicts: [VerdictRecord]
    /// The rating of a method that rates.
    public var rating: RatingRecord?

    /// Makes a graded completion.
    ///
    /// - Parameters:
    ///   - step: The step whose policy wrote it.
    ///   - task: The task, whose criteria give the verdicts their titles and classes.
    ///   - sample: The sample's number within its task.
    ///   - text: The completion.
    ///   - stopReason: Why sampling ended.
    ///   - outcome: What the reward method made of the verdicts.
    ///   - verdicts: What the judge found.
    ///   - credits: What the reward method made of the verdicts; of an unscored completion, what they would have weighed.
    ///   - rating: What the judge rated.
    public init(
        step: Int,
        task: RubricTask,
        sample: Int,
        text: String,
        stopReason: String,
        outcome: RewardOutcome,
        verdicts: [Verdict],
        credits: [Credit],
        rating: RatingRecord? = nil
    ) {
        self.rating = rating
        self.step = step
        self.task = task.id
        self.sample = sample
        self.text = text
        self.stopReason = stopReason
        self.verdicts = VerdictRecord.records(for: task, verdicts: verdicts, credits: credits)
        switch outcome {
        case .scored(let reward):
            self.reward = reward.value
            coverage = reward.coverage
        case .unscored(let reason):
            unscored = reason
            coverage = 0
        }
    }

    init(_ fields: RecordFields) throws {
        step = try fields.integer("step")
        task = try fields.text("task")
        sample = try fields.integer("sample")
        text = try fields.text("completion")
        stopReason = try fields.text("stop_reason")
        reward = fields.value["reward"]?.double
        unscored = fields.value["unscored"].flatMap { value in
            value["reason"]?.string.map { UnscoredReason(reason: $0, detail: value["detail"]?.string ?? "") }
        }
        coverage = try fields.number("coverage")
        verdicts = try fields.list("verdicts").map { try VerdictRecord($0, file: fields.file) }
        rating = try fields.value["rating"].flatMap { try RatingRecord($0, file: fields.file) }
    }

    /// Appends what comes after the completion in a record.
    func appendGrading(to object: inout JSONObject) {
        object["stop_reason"] = .string(stopReason)
        object["reward"] = JSONValue(reward, JSONValue.number)
        object["unscored"] = JSONValue(unscored) { ["reason": .string($0.reason), "detail": .string($0.detail)] }
        object["coverage"] = .number(coverage)
        object["verdicts"] = .array(verdicts.map(\.json))
        if let rating { object["rating"] = rating.json }
    }
}

/// One training rollout: a line of `rollouts.jsonl`.
public struct RolloutRecord: Sendable, Hashable {
    /// The running number over the whole run, from 0.
    public var id: Int
    /// The completion and what was made of it.
    public var completion: GradedCompletion
    /// The completion's tokens, the end token included where it was sampled.
    public var tokenIDs: [Int]
    /// Each token's log-probability under the weights and the temperature that sampled it, in nats.
    public var samplingLogprobs: [Float]

    /// What the ledger calls it.
    public var subject: String { "rollout/\(id)" }

    /// Makes a rollout.
    public init(id: Int, completion: GradedCompletion, tokenIDs: [Int], samplingLogprobs: [Float]) {
        self.id = id
        self.completion = completion
        self.tokenIDs = tokenIDs
        self.samplingLogprobs = samplingLogprobs
    }

    /// Reads a line of `rollouts.jsonl`.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    public init(_ value: JSONValue, file: String = "rollouts.jsonl") throws {
        let fields = RecordFields(value: value, file: file)
        id = try fields.integer("id")
        completion = try GradedCompletion(fields)
        tokenIDs = try fields.tokenIDs()
        samplingLogprobs = try fields.samplingLogprobs()
    }

    /// The line.
    public var json: JSONValue {
        var object: JSONObject = [
            "id": .integer(id), "step": .integer(completion.step), "task": .string(completion.task),
            "sample": .integer(completion.sample), "completion": .string(completion.text),
            "token_ids": .array(tokenIDs.map(JSONValue.integer)),
            "sampling_logprobs": .array(samplingLogprobs.map(JSONValue.init(shortest:))),
        ]
        completion.appendGrading(to: &object)
        return .object(object)
    }
}

/// One held-out completion: a line of `held_out.jsonl`.
public struct HeldOutRecord: Sendable, Hashable {
    /// The completion and what was made of it.
    public var completion: GradedCompletion
    /// The prompt as the report shows it.
    public var prompt: String

    /// What the ledger calls it.
    public var subject: String { "held_out/\(completion.step)/\(completion.task)/\(completion.sample)" }

    /// Makes a record.
    public init(completion: GradedCompletion, prompt: String) {
        self.completion = completion
        self.prompt = prompt
    }

    /// Reads a line of `held_out.jsonl`.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    public init(_ value: JSONValue, file: String = "held_out.jsonl") throws {
        let fields = RecordFields(value: value, file: file)
        completion = try GradedCompletion(fields)
        prompt = try fields.text("prompt")
    }

    /// The line.
    public var json: JSONValue {
        var object: JSONObject = [
            "step": .integer(completion.step), "task": .string(completion.task),
            "sample": .integer(completion.sample), "prompt": .string(prompt), "completion": .string(completion.text),
        ]
        completion.appendGrading(to: &object)
        return .object(object)
    }
}
