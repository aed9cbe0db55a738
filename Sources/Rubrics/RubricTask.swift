// SPDX-License-Identifier: Apache-2.0

/// One turn of a chat.
public struct Message: Sendable, Hashable, Codable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
        case system
        case user
        case assistant
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: String

    /// Makes a message.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}

/// One training or evaluation item: a prompt with its rubric.
public struct RubricTask: Sendable, Hashable {
    /// The identifier, unique within its file.
    public var id: String
    /// What the policy sees.
    public var prompt: [Message]
    /// The ideal answer, where the data has one.
    public var referenceAnswer: String?
    /// A plain good answer: shorter, in other words.
    public var plainAnswer: String?
    /// Where the prompt comes from.
    public var source: String?
    /// The field of knowledge, for example `medicine`.
    public var domain: String?
    /// The rubric's statements, in file order.
    public var criteria: [Criterion]
    /// Labels of the data, for example HealthBench's themes.
    public var tags: [String]
    /// What the format of others carries that has no key of its own here.
    public var metadata: JSONObject
    /// Where the rubric comes from.
    public var provenance: Provenance?

    /// Makes a task.
    public init(
        id: String,
        prompt: [Message],
        referenceAnswer: String? = nil,
        plainAnswer: String? = nil,
        source: String? = nil,
        domain: String? = nil,
        criteria: [Criterion],
        tags: [String] = [],
        metadata: JSONObject = JSONObject(),
        provenance: Provenance? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.referenceAnswer = referenceAnswer
        self.plainAnswer = plainAnswer
        self.source = source
        self.domain = domain
        self.criteria = criteria
        self.tags = tags
        self.metadata = metadata
        self.provenance = provenance
    }
}
