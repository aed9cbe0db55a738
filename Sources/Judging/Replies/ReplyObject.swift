// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// The one JSON object of a model's reply.
///
/// Strict JSON is tried first. Then fences, prose around the object, single quotes, `True`, `None`, `NaN` and
/// commas too many are borne with; a reply with several different objects is not, since nobody can say which is the
/// answer. Numbers and verdicts in prose are never looked for.
package struct ReplyObject {
    /// Its members; a key that stands twice has the value null.
    package let members: JSONObject

    /// Finds the object.
    ///
    /// - Parameters:
    ///   - reply: All that the model said.
    ///   - thinking: What is taken for thinking in it.
    /// - Throws: ``ReplyFault`` with the complaint that a repair request carries.
    package init(in reply: String, thinking: Thinking) throws(ReplyFault) {
        let text = thinking.removed(from: reply)
        // A reply that is JSON as it stands holds no thinking, whatever its texts quote.
        if let object = Self.strict(reply) ?? Self.strict(text) {
            members = object
            return
        }
        let found = try Self.objects(in: Array(text.utf8))
        guard let first = found.first else {
            if text.utf8.allSatisfy({ $0 <= 0x20 }) { throw ReplyFault(.empty, "your answer was empty") }
            throw ReplyFault(Self.reads(asRefusal: text) ? .refusal : .shape, "your answer held no JSON object")
        }
        guard found.allSatisfy({ $0 == first }) else {
            throw ReplyFault(.shape, "your answer held \(found.count) different JSON objects: write one")
        }
        members = first
    }

    private static func strict(_ text: String) -> JSONObject? {
        (try? JSONParser.parse(Array(text.utf8), file: "reply"))?.object
    }

    /// All objects that stand outside of one another.
    ///
    /// What stands within an object that is cut or broken is none of them: it may be the material, quoted in a reason.
    ///
    /// - Throws: ``ReplyFault`` for one that cannot be read: what is inside of it or after it might answer another
    ///   question. A brace without a key behind it is prose.
    private static func objects(in bytes: [UInt8]) throws(ReplyFault) -> [JSONObject] {
        var objects: [JSONObject] = []
        var place = 0
        while let brace = bytes[place...].firstIndex(of: UInt8(ascii: "{")) {
            var scanner = LenientScanner(bytes: bytes, place: brace)
            if case .object(let object)? = scanner.value() {
                objects.append(object)
                place = scanner.place
            } else if begins(objectAt: brace, in: bytes) {
                throw ReplyFault(.shape, "your answer held a JSON object that cannot be read")
            } else {
                place = end(ofBracesAt: brace, in: bytes) ?? brace + 1
            }
        }
        return objects
    }

    /// The place behind the brace that closes the one at `brace`; `nil` where none does.
    private static func end(ofBracesAt brace: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        for place in brace..<bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: continue
            }
            if depth == 0 { return place + 1 }
        }
        return nil
    }

    /// Whether a brace is followed by a key with its colon, or by one that is cut, as an object's is and a set's is not.
    private static func begins(objectAt brace: Int, in bytes: [UInt8]) -> Bool {
        let next = bytes[(brace + 1)...].first { $0 > 0x20 }
        guard next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") else { return false }
        var scanner = LenientScanner(bytes: bytes, place: brace + 1)
        guard case .string? = scanner.value() else { return true }
        return bytes[scanner.place...].first { $0 > 0x20 } == UInt8(ascii: ":")
    }

    /// Whether a reply without an answer declines rather than fails.
    private static func reads(asRefusal text: String) -> Bool {
        let opening = text.lowercased().replacing("\u{2019}", with: "'").prefix(200)
        return refusals.contains { opening.contains($0) }
    }

    private static let refusals = [
        "i'm sorry", "i am sorry", "i can't", "i cannot", "i won't", "i'm unable", "i am unable", "i'm not able",
        "unable to assist", "can't assist", "cannot assist", "can't help", "cannot help",
    ]
}

/// What is wrong with a reply.
package struct ReplyFault: Error, Sendable, Hashable {
    /// The kinds of fault.
    package enum Kind: Sendable, Hashable {
        case empty, refusal, shape, cut
    }

    /// The kind of fault.
    package var kind: Kind
    /// What is wrong, told to the model.
    package var complaint: String

    /// Makes a fault.
    package init(_ kind: Kind, _ complaint: String) {
        self.kind = kind
        self.complaint = complaint
    }

    /// The cause that a failure gets from it.
    package var cause: JudgeFailure.Cause { kind == .refusal ? .refusal : .malformed }
}
