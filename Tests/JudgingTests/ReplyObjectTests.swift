// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import Judging

@Suite("Objects in replies")
struct ReplyObjectTests {
    private static let verdict: JSONObject = ["reason": "it says so", "met": "yes"]

    private func read(_ reply: String) -> Result<JSONObject, ReplyFault> {
        do throws(ReplyFault) {
            return .success(try ReplyObject(in: reply, thinking: .standard).members)
        } catch { return .failure(error) }
    }

    private func members(_ reply: String) -> JSONObject? { try? read(reply).get() }

    private func fault(_ reply: String) -> ReplyFault? {
        if case .failure(let fault) = read(reply) { fault } else { nil }
    }

    @Test(
        "The object is found, however it is written",
        arguments: [
            #"{"reason": "it says so", "met": "yes"}"#,
            "\n\n  {\"reason\":\"it says so\",\"met\":\"yes\"}\r\n",
            "```json\n{\"reason\": \"it says so\", \"met\": \"yes\"}\n```",
            "Here is my answer:\n```\n{\"reason\": \"it says so\", \"met\": \"yes\"}\n```\nI hope that this helps.",
            #"My verdict: {"reason": "it says so", "met": "yes"}. Done."#,
            #"{'reason': 'it says so', 'met': 'yes'}"#,
            #"{"reason": 'it says so', 'met': "yes",}"#,
            #"{"reason": "it says so", "met": "yes"} {"reason": "it says so", "met": "yes"}"#,
            #"<think>{"met": "no"}</think>{"reason": "it says so", "met": "yes"}"#,
            #"Let me think. {"met": "no"}</think> {"reason": "it says so", "met": "yes"}"#,
            #"The set {x | x > 0} is meant. {"reason": "it says so", "met": "yes"}"#,
            #"It uses { as a mark. {"reason": "it says so", "met": "yes"}"#,
            #"{"reason": "it\u0020says so", "met": "yes"}"#,
        ]
    )
    func found(reply: String) {
        #expect(members(reply) == Self.verdict)
    }

