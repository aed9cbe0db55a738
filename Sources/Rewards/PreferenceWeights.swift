// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// One weight an importance, learned from preferences; criteria themselves differ from prompt to prompt.
///
/// P(chosen > rejected) = σ(Σ w·x), where x is the difference, by importance, of the share of credited criteria. L2 keeps
/// the weights finite, and none is negative. An essential criterion weighs 1; where such weigh nothing, the heaviest
/// class does.
public struct PreferenceWeights: Sendable, Hashable {
    /// How well weights predict pairs that they were not learned from.
    public struct Prediction: Sendable, Hashable {
        /// The share of pairs whose chosen completion weighs more; a tie counts half.
        public var accuracy: Double
        /// The mean of −ln P(chosen > rejected); ln 2 for a coin.
        public var logLoss: Double
    }

    /// The weights, normalized.
    public var weights: [Importance: Double]
    /// The classes in which no pair differed: their weights are the paper's.
    public var undetermined: [Importance]
    /// Pairs that the weights were learned from.
    public var usedPairs: Int
    /// Pairs that differ in no class: no weights could tell them apart. They count as ties where they are held out.
    public var undecidedPairs: Int
    /// Pairs of which a side was not judged, or that have a criterion without importance.
    public var droppedPairs: Int
    /// The parts of the cross-validation.
    public var folds: Int
    /// What weights learned from the other folds predict of each held-out one.
    public var learned: Prediction
    /// What the paper's weights predict of the same pairs, scaled to the same other folds.
    public var paper: Prediction
    /// λ.
    public var regularization: Double
    /// The seed of the split.
    public var seed: UInt64

    /// The weights as a scheme for rewards.
    public var weighting: Weighting { .custom(weights) }

    /// Learns weights from pairs and measures them on held-out ones.
    ///
    /// - Parameters:
    ///   - pairs: The pairs.
    ///   - regularization: λ of ½λ|w|² beside the sum of losses, above 0: a Gaussian prior of deviation 1/√λ.
    ///   - folds: The parts of the cross-validation, at least 2; fewer when there are fewer tasks.
    ///   - seed: What the split follows from.
    /// - Returns: The weights of all usable pairs, with what the folds' weights predict.
    /// - Throws: ``RewardError`` for a setting out of range, pairs of fewer than two tasks, and pairs that prefer
    ///   nothing that the rubrics credit.
    public static func fit(
        pairs: [PreferencePair],
        regularization: Double = 0.01,
        folds: Int = 5,
        seed: UInt64 = 0
    ) throws -> PreferenceWeights {
        guard regularization > 0, regularization.isFinite, folds >= 2 else {
            let message =
                "regularization \(regularization) and folds \(folds): use a number above 0 and at least 2 folds"
            throw RewardError(.invalidSetting, message)
        }
        let differences = pairs.compactMap { pair in
            pair.features.map { PreferenceDifference(task: ExactText(pair.task), features: $0) }
        }
        let split = try PreferenceFolds(differences, count: folds, seed: seed)
        let used = differences.filter(\.isDecided)
        let (weights, undetermined) = try normalized(
            PreferenceScale.learned(used, regularization: regularization).weights,
            varying: used
        )
        return PreferenceWeights(
            weights: weights,
            undetermined: undetermined,
            usedPairs: used.count,
            undecidedPairs: differences.count - used.count,
            droppedPairs: pairs.count - differences.count,
            folds: split.folds.count,
            learned: split.prediction { PreferenceScale.learned($0, regularization: regularization) },
            paper: split.prediction { PreferenceScale.paper($0, regularization: regularization) },
            regularization: regularization,
            seed: seed
        )
    }

    /// Scales weights so that essential, or the largest where that is 0, becomes 1; classes without evidence take the
    /// paper's.
    private static func normalized(
        _ fitted: [Double],
        varying used: [PreferenceDifference]
    ) throws -> ([Importance: Double], [Importance]) {
        let table = Dictionary(uniqueKeysWithValues: zip(Importance.allCases, fitted))
        let essential = table[.essential] ?? 0
        let scale = essential > 0 ? essential : fitted.max() ?? 0
        guard scale > 0 else {
            let message =
                "the preferences give no class of criteria a weight above 0: the chosen completions are credited for "
                + "no more than the rejected ones; look at the verdicts, or use more pairs"
            throw RewardError(.undeterminedWeights, message)
        }
        let undetermined = Importance.allCases.enumerated().filter { place, _ in
            used.allSatisfy { $0.features[place] == 0 }
        }.map(\.element)
        let weights = table.map { importance, weight in
            (importance, undetermined.contains(importance) ? Weighting.paper[importance] ?? 0 : weight / scale)
        }
        return (Dictionary(uniqueKeysWithValues: weights), undetermined)
    }
}

extension PreferenceWeights {
    /// The result for files: weights in the paper's order, pairs counted, both predictions side by side.
    public var json: JSONValue {
        let weights = Importance.allCases.compactMap { importance in
            self.weights[importance].map { (key: importance.rawValue, value: JSONValue.number($0)) }
        }
        return [
            "weights": .object(JSONObject(weights)),
            "undetermined": .array(undetermined.map { .string($0.rawValue) }),
            "pairs": [
                "used": .integer(usedPairs), "undecided": .integer(undecidedPairs), "dropped": .integer(droppedPairs),
            ],
            "held_out": ["folds": .integer(folds), "learned": learned.json, "paper": paper.json],
            "regularization": .number(regularization),
            "seed": Int(exactly: seed).map(JSONValue.integer) ?? .string("\(seed)"),
        ]
    }
}

extension PreferenceWeights.Prediction {
    fileprivate var json: JSONValue { ["accuracy": .number(accuracy), "log_loss": .number(logLoss)] }
}
