// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What a finished run came to: `summary.json`.
public struct RunSummary: Sendable, Hashable {
    /// A held-out mean before and after training with the paired difference.
    public struct Change: Sendable, Hashable {
        /// The untrained policy's mean.
        public var before: Double
        /// The last checkpoint's mean.
        public var after: Double
        /// The paired difference over prompts.
        public var difference: Estimate

        /// Makes a change.
        public init(before: Double, after: Double, difference: Estimate) {
            self.before = before
            self.after = after
            self.difference = difference
        }
    }

    /// The held-out reward; `nil` for a run without held-out prompts.
    public var heldOut: Change?
    /// The part of the held-out reward that each kind of criterion decides.
    public var byKind: [CriterionKind: Change]
    /// The steps made.
    public var steps: Int
    /// The run's seed.
    public var seed: Int
    /// The median wall time of a step.
    public var secondsPerStep: Double
    /// Sampled tokens a second, over the whole run.
    public var decodeTokensPerSecond: Double
    /// The process's largest resident size.
    public var peakMemoryBytes: Int
    /// What a reader of the figures must know, for example that the run was resumed on another machine.
    public var notes: [String]

    /// Makes a summary.
    public init(
        heldOut: Change?,
        byKind: [CriterionKind: Change] = [:],
        steps: Int,
        seed: Int,
        secondsPerStep: Double,
        decodeTokensPerSecond: Double,
        peakMemoryBytes: Int,
        notes: [String] = []
    ) {
        self.heldOut = heldOut
        self.byKind = byKind
        self.steps = steps
        self.seed = seed
        self.secondsPerStep = secondsPerStep
        self.decodeTokensPerSecond = decodeTokensPerSecond
        self.peakMemoryBytes = peakMemoryBytes
        self.notes = notes
    }
}

extension RunSummary {
    /// Reads `summary.json`.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    public init(_ value: JSONValue, file: String = "summary.json") throws {
        let fields = RecordFields(value: value, file: file)
        heldOut = try value["held_out"]?.object.map { try Change(RecordFields(value: .object($0), file: file)) }
        byKind = [:]
        for kind in CriterionKind.allCases {
            guard let change = value["held_out"]?["by_kind"]?[kind.rawValue]?.object else { continue }
            byKind[kind] = try Change(RecordFields(value: .object(change), file: file))
        }
        steps = try fields.integer("steps")
        seed = try fields.integer("seed")
        secondsPerStep = try fields.number("seconds_per_step")
        decodeTokensPerSecond = try fields.number("decode_tokens_per_second")
        peakMemoryBytes = try fields.integer("peak_memory_bytes")
        notes = value["notes"]?.array?.compactMap(\.string) ?? []
    }

    /// The file's content.
    public var json: JSONValue {
        [
            "held_out": JSONValue(heldOut, heldOutJSON), "steps": .integer(steps), "seed": .integer(seed),
            "seconds_per_step": .number(secondsPerStep), "decode_tokens_per_second": .number(decodeTokensPerSecond),
            "peak_memory_bytes": .integer(peakMemoryBytes), "notes": JSONValue(texts: notes),
        ]
    }

    private func heldOutJSON(_ change: Change) -> JSONValue {
        let kinds = CriterionKind.allCases.compactMap { kind in
            byKind[kind].map { (key: kind.rawValue, value: JSONValue.object($0.json)) }
        }
        var object = change.json
        object["by_kind"] = .object(JSONObject(kinds))
        return .object(object)
    }
}

extension RunSummary.Change {
    fileprivate init(_ fields: RecordFields) throws {
        before = try fields.fields("before").number("mean")
        after = try fields.fields("after").number("mean")
        let interval = try fields.fields("difference")
        difference = try Estimate(
            mean: interval.number("mean"),
            low: interval.number("low"),
            high: interval.number("high")
        )
    }

    fileprivate var json: JSONObject {
        [
            "before": ["mean": .number(before)], "after": ["mean": .number(after)],
            "difference": [
                "mean": .number(difference.mean), "low": .number(difference.low), "high": .number(difference.high),
            ],
        ]
    }
}
