// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rewards
import Rubrics
import Testing

/// Pairs of completions of ten criteria each, preferred by a rater with weights of their own.
private func pairs(count: Int, seed: UInt64, rater: [Importance: Double], sharpness: Double = 60) -> [PreferencePair] {
    var generator = SplitMix64(seed: seed)
    let classes: [Importance] =
        [.essential, .essential, .essential, .important, .important, .important]
        + [.optional, .optional, .pitfall, .pitfall]
    func completion() -> [JudgedCriterion] {
        classes.map {
            JudgedCriterion(polarity: .positive, importance: $0, weight: 1, isCredited: generator.uniform() < 0.5)
        }
    }
    func value(_ judged: [JudgedCriterion]) -> Double {
        judged.filter(\.isCredited).reduce(0) { $0 + (rater[$1.importance ?? .optional] ?? 0) } / 10
    }
    return (0..<count).map { index in
        let (left, right) = (completion(), completion())
        let prefersLeft = 1 / (1 + exp(-sharpness * (value(left) - value(right))))
        let isLeft = generator.uniform() < prefersLeft
        return PreferencePair(
            task: "t\(index / 2)",
            chosen: isLeft ? left : right,
            rejected: isLeft ? right : left
        )
    }
}

private func judged(_ credited: [(Importance?, Bool)]) -> [JudgedCriterion] {
    credited.map { JudgedCriterion(polarity: .positive, importance: $0.0, weight: 1, isCredited: $0.1) }
}

@Suite("Weights learned from preferences")
struct PreferenceWeightsTests {
    @Test("The rater's order of classes is found again, near the true weights", arguments: 0..<5)
    func recovery(seed: UInt64) throws {
        let rater: [Importance: Double] = [.essential: 1, .important: 0.5, .optional: 0.1, .pitfall: 0.75]
        let result = try PreferenceWeights.fit(pairs: pairs(count: 600, seed: seed, rater: rater), seed: seed)
        let weights = Importance.allCases.map { result.weights[$0] ?? -1 }
        #expect(result.weights[.essential] == 1)
        #expect(weights[0] > weights[3] && weights[3] > weights[1] && weights[1] > weights[2])
        for importance in Importance.allCases {
            #expect(abs((result.weights[importance] ?? -1) - (rater[importance] ?? -1)) < 0.2)
        }
        #expect(result.undetermined.isEmpty)
        #expect(result.usedPairs + result.undecidedPairs == 600)
        #expect(result.learned.accuracy > 0.85)
        #expect(result.learned.logLoss < 0.35)
    }

    @Test("A rater unlike the paper is predicted better by learned weights", arguments: 0..<5)
    func better(seed: UInt64) throws {
        let rater: [Importance: Double] = [.essential: 0.2, .important: 0.2, .optional: 1, .pitfall: 0]
        let result = try PreferenceWeights.fit(pairs: pairs(count: 300, seed: seed, rater: rater), seed: seed)
        #expect(result.learned.accuracy > result.paper.accuracy)
        #expect(result.learned.logLoss < result.paper.logLoss)
        #expect((result.weights[.optional] ?? 0) > 1)
    }

    @Test("Preferences at random are predicted hardly better than by a coin", arguments: 0..<10)
    func random(seed: UInt64) throws {
        let random = pairs(count: 300, seed: seed, rater: [:])
        guard let result = try? PreferenceWeights.fit(pairs: random, seed: seed) else { return }
        // The deviation of 300 fair coins is 0.029.
        #expect((0.38...0.62).contains(result.learned.accuracy))
        #expect((0.38...0.62).contains(result.paper.accuracy))
        #expect(result.learned.logLoss > 0.67)
    }

    @Test("The same pairs and seed give the same result, in any order of pairs")
    func deterministic() throws {
        let some = pairs(count: 60, seed: 7, rater: Weighting.paper)
        let result = try PreferenceWeights.fit(pairs: some, seed: 3)
        #expect(try PreferenceWeights.fit(pairs: some, seed: 3) == result)
        let reversed = try PreferenceWeights.fit(pairs: some.reversed(), seed: 3)
        #expect(abs(reversed.learned.logLoss - result.learned.logLoss) < 1e-6)
        #expect(try PreferenceWeights.fit(pairs: some, seed: 4).learned != result.learned)
    }

