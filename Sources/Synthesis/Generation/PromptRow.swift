// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A prompt for which a rubric is written: a line `{"id", "prompt", "reference_answer"?, "domain"?, "source"?}`.
package struct PromptRow: Sendable, Hashable {
    private static let keys = ["id", "prompt", "reference_answer", "domain", "source"]

    /// The identifier, unique within its file.
    package var id: String
    /// What the policy will see; its last turn is the user's.
    package var prompt: [Message]
    /// The ideal answer, where the data has one that is not blank.
    package var referenceAnswer: String?
    /// The field of knowledge.
    package var domain: String?
    /// Where the prompt comes from.
    package var source: String?

    /// Makes a row.
    package init(
        id: String,
        prompt: [Message],
        referenceAnswer: String? = nil,
        domain: String? = nil,
        source: String? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.referenceAnswer = referenceAnswer
        self.domain = domain
        self.source = source
    }

    /// Reads a row.
    ///
    /// - Parameter place: Where it stands.
    /// - Throws: `DocumentError` at the first thing that is wrong.
    package init(_ place: DocumentCursor) throws {
        try place.requireKeys(Self.keys)
        id = try place.required("id").identifier()
        let prompt = try place.required("prompt")
        self.prompt = try prompt.prompt()
        guard let last = self.prompt.last, last.role == .user else {
            throw prompt.error(
                "the last message of \"prompt\" is not the user's",
                remedy: "end it with what is to be answered; the ideal answer belongs under \"reference_answer\""
            )
        }
        guard last.content.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw prompt.error("the last message of \"prompt\" says nothing", remedy: "write what is to be answered")
        }
        referenceAnswer = try place.member("reference_answer")?.text()
        if referenceAnswer?.unicodeScalars.allSatisfy(\.properties.isWhitespace) == true { referenceAnswer = nil }
        domain = try place.member("domain")?.text()
        source = try place.member("source")?.text()
    }

    /// The row as a rubric row without criteria.
    package var task: RubricTask {
        RubricTask(
            id: id,
            prompt: prompt,
            referenceAnswer: referenceAnswer,
            source: source,
            domain: domain,
            criteria: []
        )
    }

    /// The bytes of the row's texts.
    package var byteCount: Int {
        prompt.reduce(referenceAnswer?.utf8.count ?? 0) { $0 + $1.content.utf8.count }
    }
}
