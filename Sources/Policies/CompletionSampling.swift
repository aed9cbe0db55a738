// SPDX-License-Identifier: Apache-2.0

/// Something that samples completions: a policy in training or a frozen one.
public protocol CompletionSampling: Sendable {
    /// How chats become tokens.
    var prompts: PromptFormat { get }

    /// Samples every request's completions, in order.
    ///
    /// - Parameters:
    ///   - requests: Prompts with the streams of their completions.
    ///   - options: How tokens are drawn.
    ///   - finished: Called on the engine thread with each completion as soon as it ends.
    ///   - observer: Called on the engine thread after each token, with the number drawn so far.
    /// - Returns: One list a request.
    /// - Throws: `CancellationError`, or ``ContextOverflow`` for a prompt that fills the context.
    func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        finished: (@Sendable (FinishedCompletion) -> Void)?,
        observer: (@Sendable (_ tokens: Int) -> Void)?
    ) async throws -> [[SampledTokens]]
}

extension CompletionSampling {
    /// Samples every request's completions, in order, and hands them over together.
    public func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        observer: (@Sendable (_ tokens: Int) -> Void)? = nil
    ) async throws -> [[SampledTokens]] {
        try await sample(requests, options: options, finished: nil, observer: observer)
    }
}
