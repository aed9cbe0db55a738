// SPDX-License-Identifier: Apache-2.0

/// Something irregular in a row of others that was read as what it most likely means.
package struct RowSlip: Sendable, Hashable {
    /// What is irregular.
    package enum Kind: Sendable, Hashable {
        /// No importance stands in front of the description; it was told from the weight.
        case missingImportance
        /// The importance is not written as the format writes it.
        ///
        /// - Parameters:
        ///   - written: What stands in front of the colon.
        ///   - isNamed: Whether it names one of the four all the same; otherwise the weight told.
        case irregularImportance(written: String, isNamed: Bool)
        /// A weight below zero on a criterion that is no pitfall.
        case negativeWeight
    }

    /// What is irregular.
    package var kind: Kind
    /// The criterion's position in its rubric, from 0.
    package var criterion: Int
    /// The importance that was assumed.
    package var importance: Importance
    /// The place and the assumption, for people.
    package var note: String
}
