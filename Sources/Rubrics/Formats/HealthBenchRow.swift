// SPDX-License-Identifier: Apache-2.0

/// A row of HealthBench (arXiv 2505.08775) at a place in a document.
///
/// Points below zero mark faults by definition; their magnitude is the weight. There are no importances, so such rows
/// are scored by their numeric weights.
struct HealthBenchRow {
    private static let keys = ["example_tags", "ideal_completions_data", "prompt", "prompt_id", "rubrics"]
    private static let criterionKeys = ["criterion", "points", "tags"]

    private let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    func task() throws -> RubricTask {
        RubricTask(
            id: try row.required("prompt_id").identifier(),
            prompt: try row.required("prompt").prompt(),
            referenceAnswer: try row.member("ideal_completions_data")?.member("ideal_completion")?.text(),
            source: "HealthBench",
            criteria: try row.required("rubrics").criteria { try criterion(at: $1, id: "c\($0 + 1)") },
            tags: try row.member("example_tags")?.texts() ?? [],
            metadata: try metadata()
        )
    }

    private func criterion(at place: DocumentCursor, id: String) throws -> Criterion {
        let points = try place.required("points").number()
        return Criterion(
            id: id,
            description: try place.required("criterion").nonBlankText(),
            weight: points.magnitude,
            polarity: points < 0 ? .negative : .positive,
            polarityGround: "the sign of HealthBench's points",
            tags: try place.member("tags")?.texts() ?? [],
            metadata: .keeping(try place.rest(without: Self.criterionKeys), of: .healthBench)
        )
    }

    /// The canary and other keys, and what stands beside the ideal completion.
    private func metadata() throws -> JSONObject {
        var kept = try row.rest(without: Self.keys)
        if let data = row.member("ideal_completions_data") {
            let rest = try data.rest(without: ["ideal_completion"])
            if !rest.members.isEmpty || data.member("ideal_completion") == nil {
                kept["ideal_completions_data"] = .object(rest)
            }
        }
        return .keeping(kept, of: .healthBench)
    }
}

extension HealthBenchRow {
    /// A task in the published row's keys and their order.
    static func json(of task: RubricTask) -> JSONValue {
        let kept = task.metadata.kept(.healthBench)
        var row: JSONObject = [
            "example_tags": .array(task.tags.map(JSONValue.string)),
            "ideal_completions_data": idealCompletions(of: task, kept: kept),
            "prompt": .array(
                task.prompt.map { ["content": .string($0.content), "role": .string($0.role.rawValue)] }
            ),
            "prompt_id": .string(task.id),
            "rubrics": .array(task.criteria.map(json)),
        ]
        row.append(kept)
        return .object(row)
    }

    private static func json(of criterion: Criterion) -> JSONValue {
        var item: JSONObject = [
            "criterion": .string(criterion.description),
            "points": .shortest(criterion.signedWeight),
            "tags": .array(criterion.tags.map(JSONValue.string)),
        ]
        item.append(criterion.metadata.kept(.healthBench))
        return .object(item)
    }

    private static func idealCompletions(of task: RubricTask, kept: JSONObject) -> JSONValue {
        let rest = kept["ideal_completions_data"]?.object
        guard let ideal = task.referenceAnswer else { return rest.map(JSONValue.object) ?? .null }
        var data: JSONObject = ["ideal_completion": .string(ideal)]
        data.append(rest ?? ["ideal_completions_group": nil, "ideal_completions_ref_completions": nil])
        return .object(data)
    }
}
