// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// How chats become a model's tokens and its tokens become text.
public struct PromptFormat: Sendable {
    /// The model's tokenizer.
    public let tokenizer: Tokenizer
    /// The model's chat template.
    public let template: ChatTemplate
    /// The tokens that end a completion.
    public let stopTokens: Set<Int32>
    /// The most tokens that a prompt and its completion may have together.
    public let contextLength: Int

    /// Reads tokenizer, template and stop tokens of a model.
    ///
    /// - Throws: ``ModelFileError`` where a part is missing or unknown.
    public init(_ file: ModelFile) throws {
        tokenizer = try file.tokenizer
        template = try file.chatTemplate
        stopTokens = file.stopIDs
        contextLength = file.configuration.maxPositions
    }

    /// The tokens that the model sees before its answer.
    public func tokens(for messages: [Message]) throws -> [Int32] {
        try template.tokens(for: messages, tokenizer: tokenizer)
    }

    /// The tokens that the model sees when its answer has begun with `opening`, without thoughts before it.
    package func tokens(for messages: [Message], opening: String) throws -> [Int32] {
        try template.tokens(for: messages, opening: opening, tokenizer: tokenizer)
    }

    /// The tokens of a task's prompt, which leave room for a whole completion.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - room: The longest completion, in tokens.
    /// - Returns: The tokens.
    /// - Throws: ``ContextOverflow`` that names the task when they do not.
    public func tokens(of task: RubricTask, leaving room: Int) throws -> [Int32] {
        let tokens = try tokens(for: task.prompt)
        guard tokens.count + room <= contextLength else {
            throw ContextOverflow(task: task.id, promptLength: tokens.count, room: room, contextLength: contextLength)
        }
        return tokens
    }

    /// The text of a completion, without special tokens.
    public func text(of tokens: [Int32]) -> String {
        tokenizer.decode(tokens, skipsSpecials: true)
    }
}
