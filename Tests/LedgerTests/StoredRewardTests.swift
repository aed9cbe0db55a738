// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Ledger
import Rubrics
import Testing

@Suite("Stored rewards")
struct StoredRewardTests {
    private let key = CallKey(bytes: (0..<32).map { UInt8($0) })

    @Test("A reward comes back with its verdicts and the calls that failed")
    func roundTrip() async throws {
        let test = try TestLedger()
        var failure = ChatModelError(.contextOverflow, "too long \"by\" far")
        failure.key = key
        let other = CallKey(bytes: Array(repeating: 255, count: 32))
        var refusal = ChatModelError(.refusal, "")
        refusal.key = other
        let reward = StoredReward(
            subject: "r1",
            method: "rar-explicit",
            reward: 0.1 + 0.2,
            verdicts: [["criterion": "c1", "outcome": "met"], .null],
            failures: [key: failure, other: refusal]
        )
        try await test.ledger.record(reward)
        #expect(try await test.reopened().reward(of: "r1", method: "rar-explicit") == reward)
    }

    @Test("What is unscored has no reward, not a zero")
    func unscored() async throws {
        let test = try TestLedger()
        let reward = StoredReward(subject: "r", method: "m", reward: nil, verdicts: [], failures: [:])
        try await test.ledger.record(reward)
        #expect(try await test.ledger.reward(of: "r", method: "m") == reward)
    }

    @Test(
        "Every cause of a failure comes back as itself",
        arguments: [
            .timeout, .connection, .rateLimited, .serverError, .auth, .quota, .budget, .refusal, .contentFilter,
            .contextOverflow, .malformed, .rejected, .unrecorded,
        ] as [ChatModelError.Code]
    )
    func causes(code: ChatModelError.Code) async throws {
        let test = try TestLedger()
        let failures = [key: ChatModelError(code, "why")]
        try await test.ledger.record(
            StoredReward(subject: "r", method: "m", reward: nil, verdicts: [], failures: failures)
        )
        let back = try await test.ledger.reward(of: "r", method: "m")
        #expect(back?.failures[key]?.code == code && back?.failures[key]?.message == "why")
    }

    @Test("A subject has one reward a method; the last one stands")
    func replaced() async throws {
        let test = try TestLedger()
        for (method, value) in [("a", 0.1), ("b", 0.2), ("a", 0.3)] {
            try await test.ledger.record(
                StoredReward(subject: "r", method: method, reward: value, verdicts: [], failures: [:])
            )
        }
        #expect(try await test.ledger.reward(of: "r", method: "a")?.reward == 0.3)
        #expect(try await test.ledger.reward(of: "r", method: "b")?.reward == 0.2)
        #expect(try await test.ledger.reward(of: "r", method: "c") == nil)
        #expect(try await test.ledger.rewardCount() == 2)
    }
}
