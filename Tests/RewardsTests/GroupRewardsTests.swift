// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Testing

private func judged(_ credits: [(String, Double, Bool)]) -> [JudgedCriterion] {
    credits.map { JudgedCriterion(id: $0.0, polarity: .positive, weight: $0.1, isCredited: $0.2) }
}

@Suite("Criteria normalized over a group")
struct GroupRewardsTests {
    // a over four members is 1, 0, 0, 0: mean 1/4, deviation √(Σ(x − 1/4)² / 3) = √(0.75 / 3) = 0.5.
    // b is 1, 1, 0, 0: mean 1/2, deviation √(1 / 3) = 0.5773503. c is 1 for all: 0.
    @Test("Hand-computed group")
    func table() throws {
        let group = [(true, true), (false, true), (false, false), (false, false)].map {
            judged([("a", 1, $0.0), ("b", 0.5, $0.1), ("c", 0.5, true)])
        }
        let values = GroupRewards.normalized(group)
        let high = (0.75 / 0.5001, 0.5 / 0.577_450_269)
        let low = (-0.25 / 0.5001, -0.5 / 0.577_450_269)
        let expected = [
            (high.0 + 0.5 * high.1) / 2, (low.0 + 0.5 * high.1) / 2, (low.0 + 0.5 * low.1) / 2,
            (low.0 + 0.5 * low.1) / 2,
        ]
        for (value, expected) in zip(values, expected) { #expect(abs(try #require(value) - expected) < 1e-8) }
    }

    // a is judged for the first and third member only: 1, 0: mean 1/2, deviation √(0.5 / 1) = 0.7071068.
    @Test("A member counts what was judged for it, over those for whom it was judged")
    func unjudged() throws {
        let group = [
            judged([("a", 3, true), ("b", 1, true)]), judged([("b", 1, true)]), judged([("a", 3, false)]), [],
        ]
        let values = GroupRewards.normalized(group)
        let z = 0.5 / (0.5.squareRoot() + 1e-4)
        #expect(abs(try #require(values[0]) - 3 * z / 4) < 1e-12)
        #expect(values[1] == 0)
        #expect(abs(try #require(values[2]) + z) < 1e-12)
        #expect(values[3] == nil)
    }

    @Test("Equal credits give exactly 0, and so does a criterion that one member has", arguments: [true, false])
    func equal(isCredited: Bool) {
        let group = (0..<7).map { _ in judged([("a", 0.1, isCredited), ("b", 0.7, !isCredited)]) }
        #expect(GroupRewards.normalized(group) == Array(repeating: 0, count: 7))
        #expect(GroupRewards.normalized([judged([("a", 1, isCredited)])]) == [0])
    }

    @Test("The values of a fully judged group sum to 0, and weights' scale does not matter", arguments: 0..<200)
    func sum(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let weights = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
            Double.random(in: 0.1...3, using: &generator)
        }
        let group = (0..<Int.random(in: 2...16, using: &generator)).map { _ in
            judged(weights.enumerated().map { ("c\($0)", $1, Bool.random(using: &generator)) })
        }
        let values = try GroupRewards.normalized(group).map { try #require($0) }
        #expect(abs(values.reduce(0, +)) < 1e-9)
        let scaled = GroupRewards.normalized(
            group.map {
                $0.map {
                    JudgedCriterion(id: $0.id, polarity: .positive, weight: 5 * $0.weight, isCredited: $0.isCredited)
                }
            }
        )
        #expect(zip(values, scaled).allSatisfy { abs($0 - ($1 ?? .nan)) < 1e-9 })
    }

    @Test("A member that earns more of every criterion has more", arguments: 0..<200)
    func dominance(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var group = (0..<6).map { _ in
            judged((0..<5).map { ("c\($0)", 1, Bool.random(using: &generator)) })
        }
        group[1] = group[0].map { JudgedCriterion(id: $0.id, polarity: .positive, weight: 1, isCredited: true) }
        let values = GroupRewards.normalized(group)
        #expect(try #require(values[1]) >= #require(values[0]) - 1e-12)
    }
}
