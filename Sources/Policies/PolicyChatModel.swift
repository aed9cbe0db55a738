// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
public import Tensors

/// A policy in this process that answers chats.
///
/// - A request is rendered with the model's chat template. At temperature 0 each token is the most likely one; otherwise
///   the draws follow from the request's content and vote, so that the same request gets the same reply.
/// - JSON is not enforced: the prompt asks for it, and text comes back.
/// - A choice scores each option's whole token sequence after the prefix, at temperature 1 whatever the request's is, and
///   without thoughts before it.
/// - Requests that come at the same time are answered as one batch. In bf16 the last bits of a logit may differ with the
///   size of a batch, as with any server.
public struct PolicyChatModel: ChatModel {
    /// `local:`, the fingerprint of the model's files, and the last component of their path.
    public let name: String
    /// Choices.
    public var features: ChatFeatures { .choices }

    private let prompts: PromptFormat
    private let longestReply: Int
    private let queue: BatchQueue<PolicyQuestion, ChatReply>

    /// Loads the model at `path`.
    ///
    /// - Parameters:
    ///   - path: A Hugging Face directory or a GGUF file.
    ///   - engine: libtorch.
    ///   - configuration: How it is loaded: the most requests of a batch, and the longest reply.
    ///   - gathering: How long a batch that has room waits for more requests; little beside what a batch takes.
    ///   - clock: What that is measured on.
    /// - Throws: ``ModelFileError`` or `TensorError` when it cannot be loaded.
    public init(
        _ path: String,
        engine: TorchEngine,
        configuration: FrozenPolicy.Configuration,
        gathering: Duration = .milliseconds(10),
        clock: some Clock<Duration> = ContinuousClock()
    ) async throws {
        let file = try ModelFile.open(path)
        var fitting = configuration
        fitting.maximumCompletionTokens = min(fitting.maximumCompletionTokens, file.configuration.maxPositions)
        let policy = try await FrozenPolicy(file, engine: engine, configuration: fitting)
        let folder = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        name = "local:\(try await file.fingerprint()):\(folder)"
        prompts = policy.prompts
        longestReply = configuration.maximumCompletionTokens
        queue = BatchQueue(capacity: configuration.maximumRows) {
            try await clock.sleep(for: gathering)
        } answer: {
            try await policy.answers(to: $0)
        }
    }

    /// The policy's answer.
    ///
    /// - Parameter request: The messages and how to answer them.
    /// - Returns: The answer with the tokens that were read and written.
    /// - Throws: `ChatModelError`: `contextOverflow` for a prompt that leaves no room, `rejected` for a request that no
    ///   policy could answer or a reply longer than the model was loaded for, `malformed` for scores that are no numbers,
    ///   `serverError` when the engine fails; `CancellationError` between tokens.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        try Task.checkCancellation()
        do {
            let question = try PolicyQuestion(request, prompts: prompts, longestReply: longestReply)
            return try await queue.output(for: question)
        } catch let error as ContextOverflow {
            throw ChatModelError(.contextOverflow, "\(name): \(error)")
        } catch let error as ModelFileError {
            throw ChatModelError(.rejected, "\(name): \(error)")
        } catch let error as TensorError {
            throw ChatModelError(.serverError, "\(name): \(error)")
        }
    }
}
