// SPDX-License-Identifier: Apache-2.0

/// Something that answers a chat: an endpoint, a local policy, or a double.
///
/// Wrappers that retry, limit or record are chat models too, so that each can be put around any other.
public protocol ChatModel: Sendable {
    /// The name that records carry: provider and model, never an address or a key.
    var name: String { get }

    /// Answers one request.
    ///
    /// - Parameter request: The messages and how to answer them.
    /// - Returns: The answer.
    /// - Throws: ``ChatModelError``, or `CancellationError` when the task was cancelled.
    func reply(to request: ChatRequest) async throws -> ChatReply
}
