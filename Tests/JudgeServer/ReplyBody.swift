// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Wraps an answer in a dialect.
struct ReplyBody {
    let call: ChatCall
    let answer: JudgeAnswer
    /// The tool whose arguments the answer is, or `nil` for an answer in text.
    let tool: String?
    let promptTokens: Int
    /// Seconds since 1970.
    let created: Int
    /// Whether log-probabilities are given to those who ask for them.
    let givesLogprobs: Bool

    private var id: String { StableHash.hexadecimal(call.messagesHash) }

    /// The body of a successful answer.
    var json: JSONValue { call.dialect == .openAI ? openAI : anthropic }

    // MARK: OpenAI

    private var openAI: JSONValue {
        let choices = (0..<call.choices).map(choice)
        let completionTokens = answer.tokenCount * choices.count
        return [
            "id": "chatcmpl-\(id)",
            "object": "chat.completion",
            "created": .integer(created),
            "model": .string(call.model),
            "choices": .array(choices),
            "usage": [
                "prompt_tokens": .integer(promptTokens),
                "completion_tokens": .integer(completionTokens),
                "total_tokens": .integer(promptTokens + completionTokens),
            ],
        ]
    }

    private func choice(_ index: Int) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": .string(answer.text)]
        var finish = answer.finish.rawValue
        if let refusal = answer.refusal { (message["content"], message["refusal"]) = (.null, .string(refusal)) }
        if let tool, answer.isDirect {
            message["content"] = .null
            message["tool_calls"] = [
                [
                    "id": "call_\(id)", "type": "function",
                    "function": ["name": .string(tool), "arguments": .string(answer.text)],
                ]
            ]
            if answer.finish == .stop, !call.isToolForced { finish = "tool_calls" }
        }
        return [
            "index": .integer(index), "message": .object(message), "logprobs": logprobs,
            "finish_reason": .string(finish),
        ]
    }

    private var logprobs: JSONValue {
        guard givesLogprobs, tool == nil, let alternatives = call.topLogprobs else { return .null }
        let split =
            answer.instance.map { ReplyTokens($0, seed: call.messagesHash) } ?? ReplyTokens(answer.text)
        return ["content": .array(split.tokens.map { $0.json(alternatives: alternatives) })]
    }

    // MARK: Anthropic

    private var anthropic: JSONValue {
        let content: JSONValue =
            if let tool, let input = answer.value {
                ["type": "tool_use", "id": "toolu_\(id)", "name": .string(tool), "input": input]
            } else {
                ["type": "text", "text": .string(answer.refusal ?? answer.text)]
            }
        return [
            "id": "msg_\(id)",
            "type": "message",
            "role": "assistant",
            "model": .string(call.model),
            "content": [content],
            "stop_reason": .string(stopReason),
            "stop_sequence": nil,
            "usage": ["input_tokens": .integer(promptTokens), "output_tokens": .integer(answer.tokenCount)],
        ]
    }

    private var stopReason: String {
        if answer.refusal != nil { return "refusal" }
        return switch answer.finish {
        case .length: "max_tokens"
        case .contentFilter: "refusal"
        case .stop: tool != nil && answer.value != nil ? "tool_use" : "end_turn"
        }
    }
}
