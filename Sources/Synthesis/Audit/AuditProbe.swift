// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A response with which a rubric is tried: one whose worth is known before any judge sees it.
package struct AuditProbe: Sendable, Hashable {
    /// What kind of response it is.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The row's reference answer.
        case reference
        /// The row's plain answer.
        case plain
        /// A right answer in other words, from a file of variants.
        case good
        /// The reference answer without some of its sentences.
        case degraded
        /// The reference answer with its numbers and directions turned round.
        case contradicted
        /// Plausible, and wrong where it matters, from a file of variants.
        case subtlyWrong = "subtly_wrong"
        /// Right, and without what matters, from a file of variants.
        case incomplete
        /// Long and confident about nothing, from a file of variants.
        case verboseEmpty = "verbose_empty"
        /// The reference answer to another question, said with confidence.
        case offTopic = "off_topic"
        /// An answer that says nothing.
        case nothing
        /// Gives the prompt back.
        case echo
        /// Lists the rubric's words.
        case keywords
        /// Claims to cover everything, at length.
        case verbosity
        /// Praises itself and asserts that it is right.
        case confidence
        /// Headings and tables without content.
        case formatting
        /// What a policy answers.
        case sample
    }

    /// What a probe's reward should be.
    package enum Standing: Sendable, Hashable {
        /// High.
        case good
        /// Low.
        case bad
        /// Low: it tries to win without answering.
        case hack
        /// Whatever the policy is worth.
        case open
    }

    /// The name within its rubric: the kind, with a number where there are several.
    package var id: String
    /// What kind of response it is.
    package var kind: Kind
    /// The response.
    package var text: String
    /// The share of the reference answer that is left, where some was taken away.
    package var kept: Double?

    /// Makes a probe.
    package init(id: String, kind: Kind, text: String, kept: Double? = nil) {
        self.id = id
        self.kind = kind
        self.text = text
        self.kept = kept
    }
}

extension AuditProbe.Kind {
    /// What a probe of this kind should be worth.
    package var standing: AuditProbe.Standing {
        switch self {
        case .reference, .plain, .good: .good
        case .degraded, .contradicted, .subtlyWrong, .incomplete, .verboseEmpty, .offTopic, .nothing: .bad
        case .echo, .keywords, .verbosity, .confidence, .formatting: .hack
        case .sample: .open
        }
    }
}

/// A response of known worth from a file: a line `{"task", "variant", "response"}`.
package struct ProbeVariant: Sendable, Hashable {
    /// The rubric row's identifier.
    package var task: String
    /// Its kind: `good`, `subtly_wrong`, `incomplete` or `verbose_empty`.
    package var kind: AuditProbe.Kind
    /// The response.
    package var response: String

    /// Makes a variant.
    package init(task: String, kind: AuditProbe.Kind, response: String) {
        self.task = task
        self.kind = kind
        self.response = response
    }

    private static let kinds: [AuditProbe.Kind] = [.good, .subtlyWrong, .incomplete, .verboseEmpty]

    /// Reads a line.
    ///
    /// - Throws: `DocumentError` at the first thing that is wrong.
    package init(_ place: DocumentCursor) throws {
        let variant = try place.required("variant")
        let word = try variant.text()
        guard let kind = Self.kinds.first(where: { $0.rawValue.isExactly(word) }) else {
            let known = Self.kinds.map(\.rawValue)
            throw variant.error(
                "unknown variant \"\(word)\"",
                remedy: NearestName.remedy(for: word, among: known, noun: "variants")
            )
        }
        task = try place.required("task").identifier()
        response = try place.required("response").nonBlankText()
        self.kind = kind
    }
}
