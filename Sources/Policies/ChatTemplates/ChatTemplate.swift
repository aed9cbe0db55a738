// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// How a model's messages become one text.
///
/// A template's Jinja is not executed: it is recognised as one of the known ChatML forms, and rendered by code that is
/// tested against the original.
public struct ChatTemplate: Sendable, Hashable {
    /// What tells the known templates apart.
    enum Form: Sendable, Hashable {
        /// Each message between `<|im_start|>role` and `<|im_end|>`; SmolLM2, Qwen2, Qwen2.5, Qwen3-2507.
        case chatML
        /// The same, but thoughts are cut from earlier answers and may be switched off; Qwen3.
        case qwen3
    }

    /// The template's text, for saving it with the model.
    public let source: String
    /// The system message when the prompt starts without one.
    public let defaultSystemMessage: String?
    /// Whether the model may think before it answers; matters to Qwen3's template only.
    public var allowsThinking = true

    /// The token that ends a turn.
    public var endOfTurn: String { "<|im_end|>" }

    let form: Form

    /// Recognises a template.
    ///
    /// - Parameters:
    ///   - source: The Jinja text of tokenizer_config.json or of a GGUF file.
    ///   - file: The name for errors.
    /// - Throws: ``ModelFileError`` when the template is none of the known ones.
    public init(source: String, file: String = "chat_template") throws {
        guard let recognized = TemplateRecognition.recognize(source) else {
            throw ModelFileError(
                .unsupported,
                file: file,
                place: "chat_template",
                "the chat template is none of the known ones: ChatML, SmolLM2, Qwen2, Qwen2.5, Qwen3",
                remedy: "pass a prompt that you have rendered yourself (--raw), or choose a model of these families"
            )
        }
        self.source = source
        form = recognized.form
        defaultSystemMessage = recognized.defaultSystemMessage
    }

    /// The text that the model sees.
    ///
    /// - Parameters:
    ///   - messages: The turns in order.
    ///   - addsGenerationPrompt: Whether the start of the assistant's turn comes last.
    /// - Returns: All turns, each between its marks.
    public func text(for messages: [Message], addsGenerationPrompt: Bool = true) -> String {
        segments(for: messages, addsGenerationPrompt).map(\.text).joined()
    }

    /// The tokens that the model sees.
    ///
    /// They are those of ``text(for:addsGenerationPrompt:)``, but for this: special tokens come from the template alone.
    /// What a message says stays text, even if it spells `<|im_end|>`.
    ///
    /// - Parameters:
    ///   - messages: The turns in order.
    ///   - addsGenerationPrompt: Whether the start of the assistant's turn comes last.
    ///   - tokenizer: The model's tokenizer.
    /// - Returns: The token ids.
    /// - Throws: ``ModelFileError`` when the tokenizer lacks the template's special tokens.
    public func tokens(
        for messages: [Message],
        addsGenerationPrompt: Bool = true,
        tokenizer: Tokenizer
    ) throws -> [Int32] {
        try segments(for: messages, addsGenerationPrompt).flatMap { try $0.tokens(tokenizer) }
    }

    /// The tokens that the model sees when its answer has begun, without thoughts before it.
    ///
    /// The beginning is one text with what the template puts before it, because words cross the line between them.
    ///
    /// - Parameters:
    ///   - messages: The turns in order.
    ///   - opening: How the answer begins.
    ///   - tokenizer: The model's tokenizer.
    /// - Returns: The token ids.
    /// - Throws: ``ModelFileError`` when the tokenizer lacks the template's special tokens.
    package func tokens(for messages: [Message], opening: String, tokenizer: Tokenizer) throws -> [Int32] {
        var template = self
        template.allowsThinking = false
        let segments = template.segments(for: messages, true) + [.text(opening)]
        return try Self.joined(segments).flatMap { try $0.tokens(tokenizer) }
    }

    // MARK: - Rendering

    private enum Segment {
        case special(String)
        case text(String)

