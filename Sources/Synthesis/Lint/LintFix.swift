// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A change that is safe: it cannot alter what a rubric means.
package enum LintFix: Sendable, Hashable {
    /// Writes the importance in front of a description as the format writes it.
    case spellImportance(Importance, criterion: [Int])
    /// Takes out damage of a text or the white space around it.
    case repair(TextRepair, LintField)
    /// Takes out a criterion that is the same as an earlier one in everything.
    case remove(criterion: [Int])
}

/// What is taken out of a text.
package enum TextRepair: Sendable, Hashable {
    case mojibake
    case lostEscapes
    case doubledBackslashes
    case surroundingSpace
}

/// A text of a row. Criteria are named by their positions, children by those of their parents in front.
package enum LintField: Sendable, Hashable {
    case prompt(message: Int)
    case referenceAnswer
    case title([Int])
    case description([Int])
}
