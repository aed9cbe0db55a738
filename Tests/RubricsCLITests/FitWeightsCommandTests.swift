// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics fit-weights`, by checks and with a judge on loopback.
@Suite("Learned weights on the command line", .timeLimit(.minutes(5)))
struct FitWeightsCommandTests {
    private static let tasks = ["a", "b", "c", "d"]
    private static let rows = tasks.map { JudgedRows.row($0) }

    /// Somebody who likes alpha, which is essential, better than beta, which is optional.
    private static let pairs = tasks.map { task -> JSONValue in
        ["task": .string(task), "chosen": "Well, it is: alpha.", "rejected": "Well, it is: beta."]
    }

    private func fit(
        _ folder: TemporaryFolder,
        rows: [JSONValue] = rows,
        pairs: [JSONValue] = pairs,
        _ arguments: [String]
    ) async throws -> Command.Result {
        let rows = try folder.write("rows.jsonl", lines: rows)
        let pairs = try folder.write("pairs.jsonl", lines: pairs)
        return try await Command.run(
            ["fit-weights", pairs, "--rubrics", rows, "--out", folder.path("weights.yaml")] + arguments
        )
    }

    /// What every pair says: essential counts, optional does not, the other classes are open.
    private static let weights: JSONValue = ["essential": 1.0, "important": 0.7, "optional": 0.0, "pitfall": 0.9]

    @Test("By checks: the class that is preferred weighs, and the file works as a method")
    func checks() async throws {
        let folder = try TemporaryFolder()
        let result = try await fit(folder, ["--judge", "checks", "--format", "json", "--folds", "2"])
        #expect(result.status == 0, "\(result.errors)")
        let learned = try result.json
        #expect(learned["weights"] == Self.weights)
        #expect(learned["undetermined"] == ["important", "pitfall"])
        #expect(learned["pairs"] == ["used": 4, "undecided": 0, "dropped": 0])
        #expect(learned["held_out"]?["folds"] == 2)
        #expect(learned["held_out"]?["learned"]?["accuracy"]?.double == 1)
        #expect(learned["held_out"]?["paper"]?["accuracy"]?.double == 1)

        let responses = try folder.write(
            "responses.jsonl",
            lines: ["alpha", "beta"].map { ["id": .string($0), "task": "a", "response": .string($0)] }
        )
        let judged = try await Command.run([
            "judge", responses, "--rubrics", folder.path("rows.jsonl"), "--method", folder.path("weights.yaml"),
            "--judge", "checks", "--out", folder.path("scored.jsonl"),
        ])
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(try folder.lines("scored.jsonl").map { $0["reward"]?.double } == [1, 0])
    }

    @Test("With a judge: the same weights, and a second run asks nothing")
    func judge() async throws {
        let folder = try TemporaryFolder()
        let server = try await JudgedRows.server()
        let first = try await fit(folder, JudgedRows.judge(server) + ["--format", "json"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(try first.json["weights"] == Self.weights)
        // The four tasks are worded alike, so that eight completions are two, of two calls each.
        #expect(try first.json["usage"]?["calls"] == 16)
        let asked = server.requests.count
        let again = try await fit(folder, JudgedRows.judge(server) + ["--format", "json"])
        #expect(try again.json["held_out"] == first.json["held_out"])
        #expect(server.requests.count == asked + 1)
    }

    @Test("The text shows both weights, both predictions and the counts; unscored sides drop their pairs")
    func text() async throws {
        let folder = try TemporaryFolder()
        let server = try await JudgedRows.server { asked in
            asked.contains("gamma") ? .answer(status: 500, headers: [], body: "{}") : nil
        }
        let broken: JSONValue = ["task": "a", "chosen": "gamma", "rejected": "Well, it is: beta."]
        let alike: JSONValue = ["task": "b", "chosen": "one", "rejected": "two"]
        let result = try await fit(folder, pairs: Self.pairs + [broken, alike], JudgedRows.judge(server))
        #expect(result.status == 3, "\(result.errors)")
        for text in [
            "pairs  4 used, 1 alike in every class, 1 dropped", "essential     1.000  1.000",
            "optional      0.000  0.300",
            "held out, 4 parts", "log-loss",
        ] {
            #expect(result.output.contains(text), "\(result.output)")
        }
        let file = try String(contentsOfFile: folder.path("weights.yaml"), encoding: .utf8)
        #expect(file.contains("# Learned") && file.contains("essential: 1.0"))
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var name: String
        var pairs = FitWeightsCommandTests.pairs
        var arguments: [String] = []
        var status: Int32 = 2
        var expected: String

        var testDescription: String { name }
    }

    @Test(
        "Wrong input is refused before anything is judged",
        arguments: [
            Wrong(
                name: "a task without rubric",
                pairs: pairs + [["task": "e", "chosen": "x", "rejected": "y"]],
                expected: "pairs.jsonl:5:9: "
            ),
            Wrong(
                name: "an unknown key",
                pairs: [["task": "a", "choosen": "x"]],
                expected: "did you mean \"chosen\"?"
            ),
            Wrong(name: "one task", pairs: [pairs[0], pairs[0]], expected: "fewer than two tasks"),
            Wrong(name: "no pairs", pairs: [], expected: "pairs.jsonl holds 0 pairs"),
            Wrong(name: "no key", arguments: ["--judge", "openai:gpt-4o-mini"], expected: "OPENAI_API_KEY"),
            Wrong(name: "another method", arguments: ["--method", "rar-implicit"], expected: "rar-explicit"),
            Wrong(name: "one fold", arguments: ["--folds", "1"], status: 64, expected: "--folds"),
            Wrong(
                name: "preferences for nothing",
                pairs: pairs.map { ["task": $0["task"] ?? nil, "chosen": "x", "rejected": "alpha"] },
                expected: "pairs.jsonl: the preferences give no class"
            ),
        ]
    )
    func wrong(_ wrong: Wrong) async throws {
        let folder = try TemporaryFolder()
        let rows = try folder.write("rows.jsonl", lines: Self.rows)
        let pairs = try folder.write("pairs.jsonl", lines: wrong.pairs)
        let result = try await Command.run(
            "/usr/bin/env",
            ["-u", "OPENAI_API_KEY", Command.executable, "fit-weights", pairs, "--rubrics", rows]
                + ["--out", folder.path("weights.yaml")] + wrong.arguments
        )
        #expect(result.status == wrong.status)
        #expect(result.errors.contains(wrong.expected), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("weights.yaml")))
    }

    @Test("A file of rubrics or of pairs that is not there is named", arguments: ["pairs.jsonl", "rows.jsonl"])
    func missing(name: String) async throws {
        let folder = try TemporaryFolder()
        for other in ["pairs.jsonl", "rows.jsonl"] where other != name {
            _ = try folder.write(other, lines: other == "rows.jsonl" ? Self.rows : Self.pairs)
        }
        let result = try await Command.run([
            "fit-weights", folder.path("pairs.jsonl"), "--rubrics", folder.path("rows.jsonl"), "--out",
            folder.path("weights.yaml"),
        ])
        #expect(result.status == 2 && result.errors.contains("\(folder.path(name)) cannot be read"), "\(result.errors)")
    }
}
