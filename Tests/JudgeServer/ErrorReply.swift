// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension ScriptedServer.Reaction {
    /// An error in the shape that both dialects' clients read.
    static func failure(
        _ status: Int,
        _ type: String,
        code: String? = nil,
        _ message: String,
        headers: [(String, String)] = []
    ) -> Self {
        let error: JSONValue = [
            "message": .string(message), "type": .string(type), "param": nil,
            "code": code.map(JSONValue.string) ?? .null,
        ]
        return .answer(
            status: status,
            headers: headers,
            body: (["type": "error", "error": error] as JSONValue).serialized()
        )
    }

    /// A page as a proxy in front of an endpoint shows it.
    static func page(_ status: Int) -> Self {
        .answer(
            status: status,
            headers: [("content-type", "text/html")],
            body: "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"
        )
    }

    /// 429, with how long to stay away where that is said.
    static func rateLimited(after wait: Duration?, headers: [(String, String)]) -> Self {
        let waits = wait.map { wait in
            let milliseconds = wait.wholeMilliseconds
            let exact = milliseconds % 1000 == 0 ? [] : [("retry-after-ms", "\(milliseconds)")]
            return exact + [("retry-after", "\((milliseconds + 999) / 1000)")]
        }
        return .failure(
            429,
            "requests",
            code: "rate_limit_exceeded",
            "Rate limit reached for this model.",
            headers: headers + (waits ?? [])
        )
    }

    /// A judge's answer in OpenAI's dialect, for scripts that say its text themselves.
    ///
    /// - Parameters:
    ///   - text: The text of the one choice.
    ///   - usage: Tokens of prompt and completion.
    /// - Returns: An answer with status 200.
    package static func completion(_ text: String, usage: (prompt: Int, completion: Int) = (16, 4)) -> Self {
        let body: JSONValue = [
            "id": "chatcmpl-scripted", "object": "chat.completion", "created": 0, "model": "scripted",
            "choices": [
                ["index": 0, "message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop"]
            ],
            "usage": [
                "prompt_tokens": .integer(usage.prompt), "completion_tokens": .integer(usage.completion),
                "total_tokens": .integer(usage.prompt + usage.completion),
            ],
        ]
        return .answer(status: 200, headers: [], body: body.serialized())
    }
}
