// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Rubrics

/// A chat request as the scripted judge reads it.
struct ChatCall {
    /// The protocol of the request.
    enum Dialect {
        /// `POST …/chat/completions`.
        case openAI
        /// `POST …/messages`.
        case anthropic
    }

    /// The protocol.
    let dialect: Dialect
    /// The body.
    let body: JSONValue
    /// A stable hash of the messages alone, whichever model they go to.
    let messagesHash: UInt64
    /// The same hash of the messages before the first answer.
    let questionHash: UInt64

    /// Reads a request; `nil` where its path is no chat.
    init?(_ request: ScriptedServer.Request) {
        guard request.method == .POST else { return nil }
        if request.hasPath("/chat/completions") {
            dialect = .openAI
        } else if request.hasPath("/messages") {
            dialect = .anthropic
        } else {
            return nil
        }
        body = request.body
        messagesHash = request.messagesHash
        questionHash = request.question.messagesHash
    }

    /// The model's name.
    var model: String { body["model"]?.string ?? "scripted-judge" }

    /// What is wrong with the request, or `nil`.
    var complaint: String? {
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            return "'messages' must be a list that is not empty"
        }
        return body["stream"]?.bool == true ? "'stream' is not supported by this server" : nil
    }

    /// The one tool that is offered, with the schema of its arguments.
    var tool: (name: String, schema: JSONValue)? {
        guard let tool = body["tools"]?.array?.first else { return nil }
        let function = dialect == .openAI ? tool["function"] : tool
        guard let function, let schema = function[dialect == .openAI ? "parameters" : "input_schema"] else {
            return nil
        }
        return (function["name"]?.string ?? "answer", schema)
    }

    /// Whether the tool must be called, rather than may be.
    var isToolForced: Bool { body["tool_choice"]?.object != nil }

    /// The schema of the answer's text.
    var schema: JSONValue? {
        body["response_format"]?["json_schema"]?["schema"] ?? body["structured_outputs"]?["json"]
    }

    /// How many alternatives to each token are asked for; `nil` where log-probabilities are not.
    var topLogprobs: Int? {
        body["logprobs"]?.bool == true ? min(20, max(0, body["top_logprobs"]?.int ?? 0)) : nil
    }

    /// How many choices are asked for.
    var choices: Int { min(64, max(1, body["n"]?.int ?? 1)) }
}
