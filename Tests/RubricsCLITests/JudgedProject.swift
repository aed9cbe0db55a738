// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport

/// Rows, responses and a place for what `rubrics judge` makes of them.
struct JudgedProject: Sendable {
    let folder: TemporaryFolder
    /// The responses' file.
    var responses: String { folder.path("responses.jsonl") }

    /// One task with two virtues and a fault, and four responses from good to empty.
    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.write("rubrics.jsonl", lines: [Self.task("t"), Self.task("u")])
        try write(
            [("r1", "alpha beta gamma"), ("r2", "alpha omega"), ("r3", "nothing"), ("r4", " ")].map(Self.response)
        )
    }

    /// Replaces the responses.
    func write(_ lines: [JSONValue]) throws {
        _ = try folder.write("responses.jsonl", lines: lines)
    }

    static func response(_ id: String, _ text: String) -> JSONValue {
        ["id": .string(id), "task": "t", "response": .string(text)]
    }

    static func criterion(_ word: String, _ importance: String, _ polarity: String = "positive") -> JSONValue {
        [
            "title": .string(word), "description": .string("Names \(word)."), "importance": .string(importance),
            "polarity": .string(polarity),
        ]
    }

    static func task(_ id: String) -> JSONValue {
        [
            "id": .string(id), "prompt": "Which letters?", "reference_answer": "alpha beta",
            "criteria": [
                criterion("alpha", "essential"), criterion("beta", "optional"),
                criterion("omega", "pitfall", "negative"),
            ],
        ]
    }

    /// Runs `rubrics judge` on the responses.
    func judge(
        _ more: [String] = [],
        out: String = "scored.jsonl",
        environment: [String: String?] = [:],
        signal: (number: Int32, moment: Command.Moment)? = nil
    ) async throws -> Command.Result {
        let arguments = ["judge", responses, "--rubrics", folder.path("rubrics.jsonl"), "--out", folder.path(out)]
        return try await Command.run(arguments + more, environment: environment, signal: signal)
    }

    /// The rewards of a scored file, in its order.
    func rewards(_ name: String = "scored.jsonl") throws -> [Double?] {
        try folder.lines(name).map { $0["reward"]?.double }
    }
}

extension JSONValue {
    /// A line of a scored file without what it cost, which depends on what had been answered before.
    var withoutUsage: JSONValue {
        var object = object ?? [:]
        object["usage"] = nil
        return .object(object)
    }

    /// The names of an object's members, in order.
    var keys: [String] { object?.members.map(\.key) ?? [] }
}
