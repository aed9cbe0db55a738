// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Writes values in ways that are nearly JSON.
enum LooseText {
    /// The value as Python's `str` of it.
    static func python(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let bool): bool ? "True" : "False"
        case .integer, .number: value.serialized()
        case .string(let text): "'\(text)'"
        case .array(let elements): "[\(elements.map(python).joined(separator: ", "))]"
        case .object(let object):
            "{" + object.members.map { "'\($0.key)': \(python($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// The value as JSON, with `NaN` for what JSON has no word for.
    static func withNaN(_ value: JSONValue) -> String {
        switch value {
        case .number(let number) where number.isNaN: "NaN"
        case .array(let elements): "[\(elements.map(withNaN).joined(separator: ", "))]"
        case .object(let object):
            "{"
                + object.members.map { "\(JSONValue.string($0.key).serialized()): \(withNaN($0.value))" }
                .joined(separator: ", ") + "}"
        default: value.serialized()
        }
    }
}
