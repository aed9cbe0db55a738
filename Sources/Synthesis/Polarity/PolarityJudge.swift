// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
package import Rubrics

/// Asks a chat model about the polarity of criteria that rules leave undecided.
///
/// A criterion is asked about twice, the two facts in either order (``PolarityQuestion``). Where both replies make it a
/// virtue, or both a fault, that is its polarity; everything else, failures too, leaves it undecided with the ground.
package struct PolarityJudge: Sendable {
    /// What asking came to.
    package struct Answer<Value: Sendable>: Sendable {
        /// What was decided.
        package var value: Value
        /// What the calls came to.
        package var usage: CallUsage
    }

    private let model: any ChatModel
    private let question: PolarityQuestion
    private let thinking: Thinking

    /// Two replies that agree are taken for right nine times in ten; no model is known well enough for a finer number.
    private static let confidence = 0.9

    /// Makes a judge.
    ///
    /// - Parameters:
    ///   - model: Who answers.
    ///   - marker: Sets the row's texts apart.
    ///   - maxTokens: The longest reply, in tokens.
    ///   - thinking: What is taken for thinking in replies.
    package init(_ model: any ChatModel, marker: TextMarker, maxTokens: Int = 512, thinking: Thinking = .standard) {
        self.model = model
        question = PolarityQuestion(marker: marker, maxTokens: maxTokens)
        self.thinking = thinking
    }

    /// Decides the undecided criteria of a task, children included; the others stay as they are.
    ///
    /// - Parameter task: The task, after the rules.
    /// - Returns: The task, with ground and confidence, and what the calls came to.
    /// - Throws: `CancellationError`, and what is no failure of a chat model.
    package func deciding(_ task: RubricTask) async throws -> Answer<RubricTask> {
        var decisions: [PolarityDecision] = []
        var usage = CallUsage.zero
        for criterion in task.undecidedCriteria {
            let answer = try await decision(on: criterion, of: task)
            decisions.append(answer.value)
            usage += answer.usage
        }
        var rest = decisions[...]
        let decided = task.decidingPolarity { _ in rest.popFirst() ?? .undecided("not asked about") }
        return Answer(value: decided, usage: usage)
    }

    /// Decides about one criterion.
    ///
    /// - Parameters:
    ///   - criterion: A criterion of the task.
    ///   - task: Its prompt and reference answer are shown.
    /// - Returns: The decision, and what the calls came to.
    /// - Throws: `CancellationError`, and what is no failure of a chat model.
    package func decision(on criterion: Criterion, of task: RubricTask) async throws -> Answer<PolarityDecision> {
        async let first = ask(question.request(about: criterion, of: task, order: .idealFirst))
        async let second = ask(question.request(about: criterion, of: task, order: .flawedFirst))
        let (one, other) = try await (first, second)
        return Answer(value: combined(one.value, other.value), usage: one.usage + other.usage)
    }

    private func combined(
        _ one: Result<PolarityReply, AskingFault>,
        _ other: Result<PolarityReply, AskingFault>
    ) -> PolarityDecision {
        let ground = "asked \(model.name)"
        switch (one, other) {
        case (.success(.virtue), .success(.virtue)):
            return PolarityDecision(.positive, ground: ground, confidence: Self.confidence)
        case (.success(.fault), .success(.fault)):
            return PolarityDecision(.negative, ground: ground, confidence: Self.confidence)
        case (.success(.open), .success(.open)):
            return .undecided("\(ground): true of good and of flawed answers alike, or of neither")
        case (.success, .success): return .undecided("\(ground): two answers that do not agree")
        case (.failure(let fault), _), (_, .failure(let fault)): return .undecided("\(ground): \(fault.detail)")
        }
    }

    /// Asks once, and once more with the complaint where the reply cannot be read.
    private func ask(_ request: ChatRequest) async throws -> Answer<Result<PolarityReply, AskingFault>> {
        let first = try await attempt(request)
        guard case .failure(let fault) = first.value, let reply = fault.reply else { return first }
        var second = try await attempt(request.repairing(reply, complaint: fault.detail))
        second.usage += first.usage
        return second
    }

    private func attempt(_ request: ChatRequest) async throws -> Answer<Result<PolarityReply, AskingFault>> {
        let reply: ChatReply
        do {
            reply = try await model.reply(to: request)
        } catch let error as ChatModelError {
            return Answer(value: .failure(AskingFault(detail: error.message)), usage: .zero)
        }
        do throws(ReplyFault) {
            return Answer(value: .success(try PolarityReply(reply, thinking: thinking)), usage: CallUsage(reply))
        } catch {
            return Answer(
                value: .failure(AskingFault(detail: error.complaint, reply: reply.text)),
                usage: CallUsage(reply)
            )
        }
    }
}

/// Why there is no answer.
private struct AskingFault: Error {
    var detail: String
    /// The reply that could not be read; `nil` where there was none.
    var reply: String?
}
