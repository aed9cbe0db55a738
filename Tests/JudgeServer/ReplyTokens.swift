// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// A token of an answer with what else might have stood there.
struct ReplyToken {
    var text: String
    /// Probabilities of texts, the chosen one's first.
    var candidates: [(text: String, probability: Double)]

    /// A token without alternatives worth a name.
    init(_ text: String) {
        self.text = text
        candidates = [(text, 0.999)]
    }

    init(_ text: String, candidates: [(text: String, probability: Double)]) {
        self.text = text
        self.candidates = candidates
    }

    /// The token as OpenAI writes it.
    func json(alternatives: Int) -> JSONValue {
        let entries = candidates.prefix(alternatives).map { Self.entry($0.text, $0.probability) }
        var token = Self.entry(text, candidates.first?.probability ?? 1)
        token["top_logprobs"] = .array(entries.map(JSONValue.object))
        return .object(token)
    }

    private static func entry(_ text: String, _ probability: Double) -> JSONObject {
        [
            "token": .string(text),
            "logprob": .number(log(probability)),
            "bytes": .array(text.utf8.map { .integer(Int($0)) }),
        ]
    }
}

/// Splits an answer into tokens: JSON's punctuation, words and numbers one by one.
struct ReplyTokens {
    private(set) var tokens: [ReplyToken] = []
    private var menus: ArraySlice<[JSONValue]?> = []
    private var draws: SplitMix64

    /// The tokens of an instance, with its menus' other members as alternatives.
    init(_ instance: SchemaInstance, seed: UInt64) {
        draws = SplitMix64(seed: seed, path: 0x70_6B)
        menus = instance.menus[...]
        write(instance.value)
    }

    /// The tokens of any text: its words with the space before each.
    init(_ text: String) {
        draws = SplitMix64(seed: 0)
        var word: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: " "), !word.isEmpty {
                append(String(decoding: word, as: UTF8.self))
                word = []
            }
            word.append(byte)
        }
        if !word.isEmpty { append(String(decoding: word, as: UTF8.self)) }
    }

    private mutating func append(_ text: String) {
        tokens.append(ReplyToken(text))
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .object(let object):
            append("{")
            for (index, member) in object.members.enumerated() {
                if index > 0 { append(",") }
                write(quoted: .string(member.key))
                append(":")
                write(member.value)
            }
            append("}")
        case .array(let elements):
            append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { append(",") }
                write(element)
            }
            append("]")
        case .string: write(quoted: value, menu: menus.popFirst() ?? nil)
        default: write(bare: value, menu: menus.popFirst() ?? nil)
        }
    }

    private mutating func write(quoted text: JSONValue, menu: [JSONValue]? = nil) {
        append("\"")
        write(bare: text, menu: menu)
        append("\"")
    }

    private mutating func write(bare value: JSONValue, menu: [JSONValue]?) {
        let text = Self.text(value)
        guard let menu else { return append(text) }
        tokens.append(ReplyToken(text, candidates: candidates(for: value, in: menu)))
    }

    /// A value as it stands between quotes, if it has any.
    private static func text(_ value: JSONValue) -> String {
        let text = value.serialized()
        guard case .string = value else { return text }
        return String(decoding: text.utf8.dropFirst().dropLast(), as: UTF8.self)
    }

    /// A distribution over the menu with its peak at the chosen value: numbers near it are likelier than those far off.
    private mutating func candidates(
        for chosen: JSONValue,
        in menu: [JSONValue]
    ) -> [(text: String, probability: Double)] {
        let decay = 0.4 + 0.4 * draws.uniform()
        let weights = menu.map { member in
            guard member != chosen else { return 1.0 }
            guard let number = member.double, let peak = chosen.double else { return 0.05 + 0.4 * draws.uniform() }
            return pow(decay, max(1, abs(number - peak)))
        }
        let sum = weights.reduce(0, +)
        return zip(menu, weights)
            .map { (text: Self.text($0), probability: 0.999 * $1 / sum) }
            .sorted { $0.probability > $1.probability }
    }
}
