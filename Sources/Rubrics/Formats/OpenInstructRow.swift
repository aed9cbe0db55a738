// SPDX-License-Identifier: Apache-2.0

/// A row for open-instruct's rubric verifier at a place in a document.
///
/// `ground_truth` is a JSON text `{"query", "rubrics": [{"description", "weight", "title"}]}`, or a list of one. A weight
/// below zero takes away what the criterion earns, so it marks a fault.
struct OpenInstructRow {
    private static let keys = ["id", "messages", "ground_truth", "dataset"]
    private static let criterionKeys = ["description", "weight", "title"]

    private let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    func reading() throws -> RowReading {
        try truth().embedded { truth in
            let query = try truth.member("query")?.text()
            let prompt = try row.member("messages")?.prompt() ?? query.map { [Message(role: .user, content: $0)] }
            guard let prompt else { throw row.missing("messages") }
            let id = try row.member("id")?.identifier()
            var kept = try row.rest(without: Self.keys)
            if let dataset = row.value["dataset"], dataset != "rubric" { kept["dataset"] = dataset }
            var keptTruth = try truth.rest(without: ["query", "rubrics"])
            if query.map({ !$0.isExactly(prompt.lastUserText) }) ?? true {
                keptTruth["query"] = truth.value["query"] ?? .null
            }
            if !keptTruth.members.isEmpty { kept["ground_truth"] = .object(keptTruth) }
            let task = RubricTask(
                id: id ?? prompt.name(in: "oi"),
                prompt: prompt,
                criteria: try truth.required("rubrics").criteria { try criterion(at: $1, id: "c\($0 + 1)") },
                metadata: .keeping(kept, of: .openInstruct)
            )
            return RowReading(task: task, isNamed: id != nil)
        }
    }

    private func truth() throws -> DocumentCursor {
        let truth = try row.required("ground_truth")
        guard truth.value.array != nil else { return truth }
        let elements = try truth.elements()
        guard elements.count == 1 else {
            throw truth.error("\(elements.count) ground truths", remedy: "a rubric row has one")
        }
        return elements[0]
    }

    private func criterion(at place: DocumentCursor, id: String) throws -> Criterion {
        let weight = try place.member("weight")?.number() ?? 1
        return Criterion(
            id: id,
            title: try place.member("title")?.text() ?? "",
            description: try place.required("description").nonBlankText(),
            weight: weight.magnitude,
            polarity: weight < 0 ? .negative : .positive,
            polarityGround: "the sign of open-instruct's weight",
            metadata: .keeping(try place.rest(without: Self.criterionKeys), of: .openInstruct)
        )
    }
}

extension OpenInstructRow {
    /// A task as a row; the name stands in a column that the trainer hands through.
    static func json(of task: RubricTask) -> JSONValue {
        let kept = task.metadata.kept(.openInstruct)
        let keptTruth = kept["ground_truth"]?.object ?? JSONObject()
        var truth: JSONObject = [
            "query": keptTruth["query"] ?? .string(task.prompt.lastUserText),
            "rubrics": .array(task.criteria.map(json)),
        ]
        truth.append(keptTruth)
        var row: JSONObject = [:]
        if !task.id.isExactly(task.prompt.name(in: "oi")) { row["id"] = .string(task.id) }
        row["messages"] = task.prompt.json
        row["ground_truth"] = .string(JSONValue.object(truth).serialized())
        row["dataset"] = kept["dataset"] ?? "rubric"
        row.append(kept, without: ["ground_truth"])
        return .object(row)
    }

    private static func json(of criterion: Criterion) -> JSONValue {
        var item: JSONObject = [
            "description": .string(criterion.description), "weight": .shortest(criterion.signedWeight),
            "title": .string(criterion.title),
        ]
        item.append(criterion.metadata.kept(.openInstruct))
        return .object(item)
    }
}

extension [Message] {
    /// What the user said last: the question of a conversation.
    var lastUserText: String {
        last { $0.role == .user }?.content ?? plainText
    }
}
