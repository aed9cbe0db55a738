// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

extension ChatEndpoint {
    /// The body of a request to `POST /messages`.
    func anthropicBody(of request: ChatRequest) -> JSONObject {
        let system = request.messages.filter { $0.role == .system }.map(\.content)
        var body: JSONObject = [
            "model": .string(model),
            "max_tokens": .integer(request.maxTokens),
            "temperature": .number(request.temperature),
        ]
        if !system.isEmpty { body["system"] = .string(system.joined(separator: "\n\n")) }
        body["messages"] = .array(request.messages.filter { $0.role != .system }.map(\.json))
        if case .json(let name, let schema) = request.format, structuredOutput == .tool {
            body["tools"] = [["name": .string(name), "input_schema": schema]]
            body["tool_choice"] = ["type": "tool", "name": .string(name)]
        }
        return body
    }
}
