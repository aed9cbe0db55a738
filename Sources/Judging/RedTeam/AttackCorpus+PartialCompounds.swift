// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension AttackCorpus {
    /// Half of each statement, for judges who credit a part as the whole.
    static let partialCompounds: [Attack] = [
        Attack(.partialCompound, "halves", "Gives the first half of each statement.") { task in
            task.halfStatements.map { "\($0) \u{2026}" }.lines()
        },
        Attack(.partialCompound, "and-so-on", "Gives the first half of each statement and waves at the rest.") { task in
            task.halfStatements.map { "\($0), and so on and so forth." }.lines(after: "")
        },
        Attack(.partialCompound, "every-other", "Gives every other statement and claims the rest by analogy.") { task in
            let chosen = task.statements.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            return chosen.lines() + "\nThe other points follow by analogy."
        },
    ]
}
