// SPDX-License-Identifier: Apache-2.0

/// The native rubric row at a place in a document.
struct NativeRow {
    static let keys = [
        "id", "prompt", "reference_answer", "plain_answer", "source", "domain", "criteria", "tags", "metadata",
        "provenance",
    ]

    private let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    func task() throws -> RubricTask {
        try row.requireKeys(Self.keys)
        let id = try row.required("id").identifier()
        return try task(id: id, prompt: row.required("prompt").prompt())
    }

    /// The task of a row that stands apart from its prompt; it may do without a name, which is empty then.
    func task(prompt: [Message]) throws -> RubricTask {
        try task(id: row.member("id")?.identifier() ?? "", prompt: prompt)
    }

    private func task(id: String, prompt: [Message]) throws -> RubricTask {
        try row.requireKeys(Self.keys)
        return RubricTask(
            id: id,
            prompt: prompt,
            referenceAnswer: try row.member("reference_answer")?.text(),
            plainAnswer: try row.member("plain_answer")?.text(),
            source: try row.member("source")?.text(),
            domain: try row.member("domain")?.text(),
            criteria: try criteria(),
            tags: try row.member("tags")?.texts() ?? [],
            metadata: try row.member("metadata")?.object() ?? JSONObject(),
            provenance: try row.member("provenance").map(Provenance.init)
        )
    }

    func criteria() throws -> [Criterion] {
        try criteria(in: row.required("criteria"))
    }

    func criteria(in list: DocumentCursor) throws -> [Criterion] {
        var reader = NativeCriteria()
        let criteria = try reader.criteria(in: list) { "c\($0)" }
        for (criterion, place) in zip(criteria, try list.elements())
        where criterion.importance == nil && criterion.weight == nil {
            throw place.error("neither \"importance\" nor \"weight\"", remedy: "give the criterion one of them")
        }
        try list.requireWeight(of: criteria)
        return criteria
    }
}

/// Reads criteria and holds the identifiers seen in one rubric.
private struct NativeCriteria {
    private static let keys = [
        "id", "title", "description", "importance", "weight", "polarity", "polarity_ground", "polarity_confidence",
        "kind", "check", "children", "tags", "metadata",
    ]

    private var ids: Set<ExactText> = []

    mutating func criteria(in list: DocumentCursor, name: (Int) -> String) throws -> [Criterion] {
        let elements = try list.elements()
        guard !elements.isEmpty else {
            throw list.error("\(list.subject) is empty", remedy: "a rubric needs at least one criterion")
        }
        return try elements.enumerated().map { try criterion(at: $1, defaultID: name($0 + 1)) }
    }

    private mutating func criterion(at place: DocumentCursor, defaultID: String) throws -> Criterion {
        try place.requireKeys(Self.keys)
        let id = try identifier(at: place, defaultID: defaultID)
        let importance = try place.member("importance")?.choice(Importance.self)
        let weight = try place.member("weight")?.number()
        return Criterion(
            id: id,
            title: try place.member("title")?.text() ?? "",
            description: try place.required("description").nonBlankText(),
            importance: importance,
            weight: weight.map(\.magnitude),
            polarity: try place.member("polarity")?.choice(Polarity.self)
                ?? (importance == .pitfall || (weight ?? 0) < 0 ? .undecided : .positive),
            polarityGround: try place.member("polarity_ground")?.text(),
            polarityConfidence: try place.member("polarity_confidence")?.share(),
            kind: try place.member("kind")?.choice(CriterionKind.self),
            check: try place.member("check").map { try CheckReader($0).check() },
            children: try place.member("children").map { children in
                try children.value == [] ? [] : criteria(in: children) { "\(id).\($0)" }
            } ?? [],
            tags: try place.member("tags")?.texts() ?? [],
            metadata: try place.member("metadata")?.object() ?? JSONObject()
        )
    }

    private mutating func identifier(at place: DocumentCursor, defaultID: String) throws -> String {
        let id = try place.member("id")?.identifier() ?? defaultID
        guard ids.insert(ExactText(id)).inserted else {
            throw (place.member("id") ?? place).error(
                "duplicate criterion id \"\(id)\"",
                remedy: "give each criterion of the row its own"
            )
        }
        return id
    }
}

extension DocumentCursor {
    /// An identifier: a text, or an integer taken as one.
    package func identifier() throws -> String {
        if case .integer(let integer) = value { return String(integer) }
        return try nonBlankText()
    }

    /// A share, from 0 to 1.
    func share() throws -> Double {
        let number = try number()
        guard (0...1).contains(number) else {
            throw error("\(subject) is \(number), out of range", remedy: "use a number from 0 to 1")
        }
        return number
    }

    /// A prompt: one user turn as text, or messages.
    package func prompt() throws -> [Message] {
        if value.string != nil { return [Message(role: .user, content: try nonBlankText())] }
        guard value.array != nil else { throw mismatch("a text or a list of messages") }
        let messages = try elements().map { message in
            try message.requireKeys(["role", "content"])
            return Message(
                role: try message.required("role").choice(Message.Role.self),
                content: try message.required("content").text()
            )
        }
        guard !messages.isEmpty else {
            throw error("\(subject) is empty", remedy: "a prompt needs at least one message")
        }
        return messages
    }

    /// Refuses criteria whose weights are all there and all zero: no reward could be made from them.
    func requireWeight(of criteria: [Criterion]) throws {
        guard criteria.allSatisfy({ $0.weight == 0 }) else { return }
        throw error("the weights in \(subject) sum to zero", remedy: "give at least one criterion a weight")
    }
}
