// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import GRPO

@Suite("The token objective and its aggregation")
struct TokenObjectiveTests {
    @Test("In the first update the ratio is 1 and the gradient the advantage")
    func firstUpdate() {
        let value = TokenObjective().value(policy: -1.7, old: -1.7, reference: nil, advantage: 0.6)
        #expect(value.ratio == 1 && value.loss == -0.6 && value.gradient == -0.6)
        #expect(!value.isClipped && value.divergence == 0)
    }

    /// The clip stops a gradient only where the step would lead further out: up for good tokens, down for bad ones.
    @Test(
        "The clip's four corners",
        arguments: [
            (ratio: 1.5, advantage: 2.0, loss: -2.4, isClipped: true),
            (ratio: 1.5, advantage: -2.0, loss: 3.0, isClipped: false),
            (ratio: 0.5, advantage: 2.0, loss: -1.0, isClipped: false),
            (ratio: 0.5, advantage: -2.0, loss: 1.8, isClipped: true),
            (ratio: 1.5, advantage: 0.0, loss: 0.0, isClipped: false),
        ]
    )
    func corners(ratio: Double, advantage: Double, loss: Double, isClipped: Bool) {
        let objective = TokenObjective(clipLow: 0.1, clipHigh: 0.2)
        let value = objective.value(policy: log(ratio), old: 0, reference: nil, advantage: advantage)
        #expect(abs(value.loss - loss) < 1e-12)
        #expect(value.isClipped == isClipped)
        #expect(abs(value.gradient - (isClipped ? 0 : -ratio * advantage)) < 1e-12)
    }

    @Test(
        "Stale tokens weigh exp(old − sampling), at most 2",
        arguments: [(0.5, 0.5), (1, 1), (1.25, 1.25), (2, 2), (3, 2), (1e9, 2)]
    )
    func staleness(ratio: Double, weight: Double) {
        let found = TokenObjective.stalenessWeight(old: -1 + log(ratio), sampling: -1)
        #expect(abs(found - weight) < 1e-12)
    }

    /// ρ = 1.5 beyond a clip of 0.2 with A = −2: −ρ·A = 3; D of a gap of −log 2 is 0.5 + log 2 − 1.
    @Test("A stale token's weight scales its surrogate, not its divergence")
    func staleObjective() {
        let objective = TokenObjective(klCoefficient: 0.1)
        let policy = log(1.5)
        let value = objective.value(
            policy: policy,
            old: 0,
            reference: policy - log(2),
            advantage: -2,
            weight: 0.5
        )
        let divergence = 0.5 + log(2) - 1
        #expect(abs(value.divergence - divergence) < 1e-12)
        #expect(abs(value.loss - (1.5 + 0.1 * divergence)) < 1e-12)
        #expect(abs(value.gradient - (1.5 + 0.1 * 0.5)) < 1e-12)
        #expect(abs(value.ratio - 1.5) < 1e-12 && !value.isClipped)
    }

    @Test("The divergence is never negative, and 0 only where the policies agree", arguments: 0..<200 as Range<UInt64>)
    func divergence(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let (policy, reference) = (-5 * generator.uniform(), -5 * generator.uniform())
        let objective = TokenObjective(klCoefficient: 0.3)
        #expect(objective.value(policy: policy, old: policy, reference: reference, advantage: 0).divergence > 0)
        let same = objective.value(policy: policy, old: policy, reference: policy, advantage: 0)
        #expect(same.divergence == 0 && same.gradient == 0)
    }

    @Test("The gradient is the loss's slope", arguments: 0..<200 as Range<UInt64>)
    func finiteDifferences(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let objective = TokenObjective(clipLow: 0.2, clipHigh: 0.3, klCoefficient: 0.05)
        let old = -4 * generator.uniform()
        let policy = old + generator.uniform() - 0.5
        let reference = old + generator.uniform() - 0.5
        let advantage = 4 * generator.uniform() - 2
        let weight = 2 * generator.uniform()
        func value(_ policy: Double) -> TokenObjective.Value {
            objective.value(policy: policy, old: old, reference: reference, advantage: advantage, weight: weight)
        }
        let step = 1e-6
        // At the clip's corner there is no slope.
        guard [0.8, 1.3].allSatisfy({ abs(value(policy).ratio - $0) > 1e-4 }) else { return }
        let slope = (value(policy + step).loss - value(policy - step).loss) / (2 * step)
        #expect(abs(slope - value(policy).gradient) < 1e-7)
    }

    // MARK: Aggregation

    @Test("Token weights, by hand")
    func weights() {
        #expect(LossAggregation.sequenceMean.tokenWeights(lengths: [4, 1]) == [0.125, 0.5])
        #expect(LossAggregation.tokenMean.tokenWeights(lengths: [3, 1]) == [0.25, 0.25])
        #expect(LossAggregation.constantLength(16).tokenWeights(lengths: [3, 1]) == [1 / 32, 1 / 32])
        for aggregation in [LossAggregation.sequenceMean, .tokenMean, .constantLength(8)] {
            #expect(aggregation.tokenWeights(lengths: []) == [])
        }
    }

    @Test("Recipe names and what they mean")
    func names() {
        let meanings = LossName.allCases.map { $0.aggregation(maxCompletionTokens: 96) }
        #expect(meanings == [.sequenceMean, .constantLength(96), .tokenMean, .tokenMean])
        #expect(LossName.allCases.map(\.rawValue) == ["grpo", "dr_grpo", "dapo", "bnpo"])
    }

    @Test("Means of equal losses are that loss", arguments: 0..<200 as Range<UInt64>)
    func meansOfEquals(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let lengths = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
            Int.random(in: 1...96, using: &generator)
        }
        for aggregation in [LossAggregation.sequenceMean, .tokenMean] {
            let weights = aggregation.tokenWeights(lengths: lengths)
            let total = zip(weights, lengths).reduce(0) { $0 + $1.0 * Double($1.1) }
            #expect(abs(total - 1) < 1e-12)
        }
        let constant = LossAggregation.constantLength(96).tokenWeights(lengths: lengths)
        let share = Double(lengths.reduce(0, +)) / Double(96 * lengths.count)
        #expect(abs(zip(constant, lengths).reduce(0) { $0 + $1.0 * Double($1.1) } - share) < 1e-12)
    }
}
