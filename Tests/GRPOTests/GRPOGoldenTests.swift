// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import GRPO

/// Advantages, losses and gradients against TRL's own GRPOTrainer (Scripts/goldens/grpo.py).
@Suite("GRPO equals TRL")
struct GRPOGoldenTests {
    private struct Golden: Decodable {
        struct Advantages: Decodable {
            var rewards: [[Double]]
            var group: [Double]
            var batch: [Double]
            var none: [Double]
        }

        struct Loss: Decodable {
            var lengths: [Int]
            var max_completion_tokens: Int
            var inputs: Inputs
            var cases: [Case]
        }

        struct Inputs: Decodable {
            var policy: [[Double]]
            var old: [[Double]]
            var reference: [[Double]]
            var advantages: [Double]
        }

        struct Case: Decodable {
            var loss_type: LossName
            var kl_coefficient: Double
            var clip_low: Double
            var clip_high: Double
            var has_old: Bool
            var loss: Double
            var gradient: [[Double]]
            var clipped_share: Double
            var divergence: Double?
        }

        var advantages: Advantages
        var loss: Loss
    }

    private let golden: Golden

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/grpo.json")
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    private func isClose(_ a: Double, _ b: Double, tolerance: Double = 1e-9) -> Bool {
        abs(a - b) <= tolerance * max(abs(b), 1e-3)
    }

    @Test("Advantages", arguments: AdvantageScaling.allCases)
    func advantages(scaling: AdvantageScaling) {
        let expected =
            switch scaling {
            case .group: golden.advantages.group
            case .batch: golden.advantages.batch
            case .none: golden.advantages.none
            }
        let found = Advantages.estimate(rewards: golden.advantages.rewards, scaling: scaling)
        #expect(found.map(\.count) == golden.advantages.rewards.map(\.count))
        for (a, b) in zip(found.joined(), expected) {
            #expect(a.map { isClose($0, b) } == true, "\(String(describing: a)) and \(b)")
        }
    }

    @Test("Losses, gradients, clip fractions and divergences", arguments: LossName.allCases)
    func losses(name: LossName) {
        let cases = golden.loss.cases.filter { $0.loss_type == name }
        #expect(cases.count == 8)
        for golden in cases { compare(golden) }
    }

    private func compare(_ expected: Golden.Case) {
        let inputs = golden.loss.inputs
        let aggregation = expected.loss_type.aggregation(maxCompletionTokens: golden.loss.max_completion_tokens)
        let weights = aggregation.tokenWeights(lengths: golden.loss.lengths)
        let objective = TokenObjective(
            clipLow: expected.clip_low,
            clipHigh: expected.clip_high,
            klCoefficient: expected.kl_coefficient
        )
        var (loss, clipped, divergence) = (0.0, 0, 0.0)
        for (row, length) in golden.loss.lengths.enumerated() {
            for token in 0..<length {
                let policy = inputs.policy[row][token]
                let value = objective.value(
                    policy: policy,
                    old: expected.has_old ? inputs.old[row][token] : policy,
                    reference: expected.kl_coefficient > 0 ? inputs.reference[row][token] : nil,
                    advantage: inputs.advantages[row]
                )
                loss += value.loss * weights[row]
                clipped += value.isClipped ? 1 : 0
                divergence += value.divergence
                let gradient = value.gradient * weights[row]
                #expect(isClose(gradient, expected.gradient[row][token]), "row \(row), token \(token)")
            }
        }
        let tokens = Double(golden.loss.lengths.reduce(0, +))
        #expect(isClose(loss, expected.loss))
        // TRL averages its metrics in single precision.
        #expect(isClose(Double(clipped) / tokens, expected.clipped_share, tolerance: 1e-6))
        #expect(isClose(divergence / tokens, expected.divergence ?? 0, tolerance: 1e-6))
    }
}
