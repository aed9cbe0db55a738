// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport

/// Prompts, and a place for the rubrics that `rubrics synthesize` writes for them.
struct SynthesisProject: Sendable {
    let folder: TemporaryFolder

    /// Prompts with reference answers.
    init(_ count: Int) throws {
        folder = try TemporaryFolder()
        try write((0..<count).map { Self.prompt($0) })
    }

    /// Replaces the prompts.
    func write(_ lines: [JSONValue]) throws {
        _ = try folder.write("prompts.jsonl", lines: lines)
    }

    static func prompt(_ number: Int) -> JSONValue {
        [
            "id": .string("p\(number)"), "prompt": .string("What is the rate of step \(number)?"),
            "reference_answer": .string("It is \(number) units."),
        ]
    }

    /// Runs `rubrics synthesize` on the prompts.
    func synthesize(
        _ server: ScriptedServer?,
        _ more: [String] = [],
        environment: [String: String?] = [:],
        signal: (number: Int32, moment: Command.Moment)? = nil
    ) async throws -> Command.Result {
        var arguments = ["synthesize", folder.path("prompts.jsonl"), "--out", folder.path("rubrics.jsonl")]
        if let server {
            arguments += ["--model", server.address(of: "writer"), "--set", "endpoint.structured_output=json_schema"]
        }
        return try await Command.run(arguments + more, environment: environment, signal: signal)
    }

    /// The rubrics that were written.
    func rubrics() throws -> [RubricTask] {
        try RubricFile(reading: String(decoding: bytes("rubrics.jsonl"), as: UTF8.self), file: "rubrics.jsonl").tasks
    }

    /// What was kept aside.
    func aside() throws -> [JSONValue] {
        try folder.lines("rubrics.jsonl.aside.jsonl")
    }

    /// A file's bytes.
    func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: folder.url.appendingPathComponent(name))
    }
}
