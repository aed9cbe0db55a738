// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A completion that was sampled before the checkpoint it lies in, for the step after it, and is not judged yet: a line
/// of the checkpoint's `sampled.jsonl`.
package struct SampledRecord: Sendable, Hashable {
    /// The step that it was sampled for.
    package var step: Int
    /// The task's identifier.
    package var task: String
    /// The sample's number within its task, from 0.
    package var sample: Int
    /// The completion's tokens.
    package var tokenIDs: [Int]
    /// Each token's log-probability when it was sampled, in nats.
    package var samplingLogprobs: [Float]
    /// Why sampling ended.
    package var stopReason: String

    /// Makes a record.
    package init(
        step: Int,
        task: String,
        sample: Int,
        tokenIDs: [Int],
        samplingLogprobs: [Float],
        stopReason: String
    ) {
        self.step = step
        self.task = task
        self.sample = sample
        self.tokenIDs = tokenIDs
        self.samplingLogprobs = samplingLogprobs
        self.stopReason = stopReason
    }

    /// Reads a line.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    package init(_ value: JSONValue, file: String = "sampled.jsonl") throws {
        let fields = RecordFields(value: value, file: file)
        step = try fields.integer("step")
        task = try fields.text("task")
        sample = try fields.integer("sample")
        tokenIDs = try fields.tokenIDs()
        samplingLogprobs = try fields.samplingLogprobs()
        stopReason = try fields.text("stop_reason")
    }

    /// The line.
    package var json: JSONValue {
        [
            "step": .integer(step), "task": .string(task), "sample": .integer(sample),
            "token_ids": .array(tokenIDs.map(JSONValue.integer)),
            "sampling_logprobs": .array(samplingLogprobs.map(JSONValue.init(shortest:))),
            "stop_reason": .string(stopReason),
        ]
    }
}

extension RecordFields {
    /// The tokens of a completion.
    func tokenIDs() throws -> [Int] {
        try list("token_ids").map { try require($0.int, "token_ids", "a list of integers") }
    }

    /// The log-probabilities of a completion's tokens.
    func samplingLogprobs() throws -> [Float] {
        try list("sampling_logprobs").map {
            Float(try require($0.double, "sampling_logprobs", "a list of numbers"))
        }
    }
}

extension JSONValue {
    /// A number with few digits that rounds to the same float, so that files stay small and reading gives back the bits.
    init(shortest value: Float) {
        guard let short = Double(value.description), Float(short) == value else {
            self = .number(Double(value))
            return
        }
        self = .number(short)
    }
}
