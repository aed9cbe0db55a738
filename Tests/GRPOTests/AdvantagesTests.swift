// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import GRPO

@Suite("Advantages")
struct AdvantagesTests {
    /// Computed by hand. For [0, 1]: mean 1/2, deviation √(1/2) = 0.7071067811865476.
    @Test(
        "What TRL does not cover, by hand",
        arguments: [
            // An unscored sample leaves the mean, the deviation and the result.
            ([[0, nil, 1]], .group, 2, [[-0.5 / 0.707_206_781_186_547_6, nil, 0.5 / 0.707_206_781_186_547_6]]),
            ([[0, nil, 1]], .none, 2, [[-0.5, nil, 0.5]]),
            // A group below the minimum is skipped: one scored sample has nothing to be compared with.
            ([[nil, 0.4, nil], [0, 1]], .none, 2, [[nil, nil, nil], [-0.5, 0.5]]),
            ([[0, 1, nil, nil]], .none, 3, [[nil, nil, nil, nil]]),
            ([[nil, nil]], .group, 2, [[nil, nil]]),
            ([[]], .group, 2, [[]]),
            ([], .batch, 2, []),
            // A group of one that the recipe allows has no deviation and no signal.
            ([[0.7]], .group, 1, [[0]]),
            // The batch's deviation is of the raw rewards of all scored samples: 0, 1, 1, 1 have mean 3/4, deviation 1/2.
            ([[0, 1], [1, nil, 1]], .batch, 2, [[-0.5 / 0.5001, 0.5 / 0.5001], [0, nil, 0]]),
            // The skipped group's reward counts in the batch's deviation: 0, 1 and 1/2 have deviation 1/2.
            ([[0, 1], [0.5, nil]], .batch, 2, [[-0.5 / 0.5001, 0.5 / 0.5001], [nil, nil]]),
        ] as [([[Double?]], AdvantageScaling, Int, [[Double?]])]
    )
    func table(rewards: [[Double?]], scaling: AdvantageScaling, minimum: Int, expected: [[Double?]]) throws {
        let found = Advantages.estimate(rewards: rewards, scaling: scaling, minimumGroupSize: minimum)
        #expect(found.map(\.count) == expected.map(\.count))
        for (a, b) in zip(found.joined(), expected.joined()) {
            guard let b else {
                #expect(a == nil)
                continue
            }
            #expect(abs(try #require(a) - b) < 1e-12)
        }
    }

    @Test("Equal rewards give exactly 0, whatever rounding does to their mean", arguments: AdvantageScaling.allCases)
    func equalRewards(scaling: AdvantageScaling) {
        for reward in [0, 0.1, 0.35, 0.7, 1 / 3, 1, -2.1] as [Double] {
            for size in 2...33 {
                let group = [Double?](repeating: reward, count: size)
                let found = Advantages.estimate(rewards: [group, [0, 1]], scaling: scaling)[0]
                #expect(found == [Double?](repeating: 0, count: size), "\(size) rewards of \(reward)")
            }
        }
        // The mean of seven times 0.35 is not 0.35.
        #expect([Double](repeating: 0.35, count: 7).reduce(0, +) / 7 != 0.35)
        let unscored = Advantages.estimate(
            rewards: [[0.35, 0.35, 0.35, nil, 0.35, 0.35, 0.35, 0.35]],
            scaling: scaling
        )
        #expect(unscored[0].compactMap(\.self) == [Double](repeating: 0, count: 7))
    }

    @Test("Seven of 0.35 against one of another reward share one advantage")
    func sevenAgainstOne() throws {
        let rewards = [Double?](repeating: 0.35, count: 7) + [0.9]
        let found = Advantages.estimate(rewards: [rewards], scaling: .group)[0].compactMap(\.self)
        #expect(Set(found.prefix(7)).count == 1)
        // Mean 0.41875; deviation 0.55 · √(1/8) = 0.194454364826...
        #expect(abs(found[0] + 0.068_75 / (0.55 * 0.125.squareRoot() + 1e-4)) < 1e-12)
        #expect(abs(found[7] - 0.481_25 / (0.55 * 0.125.squareRoot() + 1e-4)) < 1e-12)
    }

    @Test("The share of groups that teach nothing counts usable groups only")
    func zeroVarianceShare() {
        let rewards: [[Double?]] = [[0.5, 0.5], [0, 1], [0.5, nil, nil], [nil, nil], [1, 1, nil]]
        #expect(Advantages.zeroVarianceShare(rewards: rewards, minimumGroupSize: 2) == 2.0 / 3)
        #expect(Advantages.zeroVarianceShare(rewards: [[nil]], minimumGroupSize: 2) == 0)
        #expect(Advantages.zeroVarianceShare(rewards: [], minimumGroupSize: 2) == 0)
    }

    // MARK: Properties

    private func batch(_ seed: UInt64) -> [[Double?]] {
        var generator = SplitMix64(seed: seed)
        return (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            (0..<Int.random(in: 2...12, using: &generator)).map { _ in
                Int.random(in: 0..<8, using: &generator) == 0 ? nil : generator.uniform() * 3 - 1
            }
        }
    }

    @Test("Advantages of a group sum to 0 and keep the order of its rewards", arguments: 0..<200 as Range<UInt64>)
    func sums(seed: UInt64) {
        let rewards = batch(seed)
        for scaling in AdvantageScaling.allCases {
            for (group, found) in zip(rewards, Advantages.estimate(rewards: rewards, scaling: scaling)) {
                let advantages = found.compactMap(\.self)
                let largest = advantages.map(abs).max() ?? 0
                #expect(abs(advantages.reduce(0, +)) <= 1e-12 * max(largest, 1) * Double(max(advantages.count, 1)))
                let pairs = zip(group, found).compactMap { reward, advantage in advantage.map { (reward ?? .nan, $0) } }
                let sorted = pairs.sorted { $0.0 < $1.0 }.map(\.1)
                #expect(sorted == sorted.sorted())
            }
        }
    }

    @Test("Permuting a group permutes its advantages", arguments: 0..<200 as Range<UInt64>)
    func permutations(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed, path: 1)
        let rewards = batch(seed)
        let order = rewards[0].indices.shuffled(using: &generator)
        let permuted = [order.map { rewards[0][$0] }] + rewards.dropFirst()
        for scaling in AdvantageScaling.allCases {
            let found = Advantages.estimate(rewards: rewards, scaling: scaling)
            let other = Advantages.estimate(rewards: permuted, scaling: scaling)
            for (place, index) in order.enumerated() {
                #expect((other[0][place] == nil) == (found[0][index] == nil))
                #expect(abs((other[0][place] ?? 0) - (found[0][index] ?? 0)) < 1e-9)
            }
        }
    }

    @Test("A shift of all rewards of a group changes nothing; a stretch changes nothing but the floor's part")
    func shiftAndStretch() {
        let rewards: [Double?] = [0.125, 0.5, nil, 0.25, 1]
        let plain = Advantages.estimate(rewards: [rewards], scaling: .group)[0]
        let shifted = Advantages.estimate(rewards: [rewards.map { $0.map { $0 + 4 } }], scaling: .group)[0]
        let stretched = Advantages.estimate(rewards: [rewards.map { $0.map { $0 * 1024 } }], scaling: .group)[0]
        for ((a, b), c) in zip(zip(plain, shifted), stretched) {
            #expect(abs((a ?? 0) - (b ?? 0)) < 1e-12)
            #expect(abs((a ?? 0) - (c ?? 0)) < 1e-3)
        }
    }
}
