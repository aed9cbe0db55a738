// SPDX-License-Identifier: Apache-2.0

/// Something that samples completions: a policy in training or a frozen one.
public protocol CompletionSampling: Sendable {
    /// How chats become tokens.
    var prompts: PromptFormat { get }

    /// Samples every request's completions, in order.
    ///
    /// - Parameter observer: Called on the engine thread after each token, with the number drawn so far.
    func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        observer: (@Sendable (_ tokens: Int) -> Void)?
    ) async throws -> [[SampledTokens]]
}
