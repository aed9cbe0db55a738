// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rewards
import Rubrics
import Runs

/// What `rubrics fit-weights` prints and writes.
struct LearnedWeights {
    let weights: PreferenceWeights

    init(_ weights: PreferenceWeights) {
        self.weights = weights
    }

    /// For people.
    var text: [String] {
        let beats =
            weights.learned.logLoss < weights.paper.logLoss && weights.learned.accuracy >= weights.paper.accuracy
        let advice =
            beats
            ? "the learned weights predict held-out pairs better than the paper's"
            : "the learned weights predict held-out pairs no better than the paper's: prefer those, or use more pairs"
        return [
            "pairs  \(weights.usedPairs) used, \(weights.undecidedPairs) alike in every class, "
                + "\(weights.droppedPairs) dropped",
            "",
        ] + weightTable.lines + [""] + predictionTable.lines + ["", advice]
    }

    private var weightTable: TextTable {
        TextTable(
            columns: [.text("importance"), .number("learned"), .number("paper"), .text("")],
            rows: Importance.allCases.compactMap { importance in
                guard let weight = weights.weights[importance] else { return nil }
                let isOpen = weights.undetermined.contains(importance)
                return [
                    importance.rawValue, Self.number(weight), Self.number(Weighting.paper[importance] ?? 0),
                    isOpen ? "no pair differs in it: the paper's weight" : "",
                ]
            }
        )
    }

    private var predictionTable: TextTable {
        TextTable(
            columns: [.text("held out, \(weights.folds) parts"), .number("accuracy"), .number("log-loss")],
            rows: [("learned", weights.learned), ("paper", weights.paper)].map { name, prediction in
                [name, Self.number(prediction.accuracy), Self.number(prediction.logLoss)]
            }
        )
    }

    /// Writes a method file; its section is a recipe's too.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    func write(to path: String) throws {
        let head = """
            # Learned by rubrics fit-weights from \(weights.usedPairs) preferences.
            # Held out, learned: \(Self.text(weights.learned)); the paper's: \(Self.text(weights.paper)).

            """
        let method = MethodFile(reward: MethodFile.Reward(weighting: weights.weighting))
        let text = head + (try Document.yamlText(of: method))
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure("\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private static func text(_ prediction: PreferenceWeights.Prediction) -> String {
        "accuracy \(number(prediction.accuracy)), log-loss \(number(prediction.logLoss))"
    }

    private static func number(_ value: Double) -> String { ProgressText.fixed(value, digits: 3) }
}

/// The part of a method file that is learned.
private struct MethodFile: Encodable {
    struct Reward: Encodable {
        var weighting: Weighting
    }

    var reward: Reward
}
