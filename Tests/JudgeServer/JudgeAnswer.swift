// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What the scripted judge says, before a dialect wraps it.
struct JudgeAnswer {
    /// Why the judge stopped.
    enum Finish: String {
        case stop
        case length
        case contentFilter = "content_filter"
    }

    /// The text.
    var text: String
    /// The same as a value, where the text is JSON.
    var value: JSONValue?
    /// Why the judge stopped.
    var finish: Finish = .stop
    /// A refusal apart from the text.
    var refusal: String?
    /// Whether the text answers at all, as the arguments of a tool do.
    var isDirect = true
    /// The menus of the value's scalars, for log-probabilities.
    var instance: SchemaInstance?

    /// A sentence instead of an answer.
    static func sentence(_ text: String) -> Self {
        Self(text: text, isDirect: false)
    }

    /// A value as JSON.
    static func json(_ value: JSONValue, instance: SchemaInstance? = nil) -> Self {
        Self(text: value.serialized(), value: value, instance: instance)
    }

    /// The number of tokens, of four bytes each.
    var tokenCount: Int { text.utf8.count / 4 + 1 }
}

extension JudgeAnswer {
    /// The answer to a schema, spoiled as a fault says.
    ///
    /// - Parameters:
    ///   - schema: What is asked for.
    ///   - seed: What it is drawn from.
    ///   - fault: What goes wrong; faults that are not about content change nothing.
    init(to schema: JSONValue, seed: UInt64, fault: Fault?) {
        switch fault {
        case .offMenu: self = .json(SchemaInstance(of: schema, seed: seed, deviation: .offMenu).value)
        case .nan:
            let value = SchemaInstance(of: schema, seed: seed, deviation: .notANumber).value
            self = Self(text: LooseText.withNaN(value))
        default:
            let instance = SchemaInstance(of: schema, seed: seed)
            self = .json(instance.value, instance: instance)
            spoil(fault)
        }
    }

    /// A fixed value, spoiled as a fault says.
    init(_ value: JSONValue, fault: Fault?) {
        self = .json(value)
        spoil(fault)
    }

    /// A fixed text, spoiled as a fault says.
    init(_ text: String, fault: Fault?) {
        self = .sentence(text)
        spoil(fault)
    }

    private mutating func spoil(_ fault: Fault?) {
        switch fault {
        case .truncatedJSON:
            self = Self(text: String(decoding: text.utf8.prefix(text.utf8.count / 2), as: UTF8.self), finish: .length)
        case .empty: self = .sentence("")
        case .wrongIDs: value.map { self = .json($0.withForeignIDs) }
        case .extraCriteria: value.map { self = .json($0.withExtraCriterion) }
        case .refusal: self = .sentence(Self.refusalText)
        case .refusalField: (self, refusal) = (.sentence(""), Self.refusalText)
        case .contentFilter: (self, finish) = (.sentence(""), .contentFilter)
        case .prose: self = .sentence("I would give this a 7 out of 10, for it says most of what it should.")
        case .fenced: self = .sentence("```json\n\(text)\n```\nI hope that this helps.")
        case .singleQuotes: value.map { self = Self(text: LooseText.python($0)) }
        default: break
        }
    }

    private static let refusalText = "I'm sorry, but I can't help with that."
}

extension JSONValue {
    /// The object with other names: `x1` for `c1`, and `x` before anything else; lists of identifiers likewise.
    fileprivate var withForeignIDs: JSONValue {
        guard let object else { return self }
        return .object(
            JSONObject(
                object.members.map { member in
                    let elements = member.value.array?.map { $0.string.map { .string($0.foreign) } ?? $0 }
                    if let elements { return (member.key, .array(elements)) }
                    return (member.key.foreign, member.value)
                }
            )
        )
    }

    /// The object with a criterion that nobody asked about: like the last one, or a verdict.
    fileprivate var withExtraCriterion: JSONValue {
        guard var object else { return self }
        let last = object.members.last?.value
        let extra = last?.object == nil ? ["reason": "because it matters", "met": "yes"] : last
        var number = object.members.count + 1
        while object["c\(number)"] != nil { number += 1 }
        object["c\(number)"] = extra
        return .object(object)
    }
}

extension String {
    fileprivate var foreign: String {
        let isNumbered = utf8.first == UInt8(ascii: "c") && Int(dropFirst()) != nil
        return "x" + (isNumbered ? String(dropFirst()) : self)
    }
}