        var text: String {
            switch self {
            case .special(let text), .text(let text): text
            }
        }

        func tokens(_ tokenizer: Tokenizer) throws -> [Int32] {
            switch self {
            case .text(let text): return tokenizer.encode(text, specials: .asText)
            case .special(let name):
                guard let id = tokenizer.id(of: name) else {
                    throw ModelFileError(
                        .malformed,
                        file: "chat_template",
                        "the template needs the token \(name), which the tokenizer lacks",
                        remedy: "are template and tokenizer of the same model?"
                    )
                }
                return [id]
            }
        }
    }

    private func segments(for messages: [Message], _ addsGenerationPrompt: Bool) -> [Segment] {
        var segments: [Segment] = []
        func turn(_ role: String, _ content: String) {
            segments += [.special("<|im_start|>"), .text("\(role)\n\(content)"), .special("<|im_end|>"), .text("\n")]
        }
        if let defaultSystemMessage, let first = messages.first, first.role != .system {
            turn("system", defaultSystemMessage)
        }
        let lastQuery = messages.lastIndex(where: isQuery) ?? messages.count - 1
        for (index, message) in messages.enumerated() {
            let isAnswer = form == .qwen3 && message.role == .assistant
            let content =
                isAnswer
                ? answer(message.content, isRecent: index > lastQuery, isLast: index == messages.count - 1)
                : message.content
            turn(message.role.rawValue, content)
        }
        if addsGenerationPrompt {
            let thoughts = form == .qwen3 && !allowsThinking ? "<think>\n\n</think>\n\n" : ""
            segments += [.special("<|im_start|>"), .text("assistant\n" + thoughts)]
        }
        return Self.joined(segments)
    }

    /// Neighbouring texts in one piece, because words cross the line between them.
    private static func joined(_ segments: [Segment]) -> [Segment] {
        segments.reduce(into: []) { result, segment in
            if case .text(let next) = segment, case .text(let last)? = result.last {
                result[result.count - 1] = .text(last + next)
            } else {
                result.append(segment)
            }
        }
    }

    /// Whether the message is a question and not a tool's answer in a user's turn.
    private func isQuery(_ message: Message) -> Bool {
        let text = message.content.utf8
        let isToolResponse =
            text.starts(with: "<tool_response>".utf8)
            && text.reversed().starts(with: "</tool_response>".utf8.reversed())
        return message.role == .user && !isToolResponse
    }

    /// Qwen3: an answer after the last question keeps its thoughts in a block, an earlier one loses them.
    private func answer(_ content: String, isRecent: Bool, isLast: Bool) -> String {
        let parts = Thoughts(content)
        guard isRecent, isLast || !parts.thoughts.isEmpty else { return parts.answer }
        let thoughts = parts.thoughts.trimmingLineFeeds()
        return "<think>\n\(thoughts)\n</think>\n\n\(parts.answer.trimmingLineFeeds(end: false))"
    }
}

/// An answer and the thoughts before it, taken apart as Qwen3's template does.
private struct Thoughts {
    var thoughts = ""
    var answer: String

    init(_ content: String) {
        answer = content
        let parts = content.split(exactly: "</think>")
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return }
        let opened = first.trimmingLineFeeds(start: false).split(exactly: "<think>")
        thoughts = opened.last?.trimmingLineFeeds(end: false) ?? ""
        answer = last.trimmingLineFeeds(end: false)
    }
}

extension String {
    /// The parts between occurrences of `separator`, found byte by byte.
    fileprivate func split(exactly separator: String) -> [String] {
        let bytes = Array(utf8)
        let mark = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index + mark.count <= bytes.count {
            if bytes[index..<index + mark.count].elementsEqual(mark) {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// Python's `strip('\n')`; a line feed after a carriage return is one, too.
    fileprivate func trimmingLineFeeds(start: Bool = true, end: Bool = true) -> String {
        var bytes = Array(utf8)[...]
        while start, bytes.first == 0x0A { bytes.removeFirst() }
        while end, bytes.last == 0x0A { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
