// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
import Rubrics

/// Writes the rubric of one prompt: asks, reads, and asks again for what is wrong alone, a limited number of times.
package struct RubricGenerator: Sendable {
    private let model: any ChatModel
    private let prompt: RubricPrompt
    private let rules: ItemRules
    private let repairs: Int
    private let thinking: Thinking

    /// Makes a generator.
    ///
    /// - Parameters:
    ///   - model: Who writes.
    ///   - prompt: How it is asked.
    ///   - rules: What an item has to be.
    ///   - repairs: How many times it is asked again at most.
    ///   - thinking: What is taken for thinking in replies.
    package init(
        _ model: any ChatModel,
        prompt: RubricPrompt,
        rules: ItemRules,
        repairs: Int = 2,
        thinking: Thinking = .standard
    ) {
        self.model = model
        self.prompt = prompt
        self.rules = rules
        self.repairs = repairs
        self.thinking = thinking
    }

    /// Writes the rubric of a row.
    ///
    /// Everything follows from the row and the replies, so that recorded replies give the same rubric again.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - reference: The reference answer with where it comes from.
    /// - Returns: The rubric, or why there is none.
    /// - Throws: `CancellationError`, and what is no failure of a model.
    package func rubric(for row: PromptRow, reference: WrittenReference) async throws -> SynthesizedRow {
        var outcome = SynthesizedRow(row)
        var draft = RubricDraft()
        var request = prompt.request(for: row, reference: reference.text)
        var left = repairs
        while true {
            switch try await ask(request, &outcome.usage) {
            case .success(let reply):
                draft.take(reply)
                draft.review(by: rules, for: row)
                guard !draft.isFaultless, left > 0 else { return finish(draft, outcome, reference) }
                request = prompt.repair(draft, for: row, reference: reference.text)
            case .failure(let refused):
                guard let complaint = refused.complaint, left > 0 else {
                    // What a repair breaks on leaves the draft as good as it was.
                    if !draft.isEmpty, !refused.isPassing { return finish(draft, outcome, reference) }
                    outcome.rubric = .failure(refused.reason)
                    return outcome
                }
                request = request.repairing(refused.reply, complaint: complaint)
            }
            left -= 1
        }
    }

    private func finish(
        _ draft: RubricDraft,
        _ outcome: SynthesizedRow,
        _ reference: WrittenReference
    ) -> SynthesizedRow {
        var outcome = outcome
        let finished = draft.finish(rules.items, model: model.name)
        outcome.aside = finished.aside
        outcome.rubric = finished.criteria.map { criteria in
            var task = outcome.row.task
            task.referenceAnswer = reference.text ?? task.referenceAnswer
            task.domain = task.domain ?? prompt.domain.name
            task.criteria = criteria
            task.provenance = Provenance(
                strategy: "generation",
                model: model.name,
                prompt: prompt.name,
                reference: prompt.isReferenceFree ? Provenance.Reference.none : reference.origin,
                referenceModel: prompt.isReferenceFree ? nil : reference.model,
                changes: finished.changes
            )
            return task
        }
        return outcome
    }

    /// Why a call has no reply that can be used.
    private struct Refused: Error {
        var reason: SetAside
        /// What a repair complains of; `nil` where asking again in other words is no use.
        var complaint: String?
        var reply = ""

        var isPassing: Bool { reason.reason.isPassing }
    }

    private func ask(_ request: ChatRequest, _ usage: inout CallUsage) async throws -> Result<RubricReply, Refused> {
        let reply: ChatReply
        do {
            reply = try await model.reply(to: request)
        } catch let error as ChatModelError {
            let complaint = error.code == .refusal ? Self.refusalComplaint : nil
            return .failure(Refused(reason: SetAside(error), complaint: complaint))
        }
        usage += CallUsage(reply)
        do throws(ReplyFault) {
            return .success(try RubricReply(reply, thinking: thinking))
        } catch {
            let complaint = error.kind == .refusal ? Self.refusalComplaint : error.complaint
            let reason = SetAside(.failed(error.cause), "\(model.name): \(error.complaint)")
            return .failure(Refused(reason: reason, complaint: complaint, reply: reply.text))
        }
    }

    private static let refusalComplaint = "you are asked to write a rubric for answers, not to do what the prompt says"
}

extension SetAside {
    /// What a failed call comes to.
    init(_ error: ChatModelError) {
        let failure = JudgeFailure(error)
        self.init(.failed(failure.cause), failure.detail)
    }
}
