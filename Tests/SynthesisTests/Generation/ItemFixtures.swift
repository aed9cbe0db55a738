// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import Synthesis

/// An item that breaks no rule, unless it is told to.
func item(
    _ number: Int = 1,
    title: String? = nil,
    description: String? = nil,
    importance: Importance? = nil,
    weight: Double? = nil,
    polarity: Polarity? = .positive
) -> WrittenItem {
    let importance = importance ?? (number == 1 ? .essential : number == 2 ? .pitfall : .important)
    return WrittenItem(
        title: title ?? "Gives value \(number)",
        description: description ?? "States that value number \(number) is \(number * 10) units.",
        importance: importance,
        weight: weight ?? ItemRules.weights(of: importance).lowerBound,
        polarity: polarity
    )
}

/// A first reply.
func reply(_ items: [WrittenItem]) -> ChatReply {
    let value: JSONValue = ["points": ["a point"], "items": .array(items.map(\.said))]
    return ChatReply(text: value.serialized(), usage: TokenUsage(input: 100, output: 10))
}

/// A reply to complaints.
func repair(_ items: [(number: Int, item: WrittenItem)], withdrawn: [Int] = []) -> ChatReply {
    let items = items.map { number, item -> JSONValue in
        var object: JSONObject = ["number": .integer(number)]
        for (key, value) in item.said.object?.members ?? [] { object[key] = value }
        return .object(object)
    }
    let value: JSONValue = ["items": .array(items), "withdrawn": .array(withdrawn.map(JSONValue.integer))]
    return ChatReply(text: value.serialized(), usage: TokenUsage(input: 200, output: 20))
}
