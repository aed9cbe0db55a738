// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
import Rubrics

/// Writes the reference answer of a prompt that has none.
package struct ReferenceWriter: Sendable {
    private let model: any ChatModel
    private let thinking: Thinking

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - model: Who writes; better a stronger one than writes the rubrics.
    ///   - thinking: What is taken for thinking in its replies.
    package init(_ model: any ChatModel, thinking: Thinking = .standard) {
        self.model = model
        self.thinking = thinking
    }

    /// Writes an answer.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - prompt: How it is asked.
    ///   - usage: Counts the call.
    /// - Returns: The answer, marked as written by the model, or why there is none.
    /// - Throws: `CancellationError`, and what is no failure of a model.
    package func reference(
        for row: PromptRow,
        prompt: RubricPrompt,
        usage: inout CallUsage
    ) async throws -> Result<WrittenReference, SetAside> {
        let reply: ChatReply
        do {
            reply = try await model.reply(to: prompt.referenceRequest(for: row))
        } catch let error as ChatModelError {
            var reason = SetAside(error)
            reason.detail = "no reference answer could be written: \(reason.detail)"
            return .failure(reason)
        }
        usage += CallUsage(reply)
        let text = thinking.removed(from: reply.text).trimmed
        guard reply.stopReason == .complete, !thinking.leavesNothing(of: text) else {
            let flaw = reply.stopReason == .complete ? "is empty" : "was cut for its length: raise max_tokens"
            return .failure(SetAside(.failed(.malformed), "the reference answer of \(model.name) \(flaw)"))
        }
        return .success(WrittenReference(text, origin: .generated, model: model.name))
    }
}