    // Essential alone differs, and always in favor of the chosen: the minimum of n·ln(1 + e^(−w/2)) + ½λw² has
    // n/2 · σ(−w/2) = λw. The other classes never differ and keep the paper's weights.
    @Test("A class without evidence keeps the paper's weight")
    func undetermined() throws {
        let some = (0..<6).map { index in
            PreferencePair(
                task: "t\(index)",
                chosen: judged([(.essential, true), (.important, true)]),
                rejected: judged([(.essential, false), (.important, true)])
            )
        }
        let result = try PreferenceWeights.fit(pairs: some)
        #expect(result.weights == Weighting.paper)
        #expect(result.undetermined == [.important, .optional, .pitfall])
        #expect(result.learned.accuracy == 1)
        #expect(result.paper.accuracy == 1)
        // Four pairs are predicted from 5 others, with 2.5 · σ(−w/2) = 0.01w at w = 7.0729637 and the loss
        // ln(1 + e^(−w/2)) = 0.0286998; two from 4, with w = 6.7185501 and 0.0341700.
        #expect(abs(result.learned.logLoss - (4 * 0.028_699_78 + 2 * 0.034_169_95) / 6) < 1e-7)
        #expect(result.folds == 5)
    }

    @Test("No weight is below 0, and where essential weighs nothing the heaviest class is 1")
    func nonNegative() throws {
        let some = (0..<20).map { index in
            PreferencePair(
                task: "t\(index)",
                chosen: judged([(.essential, false), (.important, true), (.pitfall, index % 3 > 0)]),
                rejected: judged([(.essential, true), (.important, false), (.pitfall, index % 3 == 0)])
            )
        }
        let result = try PreferenceWeights.fit(pairs: some)
        #expect(result.weights[.essential] == 0)
        #expect(result.weights[.important] == 1)
        #expect((0..<1).contains(try #require(result.weights[.pitfall])))
        #expect(result.undetermined == [.optional])
    }

    @Test("Pairs that cannot be used are counted: alike, not judged, without classes")
    func counts() throws {
        let good = judged([(.essential, true), (.optional, false)])
        let bad = judged([(.essential, false), (.optional, false)])
        let unclassed = judged([(nil, true)])
        let sides = [(good, bad), (good, bad), (good, good), (good, []), (unclassed, bad)]
        let some = sides.enumerated().map { PreferencePair(task: "t\($0)", chosen: $1.0, rejected: $1.1) }
        let result = try PreferenceWeights.fit(pairs: some)
        #expect((result.usedPairs, result.undecidedPairs, result.droppedPairs) == (2, 1, 2))
        // Two right and a tie, each of three tasks held out alone.
        #expect(result.folds == 3)
        #expect(abs(result.learned.accuracy - 2.5 / 3) < 1e-12)
    }

    @Test("What cannot be learned from is an error that says so")
    func errors() throws {
        let good = judged([(.essential, true)])
        let bad = judged([(.essential, false)])
        let against = (0..<4).map { PreferencePair(task: "t\($0)", chosen: bad, rejected: good) }
        let one = [PreferencePair(task: "t", chosen: good, rejected: bad)]
        for (some, words) in [(against, "give no class"), (one, "at least two"), ([], "at least two")] {
            let error = try #require(throws: RewardError.self) { try PreferenceWeights.fit(pairs: some) }
            #expect(error.code == .undeterminedWeights)
            #expect(error.description.contains(words))
        }
        for (regularization, folds) in [(0, 5), (-1, 5), (.nan, 5), (0.01, 1)] as [(Double, Int)] {
            let error = try #require(throws: RewardError.self) {
                try PreferenceWeights.fit(pairs: against, regularization: regularization, folds: folds)
            }
            #expect(error.code == .invalidSetting)
        }
    }

    @Test("The result is a scheme for rewards and a value for files")
    func output() throws {
        let result = try PreferenceWeights.fit(pairs: pairs(count: 40, seed: 1, rater: Weighting.paper), seed: 9)
        #expect(result.weighting == .custom(result.weights))
        let json = result.json
        #expect(json["weights"]?.object?.members.map(\.key) == ["essential", "important", "optional", "pitfall"])
        #expect(json["pairs"]?["used"]?.int == result.usedPairs)
        #expect(json["held_out"]?["learned"]?["log_loss"]?.double == result.learned.logLoss)
        #expect(json["held_out"]?["paper"]?["accuracy"]?.double == result.paper.accuracy)
        #expect(json["seed"]?.int == 9)
        let table = try Document.json(#require(json["weights"]).serialized(), file: "w.json").decode(Weighting.self)
        #expect(table == result.weighting)
    }
}
