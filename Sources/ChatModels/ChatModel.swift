// SPDX-License-Identifier: Apache-2.0

/// Something that answers a chat: an endpoint, a local policy, or a double.
///
/// Wrappers that retry, limit or record are chat models too, so that each can be put around any other.
public protocol ChatModel: Sendable {
    /// The name that records carry: provider and model, never an address or a key.
    var name: String { get }

    /// What the model can do beyond text; asked for without it, a model answers with text.
    var features: ChatFeatures { get }

    /// Answers one request.
    ///
    /// - Parameter request: The messages and how to answer them.
    /// - Returns: The answer.
    /// - Throws: ``ChatModelError``, or `CancellationError` when the task was cancelled.
    func reply(to request: ChatRequest) async throws -> ChatReply
}

extension ChatModel {
    /// None.
    public var features: ChatFeatures { [] }
}

/// What a chat model can do beyond text.
public struct ChatFeatures: OptionSet, Sendable, Hashable {
    /// The bits.
    public var rawValue: Int

    /// Makes a set of bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Gives each token's log-probability and the most likely alternatives.
    public static let logprobs = ChatFeatures(rawValue: 1)
    /// Keeps ``ChatRequest/deadline`` itself, at less cost than a task that waits beside the call.
    public static let deadlines = ChatFeatures(rawValue: 4)
    /// Scores each of a list of answers (``ChatRequest/Format/choice(prefix:options:)``).
    public static let choices = ChatFeatures(rawValue: 2)
}
