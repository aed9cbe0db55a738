// SPDX-License-Identifier: Apache-2.0

/// A prompt that does not fit the model's context.
public struct ContextOverflow: Error, Sendable, Hashable, CustomStringConvertible {
    /// The task whose prompt it is, if it is a task's.
    public var task: String?
    /// The prompt's tokens.
    public var promptLength: Int
    /// The tokens that the completion needs.
    public var room: Int
    /// The most tokens that the model takes.
    public var contextLength: Int

    /// One line with the remedy.
    public var description: String {
        "the prompt\(task.map { " of \($0)" } ?? "") has \(promptLength) tokens: with a completion of \(room) it exceeds "
            + "the model's context of \(contextLength); shorten the prompt, or ask for a shorter completion"
    }
}
