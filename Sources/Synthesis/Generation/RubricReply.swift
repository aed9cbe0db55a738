// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
package import Rubrics

/// What a reply holds: items; in a repair, only those that change. The points that it lists first are for the writer.
package struct RubricReply: Sendable, Hashable {
    /// An item, with its number where the reply gives one.
    package struct Entry: Sendable, Hashable {
        /// The number, from 1.
        package var number: Int?
        /// The item.
        package var item: WrittenItem
    }

    /// The items, in order.
    package private(set) var entries: [Entry] = []
    /// The numbers of items that are better left out.
    package private(set) var withdrawn: [Int] = []

    /// Reads a reply.
    ///
    /// A list of items without an object around it is taken for the items.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - thinking: What is taken for thinking in it.
    /// - Throws: `ReplyFault` with the complaint that a repair request carries.
    package init(_ reply: ChatReply, thinking: Thinking) throws(ReplyFault) {
        do throws(ReplyFault) {
            if let list = Self.list(in: thinking.removed(from: reply.text)) {
                entries = list.map(Self.entry)
            } else {
                try read(ReplyObject(in: reply.text, thinking: thinking).members)
            }
        } catch {
            guard reply.stopReason == .maxTokens else { throw error }
            throw ReplyFault(.cut, "your answer was cut for its length: write shorter items")
        }
    }

    private mutating func read(_ object: JSONObject) throws(ReplyFault) {
        withdrawn = (object["withdrawn"]?.array ?? []).compactMap(\.int)
        let items = ["items", "rubric", "criteria"].lazy.compactMap { object[$0]?.array }.first
        guard let items else {
            guard withdrawn.isEmpty else { return }
            throw ReplyFault(.shape, "\"items\" is missing, a list of items")
        }
        guard items.allSatisfy({ $0.object != nil }) else {
            throw ReplyFault(.shape, "\"items\" holds something that is no object")
        }
        entries = items.map(Self.entry)
    }

    private static func entry(_ value: JSONValue) -> Entry {
        Entry(number: value["number"]?.int, item: WrittenItem(value))
    }

    /// The objects of a list that is all the reply holds, but for a fence around it.
    private static func list(in text: String) -> [JSONValue]? {
        var bytes = Array(text.trimmed.utf8)
        if bytes.starts(with: "```".utf8) {
            bytes = Array(bytes.drop { $0 != UInt8(ascii: "\n") }.drop { $0 <= 0x20 })
        }
        guard bytes.first == UInt8(ascii: "[") else { return nil }
        var scanner = LenientScanner(bytes: bytes, place: 0)
        guard let list = scanner.value()?.array, list.allSatisfy({ $0.object != nil }) else { return nil }
        return list
    }

    // MARK: - Schemas

    /// The shape of a first reply.
    package static let schema = object([
        ("points", ["type": "array", "items": ["type": "string"]]),
        ("items", ["type": "array", "items": object(itemMembers)]),
    ])

    /// The shape of a repair.
    package static let repairSchema = object([
        ("items", ["type": "array", "items": object([("number", ["type": "integer"])] + itemMembers)]),
        ("withdrawn", ["type": "array", "items": ["type": "integer"]]),
    ])

    private static let itemMembers: [(String, JSONValue)] = [
        ("title", ["type": "string"]), ("description", ["type": "string"]),
        ("importance", menu(Importance.allCases.map(\.rawValue))),
        ("weight", ["type": "integer", "enum": .array((1...5).map(JSONValue.integer))]),
        ("polarity", menu([Polarity.positive, .negative].map(\.rawValue))),
        ("kind", menu(CriterionKind.allCases.map(\.rawValue))),
    ]

    private static func menu(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map(JSONValue.string))]
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        [
            "type": "object", "properties": .object(JSONObject(members.map { (key: $0.0, value: $0.1) })),
            "required": .array(members.map { .string($0.0) }), "additionalProperties": false,
        ]
    }
}
