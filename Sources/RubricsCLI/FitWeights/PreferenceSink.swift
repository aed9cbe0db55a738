// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Runs

/// Joins the graded completions of preferences to pairs again.
struct PreferenceSink: ScoredLineSink {
    private let rows: [PreferenceRow]
    private var sides: [[JudgedCriterion]] = []

    init(_ rows: [PreferenceRow]) {
        self.rows = rows
    }

    /// What is graded: for each pair the chosen completion, then the rejected one.
    static func responses(of rows: [PreferenceRow]) -> [ResponseRow] {
        rows.enumerated().flatMap { place, row in
            [("chosen", row.chosen), ("rejected", row.rejected)].map { side, text in
                ResponseRow(id: "\(row.task)/\(place + 1)/\(side)", task: row.task, response: text)
            }
        }
    }

    mutating func add(_ line: ScoredLine) {
        sides.append(line.judgedCriteria)
    }

    func finish() -> [PreferencePair] {
        rows.enumerated().map { place, row in
            PreferencePair(task: row.task, chosen: sides[2 * place], rejected: sides[2 * place + 1])
        }
    }
}

extension ScoredLine {
    /// The criteria that were judged, polarity applied; none where there is no reward.
    fileprivate var judgedCriteria: [JudgedCriterion] {
        verdicts.compactMap { verdict in
            verdict.credited.map { isCredited in
                JudgedCriterion(
                    id: verdict.id,
                    polarity: verdict.polarity,
                    importance: verdict.importance,
                    weight: verdict.weight,
                    isCredited: isCredited
                )
            }
        }
    }
}
