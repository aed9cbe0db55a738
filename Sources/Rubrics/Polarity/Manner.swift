// SPDX-License-Identifier: Apache-2.0

/// An adverb that tells how something is done.
struct Manner: Sendable, Hashable {
    private let weight: Double

    /// Reads a word.
    ///
    /// - Returns: `nil` for a word that is no such adverb.
    init?(_ word: String) {
        if Self.wrong.contains(word) {
            weight = -2.5
        } else if Self.right.contains(word) {
            weight = 1.5
        } else if Self.plain.contains(word) {
            weight = 0.8
        } else {
            return nil
        }
    }

    /// What it says of the statement: the contrary where the statement is negated.
    func cue(isNegated: Bool) -> PolarityCue {
        PolarityCue(ground: .adverb, weight: isNegated ? -weight : weight)
    }

    private static let wrong: Set<String> = [
        "incorrectly", "wrongly", "mistakenly", "falsely", "erroneously", "inappropriately", "improperly",
        "inaccurately", "unnecessarily", "overly", "inadvertently", "prematurely", "solely", "merely", "inadequately",
        "insufficiently", "vaguely", "unjustifiably", "blindly", "automatically", "excessively", "needlessly",
        "misleadingly", "too", "only", "exclusively", "carelessly", "ambiguously",
    ]
    private static let right: Set<String> = [
        "correctly", "accurately", "properly", "appropriately", "adequately", "carefully", "sufficiently", "precisely",
        "rigorously", "consistently", "fully", "thoroughly",
    ]
    private static let plain: Set<String> = [
        "clearly", "explicitly", "directly", "specifically", "briefly", "concisely",
    ]
}
