// SPDX-License-Identifier: Apache-2.0

// Rows are written in the published columns. What is irregular about a row that was read is kept in its metadata and
// written again, as long as it still says what the criterion says.
extension PublishedRow {
    private static let columns = [
        "uid", "question", "reference_answer", "question_source", "rubric", "rubric_list", "rubric_count",
    ]
    private static let criterionColumns = ["description", "title", "weight"]

    /// A task in the published columns and their order.
    static func json(of task: RubricTask) -> JSONValue {
        let kept = task.metadata.kept(.rar)
        let items = task.criteria.map { item(of: $0) }
        var row: JSONObject = [:]
        let isNamed = !task.id.isExactly(task.prompt.name(in: "rar"))
        if kept["uid"] != nil || kept["id"] == nil && isNamed { row["uid"] = sameName(kept["uid"], as: task.id) }
        row["question"] = .string(task.prompt.plainText)
        row["reference_answer"] = task.referenceAnswer.map(JSONValue.string) ?? kept["reference_answer"] ?? ""
        row["question_source"] = task.source.map(JSONValue.string) ?? kept["question_source"] ?? ""
        row["rubric"] = .array(items.map(JSONValue.object))
        let list = items.map { $0["description"] ?? .null }
        // An irregular list or count says nothing of a rubric that has changed since.
        let isAsRead = task.provenance?.changes.isEmpty ?? true
        row["rubric_list"] = (isAsRead ? kept["rubric_list"] : .none) ?? .array(list)
        row["rubric_count"] = (isAsRead ? kept["rubric_count"] : .none) ?? .integer(items.count)
        row.append(kept)
        if let id = kept["id"], kept["uid"] == nil { row["id"] = sameName(id, as: task.id) }
        return .object(row)
    }

    /// A name as it was read, unless it has become another.
    private static func sameName(_ kept: JSONValue?, as id: String) -> JSONValue {
        if case .integer(let integer) = kept, id.isExactly(String(integer)) { return .integer(integer) }
        return .string(id)
    }

    private static func item(of criterion: Criterion) -> JSONObject {
        let kept = criterion.metadata.kept(.rar)
        var item: JSONObject = [
            "description": .string(keptDescription(kept, of: criterion) ?? regularDescription(of: criterion)),
            "title": criterion.title.isEmpty ? kept["title"] ?? "" : .string(criterion.title),
            "weight": keptWeight(kept, of: criterion) ?? regularWeight(of: criterion),
        ]
        item.append(kept, without: criterionColumns)
        return item
    }

    /// "Essential Criteria: " and the statement; the statement alone where there is no importance.
    private static func regularDescription(of criterion: Criterion) -> String {
        guard let importance = criterion.importance else { return criterion.description }
        let word = importance.rawValue
        return "\(word.prefix(1).uppercased())\(word.dropFirst()) Criteria: \(criterion.description)"
    }

    private static func keptDescription(_ kept: JSONObject, of criterion: Criterion) -> String? {
        guard let text = kept["description"]?.string else { return nil }
        let prefix = ImportancePrefix(of: text)
        let importance =
            prefix?.importance ?? importance(ofWeight: kept["weight"]?.double ?? regularWeight(of: criterion).double)
        let says = (prefix?.statement ?? text).isExactly(criterion.description) && importance == criterion.importance
        return says ? text : nil
    }

    /// Below zero for pitfalls and faults, as in nearly all published rows; the sign says nothing else. Without a weight
    /// of its own an item gets the published data's usual one.
    private static func regularWeight(of criterion: Criterion) -> JSONValue {
        let usual: [Importance: Double] = [.essential: 5, .important: 4, .optional: 2, .pitfall: 2]
        let weight = criterion.weight ?? criterion.importance.flatMap { usual[$0] } ?? criterion.numericWeight
        let isBelow = criterion.importance == .pitfall || criterion.polarity == .negative
        return .shortest(isBelow ? -weight : weight)
    }

    private static func keptWeight(_ kept: JSONObject, of criterion: Criterion) -> JSONValue? {
        guard let weight = kept["weight"] else { return nil }
        return weight.double?.magnitude == criterion.weight ? weight : nil
    }

    /// What an item has that writing it regularly would not give.
    static func irregularities(of place: DocumentCursor, read criterion: Criterion) throws -> JSONObject {
        var kept = try place.rest(without: criterionColumns)
        if let text = place.value["description"], text != .string(regularDescription(of: criterion)) {
            kept["description"] = text
        }
        if place.value["weight"] ?? .null != regularWeight(of: criterion) {
            kept["weight"] = place.value["weight"] ?? .null
        }
        if place.value["title"] == .null { kept["title"] = JSONValue.null }
        return kept
    }

    /// Columns of others, and columns that do not follow from the rest of the row.
    func kept() throws -> JSONObject {
        var kept = try row.rest(without: Self.columns)
        if let uid = row.member("uid"), uid.value.string == nil || kept["id"] != nil { kept["uid"] = uid.value }
        for key in ["reference_answer", "question_source"] where row.value[key] == .null { kept[key] = JSONValue.null }
        let descriptions = row.value["rubric"]?.array?.map { $0["description"] ?? .null } ?? []
        if let list = row.value["rubric_list"], list != .array(descriptions) { kept["rubric_list"] = list }
        if let count = row.value["rubric_count"], count != .integer(descriptions.count) { kept["rubric_count"] = count }
        return kept
    }
}
