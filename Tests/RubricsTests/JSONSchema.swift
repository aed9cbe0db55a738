// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The part of JSON Schema that `Docs/rubric-row.schema.json` uses.
struct JSONSchema {
    let root: JSONValue

    /// What does not fit, in words; `nil` when the value is valid.
    func problem(_ value: JSONValue) -> String? {
        problem(value, root, at: "#")
    }

    private func problem(_ value: JSONValue, _ schema: JSONValue, at place: String) -> String? {
        for (keyword, argument) in schema.object?.members ?? [] {
            if let problem = problem(value, keyword, argument, schema, at: place) { return problem }
        }
        return nil
    }

    private func problem(
        _ value: JSONValue,
        _ keyword: String,
        _ argument: JSONValue,
        _ schema: JSONValue,
        at place: String
    ) -> String? {
        func fails(_ isValid: Bool?) -> String? { isValid == false ? "\(place): \(keyword)" : nil }
        switch keyword {
        case "$schema", "$defs", "title", "description", "default": return nil
        case "$ref": return problem(value, definition(argument.string ?? ""), at: place)
        case "type": return fails((argument.array ?? [argument]).contains { has(value, type: $0.string ?? "") })
        case "enum": return fails(argument.array?.contains(value))
        case "const": return fails(value == argument)
        case "anyOf": return fails(argument.array?.contains { problem(value, $0, at: place) == nil })
        case "allOf": return argument.array?.lazy.compactMap { problem(value, $0, at: place) }.first
        case "minimum": return fails(value.double.map { $0 >= argument.double ?? 0 })
        case "maximum": return fails(value.double.map { $0 <= argument.double ?? 0 })
        case "minItems": return fails(value.array.map { $0.count >= argument.int ?? 0 })
        case "minProperties": return fails(value.object.map { $0.members.count >= argument.int ?? 0 })
        case "maxProperties": return fails(value.object.map { $0.members.count <= argument.int ?? 0 })
        case "pattern": return fails(value.string.map { matches($0, argument.string ?? "") })
        case "required":
            return fails(
                value.object.map { object in argument.array?.allSatisfy { object[$0.string ?? ""] != nil } == true }
            )
        case "items":
            return value.array?.enumerated().lazy.compactMap { problem($1, argument, at: "\(place)[\($0)]") }.first
        case "properties":
            return argument.object?.members.lazy
                .compactMap { key, schema in value[key].flatMap { problem($0, schema, at: "\(place).\(key)") } }.first
        case "additionalProperties":
            let known = schema["properties"]?.object?.members.map(\.key) ?? []
            return fails(value.object.map { $0.members.allSatisfy { known.contains($0.key) } })
        default: return "\(place): the keyword \(keyword) is not implemented"
        }
    }

    private func definition(_ reference: String) -> JSONValue {
        root["$defs"]?[String(reference.dropFirst("#/$defs/".count))] ?? .null
    }

    private func has(_ value: JSONValue, type: String) -> Bool {
        switch type {
        case "null": value == .null
        case "boolean": value.bool != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        case "string": value.string != nil
        case "array": value.array != nil
        case "object": value.object != nil
        default: false
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        (try? CompiledRegex(pattern).firstMatch(in: Array(text.unicodeScalars)) != nil) == true
    }
}
