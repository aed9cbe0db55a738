// SPDX-License-Identifier: Apache-2.0

/// Where a rubric comes from, and what was done to it since.
public struct Provenance: Sendable, Hashable {
    /// Where the reference answer comes from that a rubric was written with.
    public enum Reference: String, Sendable, Hashable, Codable, CaseIterable {
        /// The data had it.
        case given
        /// A model wrote it.
        case generated
        /// There was none, or it was not shown.
        case none
    }

    /// One thing that was done to a rubric after it was written.
    public struct Change: Sendable, Hashable {
        /// What did it: a command or a strategy, for example `lint`, `refine`, `review`.
        public var by: String
        /// What was done: `imported`, `added`, `removed`, `edited`, `merged`, `split`, `accepted`.
        public var action: String
        /// The criterion it was done to; `nil` for the rubric as a whole.
        public var criterion: String?
        /// Why.
        public var reason: String

        /// Makes a change.
        public init(by: String, action: String, criterion: String? = nil, reason: String) {
            self.by = by
            self.action = action
            self.criterion = criterion
            self.reason = reason
        }
    }

    /// How the criteria came about: `generation`, or a strategy's name (Docs/synthesis.md), or `import`.
    public var strategy: String?
    /// The model that wrote the criteria.
    public var model: String?
    /// The prompt that it was given, with its version: `medicine/1`.
    public var prompt: String?
    /// Where the reference answer comes from.
    public var reference: Reference?
    /// The model that wrote the reference answer, where one did.
    public var referenceModel: String?
    /// The content hashes of the rubrics that this one was made from.
    public var parents: [String]
    /// What was done since, oldest first.
    public var changes: [Change]

    /// Makes a provenance; by default one that says nothing.
    public init(
        strategy: String? = nil,
        model: String? = nil,
        prompt: String? = nil,
        reference: Reference? = nil,
        referenceModel: String? = nil,
        parents: [String] = [],
        changes: [Change] = []
    ) {
        self.strategy = strategy
        self.model = model
        self.prompt = prompt
        self.reference = reference
        self.referenceModel = referenceModel
        self.parents = parents
        self.changes = changes
    }
}

extension RubricTask {
    /// SHA-256 of the row without its identifier and provenance, as 64 hexadecimal digits: the same rubric for the same
    /// prompt has the same hash wherever it stands.
    public var contentHash: String {
        var content = self
        content.id = ""
        content.provenance = nil
        return ContentHash.hexadecimal(of: content.json.utf8())
    }
}
