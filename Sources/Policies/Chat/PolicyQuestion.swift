// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// A chat request as a policy sees it.
enum PolicyQuestion: Sendable, Hashable {
    /// Tokens to go on from.
    case completion(SamplingRequest, SamplingOptions)
    /// Texts to weigh against each other.
    case choice(ChoiceQuestion)
}

/// Texts that may follow a prompt, as tokens.
struct ChoiceQuestion: Sendable, Hashable {
    /// The tokens before every option.
    var prompt: [Int32]
    /// The options' texts.
    var options: [String]
    /// Each option's tokens after ``prompt``.
    var continuations: [[Int32]]

    /// Encodes options behind what the answer begins with.
    ///
    /// Tokens cross the line between prefix and option, so both are encoded as one text, and what all these texts share
    /// with the prefix alone is the prompt. No option's own token is taken for given, even if all begin with it.
    ///
    /// - Throws: ``ModelFileError`` when the tokenizer lacks the template's tokens.
    init(_ options: [String], after prefix: String, messages: [Message], prompts: PromptFormat) throws {
        let texts = try options.map { try prompts.tokens(for: messages, opening: prefix + $0) }
        let shared = try texts.reduce(prompts.tokens(for: messages, opening: prefix)) { $0.commonPrefix(with: $1) }
        prompt = shared
        self.options = options
        continuations = texts.map { Array($0.dropFirst(shared.count)) }
    }

    /// The tokens of the longest option.
    var longest: Int { continuations.lazy.map(\.count).max() ?? 0 }
}

extension [Int32] {
    fileprivate func commonPrefix(with other: Self) -> Self {
        zip(self, other).prefix { $0 == $1 }.map(\.0)
    }
}

extension PolicyQuestion {
    /// Makes tokens of a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - prompts: How chats become tokens.
    ///   - longestReply: The most tokens of a reply that there is room for.
    /// - Throws: `ChatModelError` for a request that cannot be answered, ``ContextOverflow``, ``ModelFileError``.
    init(_ request: ChatRequest, prompts: PromptFormat, longestReply: Int) throws {
        if case .choice(let prefix, let options) = request.format {
            guard !options.isEmpty else { throw ChatModelError(.rejected, "a choice of nothing: name options") }
            let question = try ChoiceQuestion(options, after: prefix, messages: request.messages, prompts: prompts)
            try prompts.checkRoom(after: question.prompt, for: question.longest)
            self = .choice(question)
        } else {
            try Self.validate(request, longestReply: longestReply)
            let prompt = try prompts.tokens(for: request.messages)
            try prompts.checkRoom(after: prompt, for: 1)
            let options = SamplingOptions(
                temperature: request.temperature,
                maxTokens: min(request.maxTokens, prompts.contextLength),
                stopTokens: prompts.stopTokens
            )
            self = .completion(SamplingRequest(prompt: prompt, streams: [DrawStream(request)]), options)
        }
    }

    private static func validate(_ request: ChatRequest, longestReply: Int) throws {
        guard request.temperature >= 0, request.temperature.isFinite else {
            throw ChatModelError(.rejected, "the temperature is \(request.temperature), expected a number from 0")
        }
        guard (1...longestReply).contains(request.maxTokens) else {
            throw ChatModelError(
                .rejected,
                "a reply of \(request.maxTokens) tokens is asked for; the model was loaded for 1 to \(longestReply)"
            )
        }
    }
}

extension PromptFormat {
    fileprivate func checkRoom(after prompt: [Int32], for room: Int) throws {
        guard prompt.count + room <= contextLength else {
            throw ContextOverflow(promptLength: prompt.count, room: room, contextLength: contextLength)
        }
    }
}

extension DrawStream {
    /// The stream of a request: the same for the same content and vote.
    fileprivate init(_ request: ChatRequest) {
        let texts = [request.frame.serialized()] + request.messages.map(\.content)
        let seed = texts.reduce(0 as UInt64) { ($0 ^ $1.stableHash) &* 0x0000_0100_0000_01B3 }
        self.init(seed: seed, step: 0, task: 0, sample: 0)
    }
}
