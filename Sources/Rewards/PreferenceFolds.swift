// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A usable pair: how its sides differ, a number an importance.
struct PreferenceDifference: Sendable {
    var task: ExactText
    var features: [Double]

    /// Whether any weights could tell the sides apart.
    var isDecided: Bool { features.contains { $0 != 0 } }
}

/// Weights by importance, and how sure of them a prediction is.
struct PreferenceScale: Sendable {
    var weights: [Double]
    /// What turns a difference of rewards into a logit; 0 knows nothing, whatever the weights say.
    var scale = 1.0

    /// The weights that predict pairs best.
    static func learned(_ pairs: [PreferenceDifference], regularization: Double) -> Self {
        let fit = LogisticFit(rows: pairs.map(\.features), regularization: regularization)
        return Self(weights: fit.weights(columns: Importance.allCases.count))
    }

    /// The paper's weights, scaled to predict pairs best.
    static func paper(_ pairs: [PreferenceDifference], regularization: Double) -> Self {
        let weights = Importance.allCases.map { Weighting.paper[$0] ?? 0 }
        let rows = pairs.map { [LogisticFit.margin(weights, $0.features)] }
        let scale = LogisticFit(rows: rows, regularization: regularization).weights(columns: 1)[0]
        return Self(weights: weights, scale: scale)
    }
}

/// Pairs cut into parts of whole tasks, to be predicted from each other.
struct PreferenceFolds {
    /// The parts, none empty.
    let folds: [[PreferenceDifference]]

    /// Deals the tasks out in an order that follows from the seed and the tasks alone.
    ///
    /// - Throws: ``RewardError`` when there are fewer than two tasks.
    init(_ pairs: [PreferenceDifference], count: Int, seed: UInt64) throws {
        var tasks = Set(pairs.map(\.task)).sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        guard tasks.count > 1 else {
            let message =
                "\(pairs.count) usable pairs of \(tasks.count) tasks: use pairs of at least two, to hold some out"
            throw RewardError(.undeterminedWeights, message)
        }
        var generator = SplitMix64(seed: seed)
        tasks.shuffle(using: &generator)
        let parts = min(count, tasks.count)
        let places = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1, $0 % parts) })
        folds = (0..<parts).map { part in pairs.filter { places[$0.task] == part } }
    }

    /// How well weights learned from the other parts predict each part, over all pairs.
    func prediction(
        learning: ([PreferenceDifference]) -> PreferenceScale
    ) -> PreferenceWeights.Prediction {
        var (right, loss, count) = (0.0, 0.0, 0.0)
        for part in folds.indices {
            let others = folds.indices.filter { $0 != part }.flatMap { folds[$0] }
            let learned = learning(others.filter(\.isDecided))
            for pair in folds[part] {
                let margin = LogisticFit.margin(learned.weights, pair.features)
                // Sums of shares are not exact: 1/3 + 1/3 − 2/3 may differ from 0 in the last bit.
                right += abs(margin) < 1e-9 ? 0.5 : margin > 0 ? 1 : 0
                loss += LogisticFit.loss(margin: learned.scale * margin)
                count += 1
            }
        }
        return .init(accuracy: right / count, logLoss: loss / count)
    }
}
