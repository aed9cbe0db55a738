// SPDX-License-Identifier: Apache-2.0

extension RubricTask {
    /// The native row, with its keys always in the same order; what is missing is left out.
    public var json: JSONValue {
        var row: JSONObject = ["id": .string(id), "prompt": promptJSON]
        row["reference_answer"] = referenceAnswer.map(JSONValue.string)
        row["plain_answer"] = plainAnswer.map(JSONValue.string)
        row["source"] = source.map(JSONValue.string)
        row["domain"] = domain.map(JSONValue.string)
        row["criteria"] = .array(criteria.map(\.json))
        if !tags.isEmpty { row["tags"] = .array(tags.map(JSONValue.string)) }
        if !metadata.members.isEmpty { row["metadata"] = .object(metadata) }
        row["provenance"] = provenance?.json
        return .object(row)
    }

    /// One user turn is written as its text.
    private var promptJSON: JSONValue {
        if prompt.count == 1, let message = prompt.first, message.role == .user { return .string(message.content) }
        return .array(prompt.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
    }
}

extension Criterion {
    /// The criterion of a native row.
    package var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "title": .string(title), "description": .string(description),
        ]
        object["importance"] = (importance?.rawValue).map(JSONValue.string)
        object["weight"] = weight.map(JSONValue.number)
        object["polarity"] = .string(polarity.rawValue)
        object["polarity_ground"] = polarityGround.map(JSONValue.string)
        object["polarity_confidence"] = polarityConfidence.map(JSONValue.number)
        object["kind"] = (kind?.rawValue).map(JSONValue.string)
        object["check"] = check?.json
        if !children.isEmpty { object["children"] = .array(children.map(\.json)) }
        if !tags.isEmpty { object["tags"] = .array(tags.map(JSONValue.string)) }
        if !metadata.members.isEmpty { object["metadata"] = .object(metadata) }
        return .object(object)
    }
}

extension Check {
    /// The check of a native row.
    package var json: JSONValue {
        switch self {
        case .anyOf(let terms): [key(.anyOf): list(terms)]
        case .allOf(let terms): [key(.allOf): list(terms)]
        case .noneOf(let terms): [key(.noneOf): list(terms)]
        case .regex(let pattern): [key(.regex): .string(pattern)]
        case .number(let value, let tolerance, let unit):
            [
                key(.number): object([
                    ("value", .number(value)), ("tolerance", .number(tolerance)), ("unit", unit.map(JSONValue.string)),
                ])
            ]
        case .finalAnswer(let answer): [key(.finalAnswer): .string(answer)]
        case .choice(let letter): [key(.choice): .string(letter)]
        case .words(let min, let max):
            [key(.words): object([("min", min.map(JSONValue.integer)), ("max", max.map(JSONValue.integer))])]
        case .sentence(let lists, let minWords, let maxWords):
            [key(.sentence): sentence(lists, minWords: minWords, maxWords: maxWords)]
        case .repetition(let max): [key(.repetition): ["max": .number(max)]]
        case .json: [key(.json): true]
        case .and(let checks): [key(.and): .array(checks.map(\.json))]
        case .or(let checks): [key(.or): .array(checks.map(\.json))]
        case .not(let check): [key(.not): check.json]
        }
    }

    private func key(_ name: CheckReader.Name) -> String {
        name.rawValue
    }

    private func list(_ terms: [String]) -> JSONValue {
        .array(terms.map(JSONValue.string))
    }

    private func object(_ members: [(key: String, value: JSONValue?)]) -> JSONValue {
        .object(JSONObject(members.lazy.compactMap { key, value in value.map { (key: key, value: $0) } }))
    }

    /// Bounds are written only where they are not the default ones.
    private func sentence(_ lists: [[String]], minWords: Int, maxWords: Int) -> JSONValue {
        let usual = CheckReader.sentenceWords
        return object([
            ("all_of", .array(lists.map(list))),
            ("min_words", minWords == usual.lowerBound ? nil : .integer(minWords)),
            ("max_words", maxWords == usual.upperBound ? nil : .integer(maxWords)),
        ])
    }
}
