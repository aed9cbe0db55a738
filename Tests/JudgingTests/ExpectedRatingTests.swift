// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics
import Testing

@testable import Judging

@Suite("Expected ratings")
struct ExpectedRatingTests {
    private func value(_ masses: [Int: Double]) -> Double? {
        try? ExpectedRating.value(logprobs: masses.mapValues(log)).get()
    }

    // Σ p(k)·k / Σ p(k), by hand.
    @Test(
        "The expectation over the menu, renormalised",
        arguments: [
            ([7: 1.0], 7.0), ([1: 0.5, 10: 0.5], 5.5), ([7: 0.5, 8: 0.5], 7.5), ([6: 0.2, 7: 0.5, 8: 0.3], 7.1),
            ([3: 0.45, 4: 0.45], 3.5), ([9: 0.9, 10: 0.1], 9.1), ([5: 0.95], 5),
        ] as [([Int: Double], Double)]
    )
    func expectation(masses: [Int: Double], expected: Double) throws {
        let value = try #require(self.value(masses))
        #expect(abs(value - expected) < 1e-12)
    }

    @Test("With less than nine tenths of the probability on the menu there is no number")
    func leastMass() {
        #expect(value([7: 0.9000001]) == 7)
        #expect(value([7: 0.5, 8: 0.39]) == nil)
        #expect(value([:]) == nil)
        let fault = #expect(throws: ReplyFault.self) { try ExpectedRating.value(logprobs: [7: log(0.424)]).get() }
        #expect(fault?.complaint == "only 42% of the probability lies on the ratings")
    }

    @Test("What cannot be has no mass, and nothing at all is a failure, not a number")
    func infinities() {
        #expect(value([7: 1, 8: 0]) == 7)
        #expect(value(Dictionary(uniqueKeysWithValues: (1...10).map { ($0, 0.0) })) == nil)
        #expect(throws: ReplyFault.self) { try ExpectedRating.value(logprobs: [7: .nan]).get() }
    }

    @Test("The sum is the same every time, bit by bit")
    func deterministic() {
        let masses = Dictionary(uniqueKeysWithValues: (1...10).map { ($0, 0.093 + 0.001 * Double($0)) })
        let values = Set((0..<50).map { _ in value(Dictionary(uniqueKeysWithValues: masses.shuffled()))?.bitPattern })
        #expect(values.count == 1)
    }

    // MARK: Letters

    private func reply(_ letter: String, _ alternatives: [String: Double]) -> ChatReply {
        let chosen = ChatReply.Token(
            text: letter,
            logprob: log(alternatives[letter] ?? 1),
            alternatives: alternatives.mapValues(log)
        )
        let before = ["{\"", "reason", "\":\"A or B: so", "\",\"", "rating", "\":\""].map {
            ChatReply.Token(text: $0, logprob: 0)
        }
        return ChatReply(text: "", tokens: before + [chosen, .init(text: "\"}", logprob: 0)])
    }

    @Test("A letter's alternatives are ratings, with and without a space or a quote before them")
    func letters() throws {
        let reply = reply("H", ["H": 0.5, " H": 0.1, "\"I": 0.2, "G": 0.2])
        // 8 × 0.6 + 9 × 0.2 + 7 × 0.2.
        #expect(abs(try ExpectedRating.value(of: reply).get() - 8) < 1e-12)
    }

    @Test("What is no letter of the menu takes its mass away")
    func otherTokens() {
        #expect(throws: ReplyFault.self) {
            try ExpectedRating.value(of: reply("H", ["H": 0.6, "K": 0.2, "h": 0.1, "Hmm": 0.1])).get()
        }
    }

    @Test("Without log-probabilities there is no expectation, and the failure says so")
    func none() {
        let fault = #expect(throws: ReplyFault.self) {
            try ExpectedRating.value(of: ChatReply(text: #"{"rating": "H"}"#)).get()
        }
        #expect(fault?.complaint == "the endpoint gave no log-probabilities")
    }
}
