// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics
import Testing

@testable import Judging

@Suite("Verdicts in replies")
struct VerdictReplyTests {
    private func read(_ text: String, _ labels: [String], cut: Bool = false) throws -> VerdictReply {
        try VerdictReply(
            ChatReply(text: text, stopReason: cut ? .maxTokens : .complete),
            labels: labels,
            thinking: .standard
        )
    }

    private func outcomes(_ text: String, _ labels: [String]) throws -> [String: Verdict.Outcome] {
        try read(text, labels).findings.mapValues(\.outcome)
    }

    @Test("One criterion is answered by the object itself or by its member")
    func single() throws {
        let own = try read(#"{"reason": "so", "met": "no"}"#, ["c7"])
        #expect(own.findings["c7"]?.outcome == .unmet && own.findings["c7"]?.reason == "so")
        #expect(own.complaints.isEmpty)
        #expect(try outcomes(#"{"c7": {"reason": "so", "met": "no"}}"#, ["c7"]) == ["c7": .unmet])
        #expect(try outcomes(#"{"c1": {"met": "yes"}, "c7": {"met": "no"}}"#, ["c7"]) == ["c7": .unmet])
    }

    @Test(
        "The menu's words, in any case, and truth values are verdicts",
        arguments: [
            (#""yes""#, .met), (#""no""#, .unmet), (#""cannot_assess""#, .cannotAssess), (#""Yes""#, .met),
            (#""NO""#, .unmet), ("true", .met), ("false", .unmet), (#""met""#, .met), (#""unmet""#, .unmet),
            (#""cannot assess""#, .cannotAssess), (#""True""#, .met),
        ] as [(String, Verdict.Outcome)]
    )
    func menu(value: String, expected: Verdict.Outcome) throws {
        #expect(try outcomes(#"{"reason": "", "met": \#(value)}"#, ["c1"]) == ["c1": expected])
    }

    @Test(
        "Anything else is no verdict, and the complaint shows it",
        arguments: [
            #""maybe""#, #""""#, "1", "0", "null", "NaN", "[]", "[true]", "{}", #""yes, no""#, #""y""#, #""not met""#,
        ]
    )
    func offMenu(value: String) throws {
        let reply = try read(#"{"reason": "", "met": \#(value)}"#, ["c1"])
        #expect(reply.findings.isEmpty)
        let shown = value == "NaN" ? "null" : value
        #expect(reply.complaints == ["c1": "\"met\" of c1 is \(shown), none of yes, no, cannot_assess"])
    }

    @Test("A missing verdict is missing, also where the entry is there")
    func missing() throws {
        let reply = try read(#"{"c1": {"met": "yes"}, "c3": {"reason": "so"}, "c4": "yes"}"#, ["c1", "c2", "c3", "c4"])
        #expect(reply.findings.keys.sorted() == ["c1"])
        #expect(
            reply.complaints == [
                "c2": "c2 is missing", "c3": "\"met\" of c3 is missing, none of yes, no, cannot_assess",
                "c4": "\"met\" of c4 is missing, none of yes, no, cannot_assess",
            ]
        )
    }

    @Test("A label that stands twice has no verdict, and the others keep theirs")
    func duplicate() throws {
        let reply = try read(#"{"c1": {"met": "yes"}, "c2": {"met": "no"}, "c1": {"met": "yes"}}"#, ["c1", "c2"])
        #expect(reply.findings.mapValues(\.outcome) == ["c2": .unmet])
        #expect(reply.complaints == ["c1": "c1 is there twice or has no value"])
    }

    @Test("A verdict that stands twice in its entry is none")
    func duplicateVerdict() throws {
        #expect(try outcomes(#"{"met": "yes", "met": "no"}"#, ["c1"]).isEmpty)
        #expect(
            try outcomes(#"{"c1": {"met": "yes", "met": "yes"}, "c2": {"met": "no"}}"#, ["c1", "c2"]) == ["c2": .unmet]
        )
    }

    @Test("Labels that were not asked for are left aside")
    func unknown() throws {
        #expect(
            try outcomes(#"{"c1": {"met": "yes"}, "x2": {"met": "no"}, "C2": {"met": "no"}}"#, ["c1", "c2"]) == [
                "c1": .met
            ]
        )
        #expect(try outcomes(#"{"x1": {"met": "yes"}}"#, ["c1"]).isEmpty)
    }

    @Test("A list is read by its identifiers, never by its order")
    func list() throws {
        let text = #"{"verdicts": [{"id": "c2", "met": "no"}, {"label": "c1", "met": "yes"}, {"met": "yes"}]}"#
        #expect(try outcomes(text, ["c1", "c2", "c3"]) == ["c1": .met, "c2": .unmet])
        #expect(try outcomes(#"{"verdicts": [{"met": "yes"}, {"met": "no"}]}"#, ["c1", "c2"]).isEmpty)
        #expect(try outcomes(#"{"verdicts": ["yes", "no"]}"#, ["c1", "c2"]).isEmpty)
        let twice = #"{"verdicts": [{"id": "c1", "met": "no"}, {"id": "c1", "met": "no"}, {"id": "c2", "met": "no"}]}"#
        #expect(try outcomes(twice, ["c1", "c2"]) == ["c2": .unmet])
    }

    @Test("Verdicts are never taken by order from an object of other labels")
    func order() throws {
        #expect(try outcomes(#"{"first": {"met": "yes"}, "second": {"met": "no"}}"#, ["c1", "c2"]).isEmpty)
        #expect(try outcomes(#"{"met": "yes"}"#, ["c1", "c2"]).isEmpty)
    }

    @Test("A cut reply gives nothing away, and says that it was cut")
    func cut() {
        for text in [
            #"{"c1": {"reason": "so", "met": "yes"}, "c2": {"rea"#, #"{"c9": {"met": "yes"}, "c1"#, "", "I'm sorry",
        ] {
            let fault = #expect(throws: ReplyFault.self) { _ = try read(text, ["c1"], cut: true) }
            #expect(fault?.kind == .cut && fault?.cause == .malformed)
        }
    }

    @Test("A whole answer that reached the limit counts")
    func limit() throws {
        let reply = try read(#"{"reason": "so", "met": "yes"} and moreo"#, ["c1"], cut: true)
        #expect(reply.findings["c1"]?.outcome == .met)
    }

    // MARK: Confidence

    private func token(_ text: String, _ alternatives: [String: Double] = [:]) -> ChatReply.Token {
        .init(text: text, logprob: alternatives[text] ?? 0, alternatives: alternatives)
    }

    @Test("Confidence is the verdict's share among the menu's words")
    func confidence() throws {
        let tokens = [
            token("{\""), token("met"), token("\":"), token(" \""),
            token("yes", ["yes": log(0.6), "no": log(0.2), "Yes": log(0.1), "cannot": log(0.05)]), token("\"}"),
        ]
        let reply = ChatReply(text: #"{"met": "yes"}"#, tokens: tokens)
        let confidence = try VerdictReply(reply, labels: ["c1"], thinking: .standard).findings["c1"]?.confidence
        #expect(abs((confidence ?? 0) - 0.6 / 0.85) < 1e-12)
    }

    @Test("Where verdicts and labels do not match one to one there is no confidence")
    func noConfidence() throws {
        let tokens = ["{\"met\":\"", "yes", "\",\"x\":{\"met\":\"", "no", "\"}}"].map { token($0) }
        let reply = ChatReply(text: #"{"met":"yes","x":{"met":"no"}}"#, tokens: tokens)
        let finding = try VerdictReply(reply, labels: ["c1"], thinking: .standard).findings["c1"]
        #expect(finding?.outcome == .met && finding?.confidence == nil)
    }
}
