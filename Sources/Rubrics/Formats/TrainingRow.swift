// SPDX-License-Identifier: Apache-2.0

/// A training row of TRL, verl or OpenRLHF that carries its rubric as JSON text, at a place in a document.
///
/// The text is the native row without its prompt, or its criteria alone. So nothing is lost, columns stay plain texts,
/// and a reward function hands the text on as it is.
struct TrainingRow {
    private let row: DocumentCursor
    private let format: RubricFormat

    init(_ row: DocumentCursor, format: RubricFormat) {
        (self.row, self.format) = (row, format)
    }

    func reading() throws -> RowReading {
        let prompt = try row.required("prompt").prompt()
        let place = try payload()
        let reading: RowReading
        switch place.value {
        case .string: reading = try place.embedded { try task(at: $0, prompt: prompt) }
        default: reading = try task(at: place, prompt: prompt)
        }
        return reading
    }

    /// Where the rubric stands.
    private func payload() throws -> DocumentCursor {
        switch format {
        case .openRLHF: return try row.required("label")
        case .verl:
            if let own = row.member("extra_info")?.member("rubric") { return own }
            return try row.required("reward_model").required("ground_truth")
        default: return try row.required("rubric")
        }
    }

    private func task(at place: DocumentCursor, prompt: [Message]) throws -> RowReading {
        var task: RubricTask
        var isNamed = true
        if place.value.array != nil {
            task = RubricTask(id: "", prompt: prompt, criteria: try NativeRow(place).criteria(in: place))
        } else {
            task = try NativeRow(place).task(prompt: prompt)
        }
        let id = try (row.member("id") ?? row.member("extra_info")?.member("id"))?.identifier()
        if task.id.isEmpty {
            isNamed = id != nil
            task.id = id ?? prompt.name(in: format.rawValue)
        }
        if task.referenceAnswer == nil { task.referenceAnswer = try row.member("reference_answer")?.text() }
        let kept = try self.kept()
        if !kept.members.isEmpty { task.metadata[format.rawValue] = .object(kept) }
        return RowReading(task: task, isNamed: isNamed)
    }

    /// Columns that writing the task would not give.
    private func kept() throws -> JSONObject {
        switch format {
        case .openRLHF: return try row.rest(without: ["prompt", "label"])
        case .trl: return try row.rest(without: ["id", "prompt", "reference_answer", "rubric"])
        default:
            var kept = try row.rest(without: ["prompt", "reward_model"])
            let standsApart = row.member("extra_info")?.member("rubric") != nil
            let model = try row.required("reward_model").rest(without: standsApart ? [] : ["ground_truth"])
            if model != ["style": "model"] { kept["reward_model"] = .object(model) }
            for (key, usual) in Self.usual.members where kept[key] == usual { kept[key] = nil }
            if var info = kept["extra_info"]?.object {
                for key in ["id", "index", "rubric"] { info[key] = nil }
                kept["extra_info"] = info == ["split": "train"] ? nil : .object(info)
            }
            return kept
        }
    }

    /// verl's columns where a task says nothing else.
    private static let usual: JSONObject = ["data_source": "rubrics", "ability": "rubric"]
}

extension TrainingRow {
    /// A task as a row.
    static func json(of task: RubricTask, format: RubricFormat, index: Int) -> JSONValue {
        let kept = task.metadata.kept(format)
        let payload = JSONValue.string(payload(of: task, format: format).serialized())
        var row: JSONObject
        switch format {
        case .openRLHF: row = ["prompt": task.prompt.json, "label": payload]
        case .trl:
            row = ["id": .string(task.id), "prompt": task.prompt.json]
            row["reference_answer"] = task.referenceAnswer.map(JSONValue.string) ?? .null
            row["rubric"] = payload
        default: row = verl(task, payload: payload, kept: kept, index: index)
        }
        row.append(kept)
        return .object(row)
    }

    private static func verl(_ task: RubricTask, payload: JSONValue, kept: JSONObject, index: Int) -> JSONObject {
        var info = kept["extra_info"]?.object ?? ["split": "train"]
        info["index"] = .integer(index)
        info["id"] = .string(task.id)
        var model = kept["reward_model"]?.object ?? ["style": "model"]
        if model["ground_truth"] == nil { model["ground_truth"] = payload } else { info["rubric"] = payload }
        return [
            "data_source": kept["data_source"] ?? usual["data_source"] ?? .null, "prompt": task.prompt.json,
            "ability": kept["ability"] ?? usual["ability"] ?? .null,
            "reward_model": .object(model), "extra_info": .object(info),
        ]
    }

    /// The native row without its prompt and without what the row's own columns keep.
    private static func payload(of task: RubricTask, format: RubricFormat) -> JSONValue {
        var task = task
        task.metadata[format.rawValue] = nil
        var payload = task.json.object ?? JSONObject()
        payload["prompt"] = nil
        return .object(payload)
    }
}
