// SPDX-License-Identifier: Apache-2.0

/// How the scripted server writes rubrics.
package struct RubricBehavior: Sendable, Hashable {
    /// A rule that an item or a rubric breaks.
    package enum Violation: String, Sendable, Hashable, CaseIterable {
        /// A title of one word.
        case shortTitle = "short_title"
        /// A description of two sentences.
        case twoSentences = "two_sentences"
        /// No polarity.
        case noPolarity = "no_polarity"
        /// An importance that is none.
        case wrongImportance = "wrong_importance"
        /// A weight that the importance does not allow.
        case wrongWeight = "wrong_weight"
        /// The description of the item before.
        case duplicate
        /// A description that points at the reference answer.
        case outside
        /// Three items alone.
        case tooFew = "too_few"
        /// A sentence instead of a rubric, the first time.
        case prose
        /// A rubric that ends in its middle, the first time.
        case cut
    }

    /// A violation that befalls a share of the rubrics.
    package struct Share: Sendable, Hashable {
        /// What is broken.
        package var violation: Violation
        /// In this share of the rubrics, in [0, 1].
        package var share: Double

        /// Makes a share.
        package init(_ violation: Violation, _ share: Double) {
            self.violation = violation
            self.share = share
        }
    }

    /// What is broken; shares are drawn one by one, each for itself.
    package var violations: [Share] = []
    /// The share of repairs that change nothing.
    package var stubbornness = 0.0
    /// The fewest and the most items that it writes.
    package var items = 7...14

    /// Makes a server that breaks no rule.
    package init() {}
}
