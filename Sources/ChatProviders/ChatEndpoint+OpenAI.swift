// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

extension ChatEndpoint {
    /// The body of a request to `POST /chat/completions`.
    func openAIBody(of request: ChatRequest) -> JSONObject {
        var body: JSONObject = [
            "model": .string(model),
            "messages": .array(request.messages.map(\.json)),
            "temperature": .number(request.temperature),
        ]
        // OpenAI's own newer models refuse max_tokens, which every other server knows.
        body[provider == "openai" ? "max_completion_tokens" : "max_tokens"] = .integer(request.maxTokens)
        if request.topLogprobs > 0 {
            body["logprobs"] = true
            body["top_logprobs"] = .integer(request.topLogprobs)
        }
        if case .json(let name, let schema) = request.format { add(schema, name, to: &body) }
        return body
    }

    private func add(_ schema: JSONValue, _ name: String, to body: inout JSONObject) {
        switch structuredOutput {
        case .none: break
        case .jsonSchema:
            // OpenAI's own strict mode refuses limits of length.
            let schema = provider == "openai" ? schema.removing("maxLength") : schema
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": .string(name), "strict": true, "schema": schema],
            ]
        case .structuredOutputs: body["structured_outputs"] = ["json": schema]
        case .tool:
            body["tools"] = [["type": "function", "function": ["name": .string(name), "parameters": schema]]]
            body["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
        }
    }
}

extension JSONValue {
    /// The value without the members of a name, at any depth.
    fileprivate func removing(_ key: String) -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.removing(key) })
        case .object(let object):
            .object(
                JSONObject(
                    object.members.lazy.filter { !$0.key.utf8.elementsEqual(key.utf8) }
                        .map { (key: $0.key, value: $0.value.removing(key)) }
                )
            )
        default: self
        }
    }
}

extension Message {
    /// The turn as both dialects write it.
    var json: JSONValue { ["role": .string(role.rawValue), "content": .string(content)] }
}
