// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
import Rubrics

/// Makes the messages with which a rubric, its repair or a reference answer is asked for.
///
/// The system message is the same for all rows of a domain, so that endpoints can reuse what they have read.
package struct RubricPrompt: Sendable {
    /// The domain.
    package let domain: SynthesisDomain
    /// Whether the writer is shown no reference answer.
    package let isReferenceFree: Bool
    /// How many items a rubric may have.
    package let items: SynthesisDomain.Items
    private let marker: TextMarker
    private let limits: Limits
    private let system: Message

    /// How answers are sampled.
    package struct Limits: Sendable, Hashable {
        /// The sampling temperature.
        package var temperature: Double
        /// The longest answer, in tokens.
        package var maxTokens: Int

        /// Makes limits.
        package init(temperature: Double = 0, maxTokens: Int = 4096) {
            self.temperature = temperature
            self.maxTokens = maxTokens
        }
    }

    /// Makes the prompt of a domain.
    ///
    /// - Parameters:
    ///   - domain: The domain.
    ///   - isReferenceFree: Whether the writer is shown no reference answer.
    ///   - items: How many items a rubric may have; the domain's own range by default.
    ///   - marker: Sets the material apart.
    ///   - limits: How answers are sampled.
    package init(
        _ domain: SynthesisDomain,
        isReferenceFree: Bool,
        items: SynthesisDomain.Items? = nil,
        marker: TextMarker,
        limits: Limits = Limits()
    ) {
        self.domain = domain
        self.isReferenceFree = isReferenceFree
        self.items = items ?? domain.items
        self.marker = marker
        self.limits = limits
        system = Message(role: .system, content: RubricInstructions.system(domain, items: self.items))
    }

    /// The name that provenance keeps.
    package var name: String { domain.promptName(isReferenceFree: isReferenceFree) }

    /// Asks for the rubric of a row.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - reference: The reference answer; it is not shown where the prompt is reference-free.
    /// - Returns: The request.
    package func request(for row: PromptRow, reference: String?) -> ChatRequest {
        var parts = [Self.shown(row, marker)]
        if !isReferenceFree, let reference {
            parts.append("\(RubricInstructions.reference)\n\(marker.marked(reference, as: .reference))")
        }
        parts.append(RubricInstructions.task)
        return request(parts, name: "rubric", schema: RubricReply.schema)
    }

    /// Asks for what is wrong with a draft alone.
    ///
    /// - Parameters:
    ///   - draft: The draft with its complaints.
    ///   - row: The row.
    ///   - reference: The reference answer.
    /// - Returns: The request: the first one, the draft as its answer, the complaints.
    func repair(_ draft: RubricDraft, for row: PromptRow, reference: String?) -> ChatRequest {
        var request = request(for: row, reference: reference)
        request.messages.append(Message(role: .assistant, content: draft.json.serialized()))
        request.messages.append(
            Message(role: .user, content: RubricInstructions.repair(draft.complaintText))
        )
        request.format = .json(name: "repair", schema: RubricReply.repairSchema)
        return request
    }

    /// Asks for the reference answer of a row.
    ///
    /// - Parameter row: The row.
    /// - Returns: The request, for plain text.
    package func referenceRequest(for row: PromptRow) -> ChatRequest {
        ChatRequest(
            messages: [
                Message(role: .system, content: RubricInstructions.referenceSystem(domain)),
                Message(role: .user, content: "\(Self.shown(row, marker))\n\n\(RubricInstructions.referenceTask)"),
            ],
            temperature: limits.temperature,
            maxTokens: limits.maxTokens
        )
    }

    private func request(_ parts: [String], name: String, schema: JSONValue) -> ChatRequest {
        ChatRequest(
            messages: [system, Message(role: .user, content: parts.joined(separator: "\n\n"))],
            temperature: limits.temperature,
            maxTokens: limits.maxTokens,
            format: .json(name: name, schema: schema)
        )
    }

    /// A single user turn between marks; of a conversation each turn between marks of its own that name its role, so that
    /// no turn can make up another.
    private static func shown(_ row: PromptRow, _ marker: TextMarker) -> String {
        if row.prompt.count == 1 { return "The prompt:\n\(marker.marked(row.prompt[0].content, as: .prompt))" }
        let turns = row.prompt.enumerated().map { place, message in
            marker.marked(message.content, as: .prompt, label: "\(place + 1) \(message.role.rawValue)")
        }
        return "The prompt is this conversation, turn by turn; its next turn is the answer to be judged:\n"
            + turns.joined(separator: "\n")
    }
}
