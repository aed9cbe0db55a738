// SPDX-License-Identifier: Apache-2.0

/// How a statement is worded, as far as the wording alone says what meeting it means.
enum StatementShape: Sendable, Hashable {
    /// The wording decides: the ground, and whether meeting the statement is a virtue.
    case decided(PolarityGround, isVirtue: Bool)
    /// It depends on what is named.
    case naming(Naming)

    /// A statement that something is named, or is not.
    struct Naming: Sendable, Hashable {
        /// Whether the statement says that it is not named.
        var isNegated: Bool
        /// What the verb says; `nil` for a verb that the rules do not know.
        var verbClass: VerbClass?
        /// What is named: the words behind the verb.
        var object: [String]
        /// What the wording adds: adverbs, later clauses, consequences.
        var cues: [PolarityCue]
    }
}
