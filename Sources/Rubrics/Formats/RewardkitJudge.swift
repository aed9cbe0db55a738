// SPDX-License-Identifier: Apache-2.0

/// A judge file of Harbor's rewardkit 0.2 at a place in a document: `[judge]`, `[[criterion]]`, `[scoring]`.
///
/// `negate` turns a criterion's score over, which marks a fault. Titles and importances have no keys of their own and
/// stand in `annotations`, which rewardkit leaves to its users.
struct RewardkitJudge {
    private static let criterionKeys = ["id", "description", "weight", "negate", "annotations", "type"]

    private let file: DocumentCursor

    init(_ file: DocumentCursor) {
        self.file = file
    }

    func reading() throws -> RowReading {
        var notes: [String] = []
        var ids: Set<ExactText> = []
        let criteria = try file.required("criterion").criteria {
            let criterion = try criterion(at: $1, default: "c\($0 + 1)", notes: &notes)
            guard ids.insert(ExactText(criterion.id)).inserted else {
                throw $1.error("duplicate criterion id \"\(criterion.id)\"", remedy: "give each its own")
            }
            return criterion
        }
        let task = RubricTask(
            id: file.fileStem,
            prompt: [],
            criteria: criteria,
            metadata: .keeping(try file.rest(without: ["criterion"]), of: .rewardkit)
        )
        return RowReading(task: task, notes: notes, isNamed: false)
    }

    private func criterion(at place: DocumentCursor, default id: String, notes: inout [String]) throws -> Criterion {
        var kept = try place.rest(without: Self.criterionKeys)
        if let type = place.value["type"], type != "binary" {
            notes.append(
                place.error("a scale of type \(type.serialized()), read as a statement that is met or not").description
            )
            kept["type"] = type
        }
        let annotations = place.member("annotations")
        let importance = try annotations?.member("importance")?.text()
        let known = importance.flatMap { Importance(rawValue: $0) }
        let rest = try annotations?.rest(without: ["title"] + (known == nil ? [] : ["importance"])) ?? JSONObject()
        if !rest.members.isEmpty { kept["annotations"] = .object(rest) }
        let type = annotations?.value["type"]?.string ?? ""
        return Criterion(
            id: try place.member("id")?.identifier() ?? id,
            title: try annotations?.member("title")?.text() ?? "",
            description: try place.required("description").nonBlankText(),
            importance: known,
            weight: try place.member("weight")?.number().magnitude ?? 1,
            polarity: try place.member("negate")?.bool() ?? type.lowercased().contains("negative")
                ? .negative : .positive,
            metadata: .keeping(kept, of: .rewardkit)
        )
    }
}

extension RewardkitJudge {
    /// A task's rubric as a file.
    static func json(of task: RubricTask) -> JSONValue {
        var file = task.metadata.kept(.rewardkit)
        if file["judge"] == nil { file["judge"] = ["mode": "batched"] }
        file["criterion"] = .array(task.criteria.enumerated().map { json(of: $1, number: $0 + 1) })
        return .object(file)
    }

    private static func json(of criterion: Criterion, number: Int) -> JSONValue {
        var kept = criterion.metadata.kept(.rewardkit)
        var item: JSONObject = [
            "id": .string(criterion.id), "description": .string(criterion.description),
            "weight": .shortest(criterion.numericWeight),
        ]
        item["name"] = kept["name"] ?? .string(isName(criterion.id) ? criterion.id : "c\(number)")
        if criterion.polarity == .negative { item["negate"] = true }
        var annotations: JSONObject = [:]
        if !criterion.title.isEmpty { annotations["title"] = .string(criterion.title) }
        annotations["importance"] = (criterion.importance?.rawValue).map(JSONValue.string)
        annotations.append(kept["annotations"]?.object ?? JSONObject())
        kept["annotations"] = nil
        item.append(kept)
        if !annotations.members.isEmpty { item["annotations"] = .object(annotations) }
        return .object(item)
    }

    /// Names are keys of the schemas that judges answer by.
    private static func isName(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count) && id.utf8.allSatisfy(TOMLWriter.isBareKeyByte)
    }
}
