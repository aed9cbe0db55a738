// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Testing

@testable import Judging

@Suite("Places of tokens")
struct TokenPositionsTests {
    private func positions(_ texts: [String]) -> TokenPositions {
        TokenPositions(ChatReply(text: "", tokens: texts.map { ChatReply.Token(text: $0, logprob: -0.5) }))
    }

    @Test(
        "The token in which a value begins is found, however the text is split",
        arguments: [
            (["{\"met\": \"", "yes", "\"}"], "yes"),
            (["{", "\"", "met", "\"", ":", " ", "\"", "yes", "\"", "}"], "yes"),
            (["{\"met\"", ":\"yes\"}"], ":\"yes\"}"), (["{\"met\": \"y", "es\"}"], "{\"met\": \"y"),
            (["{\"met\": tr", "ue}"], "{\"met\": tr"), (["{\"met\":", "\n", "  \"no", "\"}"], "  \"no"),
            (["é{\"met\": \"", "no", "\"}"], "no"),
        ]
    )
    func splits(texts: [String], expected: String) {
        #expect(positions(texts).tokens(of: "met").map(\.text) == [expected])
    }

    @Test("Each value of a key is found, in order; a text that quotes the key is not one")
    func several() {
        let texts = [
            "{\"c1\": {\"reason\": \"\\\"met\\\": \\\"no\\\"\", \"met\": \"", "yes", "\"}, \"c2\": {\"met\": \"", "no",
            "\"}}",
        ]
        #expect(positions(texts).tokens(of: "met").map(\.text) == ["yes", "no"])
        #expect(positions(texts).tokens(of: "rating").isEmpty)
    }

    @Test("A reply that ends behind the key has no value there", arguments: [["{\"met\""], ["{\"met\": "], [], [""]])
    func cut(texts: [String]) {
        #expect(positions(texts).tokens(of: "met").isEmpty)
    }

    @Test("Words of a menu share the probability; a token that begins none stands for itself")
    func shares() {
        let menu = ["yes", "no", "cannot_assess"]
        func value(_ text: String, _ alternatives: [String: Double]) -> Double? {
            let token = ChatReply.Token(
                text: text,
                logprob: log(alternatives[text] ?? 0.5),
                alternatives: alternatives.mapValues(log)
            )
            let reply = ChatReply(text: "", tokens: [.init(text: "{\"met\":\"", logprob: 0), token])
            return TokenPositions(reply).values(of: "met", words: menu).first
        }
        #expect(abs((value("no", ["no": 0.3, "yes": 0.1, "other": 0.6]) ?? 0) - 0.75) < 1e-12)
        #expect(abs((value("can", ["can": 0.4, "y": 0.4]) ?? 0) - 0.5) < 1e-12)
        #expect(abs((value("true", ["true": 0.7, "false": 0.3]) ?? 0) - 0.7) < 1e-12)
    }

    @Test("A share is the same every time, bit by bit")
    func deterministic() {
        let texts = ["no", "No", " no", "yes", "y", "ye", "can", "cannot", "n", "c"]
        let values = Set(
            (0..<50).map { _ in
                let alternatives = texts.enumerated().map { ($1, log(0.05 + 0.007 * Double($0))) }.shuffled()
                let token = ChatReply.Token(
                    text: "no",
                    logprob: log(0.05),
                    alternatives: Dictionary(uniqueKeysWithValues: alternatives)
                )
                let reply = ChatReply(text: "", tokens: [.init(text: "{\"met\":\"", logprob: 0), token])
                return TokenPositions(reply).values(of: "met", words: ["yes", "no", "cannot_assess"])[0].bitPattern
            }
        )
        #expect(values.count == 1)
    }
}
