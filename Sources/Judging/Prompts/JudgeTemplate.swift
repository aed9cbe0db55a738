// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The words of a judge's messages, with placeholders in braces.
///
/// A message's fixed parts stand before what differs from completion to completion, so that endpoints can reuse what
/// they have read: the task first, the response after it, the instructions and the criterion last.
public struct JudgeTemplate: Sendable, Hashable, Codable {
    /// What a template can ask for.
    enum Placeholder: String, CaseIterable {
        /// The prompt, role by role, between marks.
        case prompt
        /// The reference answer between marks, with its heading; nothing where it is not shown.
        case reference
        /// The whole rubric, for judges that rate by it.
        case rubric
        /// The response between marks; both answers of a comparison, all of a ranking.
        case response
        /// The statements to decide, with their labels.
        case criteria
        /// The shape of the answer.
        case format
    }

    /// The system message.
    public var system: String
    /// The user message.
    public var user: String

    /// Makes a template.
    public init(system: String, user: String) {
        self.system = system
        self.user = user
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case system
        case user
    }

    /// Makes sure that the template shows what its question needs.
    ///
    /// - Throws: ``JudgingError`` naming the placeholder that is missing.
    func validate(for question: JudgeQuestion) throws {
        var needed: [Placeholder] = [.prompt, .response]
        switch question {
        case .criteria: needed.append(.criteria)
        case .rating(.rubric): needed.append(.rubric)
        case .rating(.reference): needed.append(.reference)
        case .rating(.prompt), .comparison, .ranking: break
        }
        for placeholder in needed where !user.containsExactly("{\(placeholder.rawValue)}") {
            throw JudgingError(
                .invalidTemplate,
                "the user template has no {\(placeholder.rawValue)}; its judge would not see it"
            )
        }
    }

    /// The template with its placeholders found.
    var parts: MessageParts {
        MessageParts(system: MessageParts.parts(of: system), user: MessageParts.parts(of: user))
    }
}

/// Messages of which some placeholders are still open.
struct MessageParts: Sendable {
    enum Part: Sendable {
        case text(String)
        case open(JudgeTemplate.Placeholder)
    }

    private var system: [Part]
    private var user: [Part]

    init(system: [Part], user: [Part]) {
        self.system = system
        self.user = user
    }

    /// A text cut at its placeholders.
    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var written: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            written += rest[..<brace]
            rest = rest[brace...]
            let match = JudgeTemplate.Placeholder.allCases.first { rest.starts(with: "{\($0.rawValue)}".utf8) }
            if let match {
                parts += [.text(String(decoding: written, as: UTF8.self)), .open(match)]
                written = []
                rest = rest.dropFirst(match.rawValue.utf8.count + 2)
            } else {
                written.append(rest.removeFirst())
            }
        }
        return parts + [.text(String(decoding: written + rest, as: UTF8.self))]
    }

    /// The messages with some placeholders filled, each once: what is put in is not looked at again.
    func filled(_ values: [JudgeTemplate.Placeholder: String]) -> MessageParts {
        MessageParts(system: Self.filled(system, values), user: Self.filled(user, values))
    }

    private static func filled(_ parts: [Part], _ values: [JudgeTemplate.Placeholder: String]) -> [Part] {
        parts.reduce(into: []) { whole, part in
            var part = part
            if case .open(let placeholder) = part, let value = values[placeholder] { part = .text(value) }
            if case .text(let text) = part, case .text(let last)? = whole.last {
                whole[whole.count - 1] = .text(last + text)
            } else {
                whole.append(part)
            }
        }
    }

    /// The messages; placeholders that are still open are left out.
    var messages: [Message] {
        func joined(_ parts: [Part]) -> String {
            parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        }
        return [
            Message(role: .system, content: joined(system)), Message(role: .user, content: joined(user)),
        ].filter { !$0.content.utf8.isEmpty }
    }
}
