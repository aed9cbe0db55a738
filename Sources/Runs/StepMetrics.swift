// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A step's metrics: one line of `metrics.jsonl`.
///
/// Docs/metrics.md explains every name.
public struct StepMetrics: Sendable, Hashable {
    /// The step, from 1; 0 is the state before training.
    public var step: Int
    /// The values by name.
    public var values: [String: Double]

    /// Makes a step's metrics.
    public init(step: Int, values: [String: Double] = [:]) {
        self.step = step
        self.values = values
    }

    /// Reads a line of `metrics.jsonl`; a value that is null (written for what was not finite) is left out.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    public init(_ value: JSONValue, file: String = "metrics.jsonl") throws {
        let fields = RecordFields(value: value, file: file)
        step = try fields.integer("step")
        let members = try fields.require(value["metrics"]?.object, "metrics", "an object").members
        values = Dictionary(members.compactMap { key, value in value.double.map { (key, $0) } }) { _, last in last }
    }

    /// The line, its names in byte order.
    public var json: JSONValue {
        let members = JSONObject(ordered.map { (key: $0.name, value: JSONValue.number($0.value)) })
        return ["step": .integer(step), "metrics": .object(members)]
    }

    /// The values in the byte order of their names.
    package var ordered: [(name: String, value: Double)] {
        values.map { (name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
