// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The one JSON object of a judge's reply.
///
/// Strict JSON is tried first. Then fences, prose around the object, single quotes, `True`, `None`, `NaN`, comments of
/// commas too many are borne with; a reply with several different objects is not, since nobody can say which is the
/// answer. Numbers and verdicts in prose are never looked for.
struct ReplyObject {
    /// Its members; a key that stands twice has the value null.
    let members: JSONObject

    /// Finds the object.
    ///
    /// - Throws: ``ReplyFault`` with the complaint that a repair request carries.
    init(in reply: String, thinking: Thinking) throws(ReplyFault) {
        let text = thinking.removed(from: reply)
        let bytes = Array(text.utf8)
        if let object = (try? JSONParser.parse(bytes, file: "reply"))?.object {
            members = object
            return
        }
        let found = Self.objects(in: bytes)
        guard let first = found.first else {
            if text.utf8.allSatisfy({ $0 <= 0x20 }) { throw ReplyFault(.empty, "your answer was empty") }
            throw ReplyFault(Self.reads(asRefusal: text) ? .refusal : .shape, "your answer held no JSON object")
        }
        guard found.allSatisfy({ $0 == first }) else {
            throw ReplyFault(.shape, "your answer held \(found.count) different JSON objects: write one")
        }
        members = first
    }

    /// All whole objects that stand outside of one another.
    private static func objects(in bytes: [UInt8]) -> [JSONObject] {
        var objects: [JSONObject] = []
        var place = 0
        while let brace = bytes[place...].firstIndex(of: UInt8(ascii: "{")) {
            var scanner = LenientScanner(bytes: bytes, place: brace)
            if case .object(let object)? = scanner.value() {
                objects.append(object)
                place = scanner.place
            } else {
                place = brace + 1
            }
        }
        return objects
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
struct ReplyFault: Error, Sendable, Hashable {
    /// The kinds of fault.
    enum Kind: Sendable, Hashable {
        case empty, refusal, shape, cut
    }

    var kind: Kind
    /// What is wrong, told to the judge.
    var complaint: String

    init(_ kind: Kind, _ complaint: String) {
        self.kind = kind
        self.complaint = complaint
    }

    /// The cause that a failure gets from it.
    var cause: JudgeFailure.Cause { kind == .refusal ? .refusal : .malformed }
}
