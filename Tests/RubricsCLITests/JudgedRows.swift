// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport

/// Rubric rows, responses and judges for commands that grade.
enum JudgedRows {
    /// A row whose two checks ask for words that each stand in one honest answer.
    static func row(_ id: String, plain: String? = "Alpha it is.") -> JSONValue {
        var row: JSONObject = ["id": .string(id), "prompt": "Which letter?"]
        if let plain { row["plain_answer"] = .string(plain) }
        row["criteria"] = [criterion("alpha", "essential"), criterion("beta", "optional")]
        return .object(row)
    }

    private static func criterion(_ word: String, _ importance: String) -> JSONValue {
        [
            "title": .string(word), "description": "Names \(word).", "importance": .string(importance),
            "polarity": "positive", "kind": "content", "check": ["any_of": [.string(word)]],
        ]
    }

    /// A judge of the rows' statements that looks for their words, and says what `exception` says of texts that hold
    /// something else.
    static func server(
        exception: @escaping @Sendable (_ asked: String) -> ScriptedServer.Reaction? = { _ in nil }
    ) async throws -> ScriptedServer {
        try await ScriptedServer.start { request, _ in
            let asked = request.body["messages"]?.array?.last?["content"]?.string ?? ""
            let whole = request.body["messages"]?.array?.compactMap { $0["content"]?.string }.joined() ?? ""
            if let reaction = exception(whole) { return reaction }
            let isMet = ["alpha", "beta"].contains { asked.contains("Names \($0).") && asked.contains("it is: \($0)") }
            let reply: JSONValue = ["reason": "the words say so", "met": isMet ? "yes" : "no"]
            return .completion(reply.serialized())
        }
    }

    /// The options that ask a server's model, without trying first how it gives JSON, one attempt a call.
    static func judge(_ server: ScriptedServer) -> [String] {
        [
            "--judge", "\(server.baseURL.absoluteString)#judge", "--set", "judge.endpoint.structured_output=none",
            "--set", "judge.endpoint.attempts=1", "--set", "judge.checks=ignore",
        ]
    }
}

extension TemporaryFolder {
    /// Writes JSON lines and gives the file's path.
    func write(_ name: String, lines: [JSONValue]) throws -> String {
        try write(name, lines.map { $0.serialized() + "\n" }.joined().utf8)
    }

    /// The lines of a file in it.
    func lines(_ name: String) throws -> [JSONValue] {
        try Document.jsonLines(String(contentsOfFile: path(name), encoding: .utf8), file: name).map(\.json)
    }
}

extension Command.Result {
    /// What was printed, as JSON.
    var json: JSONValue {
        get throws { try JSONParser.parse(Array(output.utf8), file: "output") }
    }
}
