// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The shapes of judges' replies: as JSON schemas for endpoints that hold a model to one, and in words for all.
enum ReplySchema {
    /// What a verdict can say.
    static let verdicts = ["yes", "no", "cannot_assess"]
    /// The letters of a menu on which each rating is one token, from 1 to 10.
    static let letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]

    /// Verdicts by label. Reasons come before verdicts, and get shorter the more there are.
    ///
    /// - Parameters:
    ///   - labels: The labels of what is asked.
    ///   - maxTokens: The longest reply.
    /// - Returns: An object of verdicts; the verdict itself where there is one label.
    static func criteria(_ labels: [String], maxTokens: Int) -> JSONValue {
        let each = object([
            ("reason", reason(maxTokens: maxTokens / max(labels.count, 1))),
            ("met", ["type": "string", "enum": .array(verdicts.map(JSONValue.string))]),
        ])
        return labels.count == 1 ? each : object(labels.map { ($0, each) })
    }

    /// A rating from 1 to 10, as a number or on the menu of letters.
    static func rating(byLetter: Bool, maxTokens: Int) -> JSONValue {
        let menu: JSONValue =
            byLetter
            ? ["type": "string", "enum": .array(letters.map(JSONValue.string))]
            : ["type": "integer", "enum": .array((1...10).map(JSONValue.integer))]
        return object([("reason", reason(maxTokens: maxTokens)), ("rating", menu)])
    }

    /// Which of two answers is better.
    static func comparison(maxTokens: Int) -> JSONValue {
        object([
            ("reason", reason(maxTokens: maxTokens)), ("better", ["type": "string", "enum": ["A", "B", "tie"]]),
        ])
    }

    /// Labels from the best to the worst.
    static func ranking(_ labels: [String], maxTokens: Int) -> JSONValue {
        let label: JSONValue = ["type": "string", "enum": .array(labels.map(JSONValue.string))]
        let list: JSONValue = [
            "type": "array", "items": label, "minItems": .integer(labels.count), "maxItems": .integer(labels.count),
        ]
        // A label takes five tokens or so.
        return object([("reason", reason(maxTokens: maxTokens - 5 * labels.count)), ("ranking", list)])
    }

    /// A reason that leaves room for what follows it: a reply that is cut has no verdict.
    ///
    /// - Parameter maxTokens: What reason, keys and verdict may take. Small models write until the schema ends a text, so
    ///   its limit follows from the tokens: three characters each, where English has four, and 24 for all but the reason.
    /// - Returns: A text of 40 to 1,200 characters at most.
    private static func reason(maxTokens: Int) -> JSONValue {
        ["type": "string", "maxLength": .integer(min(max(3 * (maxTokens - 24), 40), 1200))]
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        [
            "type": "object",
            "properties": .object(JSONObject(members.map { (key: $0.0, value: $0.1) })),
            "required": .array(members.map { .string($0.0) }),
            "additionalProperties": false,
        ]
    }
}

/// The shapes in words.
enum ReplyFormat {
    static func criteria(_ labels: [String]) -> String {
        let each = #"{"reason": "…", "met": "yes" | "no" | "cannot_assess"}"#
        guard labels.count > 1 else { return "Answer with one JSON object and nothing else:\n\(each)" }
        let members = labels.map { #""\#($0)": \#(each)"# }
        return "Answer with one JSON object and nothing else, with a member for every label:\n"
            + "{\(members.joined(separator: ",\n "))}"
    }

    static func rating(byLetter: Bool) -> String {
        let menu =
            byLetter
            ? #""A" | "B" | … | "J"}, where A stands for 1, B for 2, and so on to J for 10"#
            : "a whole number from 1 to 10}"
        return "Answer with one JSON object and nothing else:\n" + #"{"reason": "…", "rating": "# + menu
    }

    static let comparison = """
        Answer with one JSON object and nothing else:
        {"reason": "…", "better": "A" | "B" | "tie"}
        """

    static func ranking(_ labels: [String]) -> String {
        "Answer with one JSON object and nothing else, with these labels in your order: \(labels.joined(separator: ", "))\n"
            + #"{"reason": "…", "ranking": ["…", "…"]}"#
    }
}