    @Test(
        "Values are read as models write them",
        arguments: [
            ("{'a': True, 'b': False, 'c': None}", ["a": true, "b": false, "c": nil]),
            ("{\"a\": NaN, \"b\": -Infinity, \"c\": undefined}", ["a": nil, "b": nil, "c": nil]),
            ("{\"a\": [1, 2.5, -3,], }", ["a": [1, 2.5, -3]]),
            ("{'a': 'it's the patient's own', 'b': 'no'}", ["a": "it's the patient's own", "b": "no"]),
            ("{'a': 'he said \"no\"'}", ["a": "he said \"no\""]),
            ("{\"a\": \"two\nlines\t\"}", ["a": "two\nlines\t"]),
            (#"{'a': 'q\'s', "b": "\"\\\/\u00e9\ud83d\ude00\ud83d"}"#, ["a": "q's", "b": "\"\\/é😀\u{FFFD}"]),
            ("{'a': {}, 'b': []}", ["a": [:], "b": []]),
            ("{'a': 'TRUE', 'b': TRUE}", ["a": "TRUE", "b": true]),
        ] as [(String, JSONObject)]
    )
    func values(reply: String, expected: JSONObject) {
        #expect(members(reply) == expected)
    }

    @Test("A key that stands twice has no value, whatever its values are")
    func duplicateKeys() {
        #expect(members(#"{"met": "yes", "reason": "", "met": "no"}"#) == ["met": nil, "reason": ""])
        #expect(members(#"{"met": "yes", "met": "yes", "met": "yes"}"#) == ["met": nil])
        // These two are the same to Swift, and not in bytes.
        #expect(members("{\"\u{120}\": 1, \"G\u{307}\": 2}")?.members.count == 2)
    }

    @Test("Several different objects are no answer, and the complaint counts them")
    func severalObjects() {
        let fault = fault(#"{"met": "yes"} no, rather {"met": "no"}"#)
        #expect(fault == ReplyFault(.shape, "your answer held 2 different JSON objects: write one"))
        #expect(fault?.cause == .malformed)
    }

    @Test(
        "An object that cannot be read hides what is inside of it: it may answer another question",
        arguments: [
            #"{"c1": {"reason": "so", "met": "yes"}, "c2": {"reason": "it sa"#,
            #"{"c1": {"reason": "so", "met": "yes"} "c2": {"reason": "so", "met": "yes"}}"#,
            #"{c1: {"reason": "so", "met": "yes"}}"#,
            #"[{"met": "yes"}, {"met": "no"}"#,
            #"{'a': {'met': 'yes'}, 'b"#,
            #"{"a" {"met": "yes"}}"#,
            #"It wrote {"a": 1, ...}. {"reason": "it says so", "met": "yes"}"#,
            #"{"reason": "it says so", "met": "yes"} {"reason": "it"#,
        ]
    )
    func brokenObjects(reply: String) {
        #expect(fault(reply)?.kind == .shape)
    }

    @Test(
        "Empty replies are empty, also after thinking",
        arguments: ["", " \n\t", "<think>yes</think>\n", "<think>yes"]
    )
    func empty(reply: String) {
        #expect(fault(reply)?.kind == .empty)
        #expect(fault(reply)?.cause == .malformed)
    }

    @Test(
        "Prose, numbers and other values are no answer",
        arguments: [
            "I would give this a 7 out of 10.", "met", "yes", "7", "[1, 2]", "null", "{", "}", "{{", "{}{",
            "{\"met\": yes, no}", "{\"met\"}", "{met: yes}", "{\"met\": \"yes\"", "{\"a\": tru}", "{\"a\": 1e999}",
        ]
    )
    func prose(reply: String) {
        let kind = fault(reply)?.kind
        #expect(kind == .shape || reply == "{}{" && members(reply) == [:])
    }

    @Test(
        "A reply that declines is a refusal",
        arguments: [
            "I'm sorry, but I can't help with that.", "I\u{2019}m sorry, I can\u{2019}t assist with this.",
            "I cannot judge such a text.", "Unfortunately I am unable to assist.", "I WON\u{2019}T do this.",
        ]
    )
    func refusal(reply: String) {
        #expect(fault(reply)?.kind == .refusal)
        #expect(fault(reply)?.cause == .refusal)
    }

    @Test("A reply that declines and still answers is an answer")
    func answeredRefusal() {
        #expect(members(#"I'm sorry to say so: {"reason": "it says so", "met": "yes"}"#) == Self.verdict)
    }

    @Test("Objects too deep for any answer are a fault, not a crash", arguments: [1_000, 20_000])
    func deep(depth: Int) {
        let opening = String(repeating: "{\"a\":", count: depth)
        #expect(fault(opening + "1" + String(repeating: "}", count: depth)) != nil)
        #expect(fault(opening) != nil)
        #expect(fault("{\"a\": " + String(repeating: "[", count: depth)) != nil)
    }

    // MARK: Anything at all

    @Test("Random bytes never crash", arguments: 0..<200 as Range<UInt64>)
    func randomBytes(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("{{{}}[]\"\"''::,,\\u\\n 0.-eNTFabc\u{301}\u{2019}<think></think>\n\0é漢😀".utf8)
        let bytes = (0..<300).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
        _ = read(String(decoding: bytes, as: UTF8.self))
    }

    @Test(
        "A verdict with one byte changed never crashes, and never turns into the opposite",
        arguments: 0..<200 as Range<UInt64>
    )
    func mutations(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bytes = Array(
            #"{"c1": {"reason": "it's {so} \u00e9", "met": "yes"}, "c2": {"reason": "", "met": "no"}}"#.utf8
        )
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        }
        let object = members(String(decoding: bytes, as: UTF8.self))
        #expect(object?["c1"]?["met"]?.string != "no")
        #expect(object?["c2"]?["met"]?.string != "yes")
        #expect(object?["met"] == nil)
    }
}
