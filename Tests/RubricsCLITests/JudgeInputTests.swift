// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// What `rubrics judge` reads, and what is wrong with it: told before any work starts.
@Suite("Input of judging on the command line", .timeLimit(.minutes(5)))
struct JudgeInputTests {
    @Test("--limit grades the first rows alone, and the rest later without paying the first again")
    func limit() async throws {
        let project = try JudgedProject()
        let server = try await WordJudge().start()
        let first = try await project.judge(["--judge", server.address(), "--limit", "2"])
        #expect(first.status == 0 && first.output.contains("over 2 of 2 responses"), "\(first.output)\(first.errors)")
        let all = try await project.judge(["--judge", server.address()])
        #expect(all.output.contains("3 made, 6 from the ledger"), "\(all.output)")
        let lines = try project.folder.lines("scored.jsonl")
        #expect(
            lines[0]["usage"]?.serialized() == #"{"calls":3,"cached":3,"input_tokens":0,"output_tokens":0,"cost":0.0}"#
        )
        #expect(server.log.answeredTwice.isEmpty)
    }

    @Test("A row may bring its own prompt and criteria, and then needs no file of rubrics")
    func ownTask() async throws {
        let project = try JudgedProject()
        try project.write([
            [
                "id": "own", "response": "beta", "prompt": "Which?",
                "criteria": [JudgedProject.criterion("beta", "essential")],
            ]
        ])
        let server = try await WordJudge().start()
        let result = try await Command.run([
            "judge", project.responses, "--out", project.folder.path("scored.jsonl"), "--judge", server.address(),
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try project.rewards() == [1])
    }

    @Test("A response without a reference answer to compare with is unscored, the others are not")
    func reference() async throws {
        let project = try JudgedProject()
        try project.write([
            JudgedProject.response("r1", "alpha beta gamma"),
            ["id": "own", "response": "alpha", "prompt": "Which?"],
        ])
        let server = try await WordJudge().start()
        for method in ["reference-likert", "pairwise"] {
            let result = try await project.judge(["--judge", server.address(), "--method", method])
            #expect(result.status == 3, "\(result.errors)")
            #expect(result.output.contains("unscored    1 no_reference"), "\(result.output)")
            let line = try project.folder.lines("scored.jsonl")[1]
            #expect(line["reward"] == .null && line["unscored"]?["reason"] == "no_reference")
            #expect(line["unscored"]?["detail"]?.string?.contains("reference_answer") == true)
        }
    }

    @Test("Criteria of undecided polarity stop the command with the way out, which works")
    func undecided() async throws {
        let project = try JudgedProject()
        var task = try #require(JudgedProject.task("t").object)
        task["criteria"] = [
            JudgedProject.criterion("alpha", "essential"), JudgedProject.criterion("omega", "pitfall", "undecided"),
        ]
        try project.folder.write("rubrics.jsonl", .object(task))
        let server = try await WordJudge().start()
        let refused = try await project.judge(["--judge", server.address()])
        #expect(refused.status == 2 && server.requests.isEmpty)
        #expect(refused.errors.contains("--undecided drop_criterion") && refused.errors.contains("c2 of \"t\""))
        let dropped = try await project.judge(["--judge", server.address(), "--undecided", "drop_criterion"])
        #expect(dropped.status == 0 && dropped.errors.contains("criteria are left out"), "\(dropped.errors)")
        #expect(try project.rewards() == [1, 1, 0, 0])
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var name: String
        var responses: [JSONValue] = [JudgedProject.response("r1", "alpha")]
        var arguments: [String] = []
        var status: Int32 = 2
        var expected: [String]

        var testDescription: String { name }
    }

    static let wrong = [
        Wrong(
            name: "unknown task",
            responses: [["id": "r1", "task": "elsewhere", "response": "alpha"]],
            expected: ["responses.jsonl", "r1", "elsewhere", "rubrics.jsonl"]
        ),
        Wrong(
            name: "duplicate ids",
            responses: [JudgedProject.response("r1", "a"), JudgedProject.response("r1", "b")],
            expected: ["responses.jsonl:2", "duplicate", "r1"]
        ),
        Wrong(
            name: "no response",
            responses: [["id": "r1", "task": "t"]],
            expected: ["responses.jsonl:1", "response"]
        ),
        Wrong(
            name: "misspelt key",
            responses: [["id": "r1", "task": "t", "respones": "alpha"]],
            expected: ["responses.jsonl:1", "respones", "response"]
        ),
        Wrong(name: "no rows", responses: [], expected: ["responses.jsonl", "no responses"]),
        Wrong(
            name: "weighting",
            arguments: ["--weighting", "weighty"],
            expected: ["weighting", "weighty", "numeric"]
        ),
        Wrong(
            name: "no weights",
            arguments: ["--weighting", "numeric"],
            expected: ["\"t\"", "weight", "c1"]
        ),
        Wrong(name: "negative", arguments: ["--negative", "ignore"], expected: ["negative", "ignore", "penalty"]),
        Wrong(name: "override", arguments: ["--set", "judge.vots=3"], expected: ["vots", "votes"]),
        Wrong(name: "no value", arguments: ["--set", "judge.votes"], expected: ["judge.votes", "path=value"]),
        Wrong(name: "out of range", arguments: ["--set", "judge.votes=0"], expected: ["votes", "0"]),
        Wrong(name: "method", arguments: ["--method", "rar-implict"], expected: ["rar-implict", "rar-implicit"]),
        Wrong(name: "no address", arguments: ["--judge", "gpt-4o-mini"], expected: ["gpt-4o-mini", "URL#MODEL"]),
        Wrong(name: "no judge", arguments: ["--method", "rar-implicit"], expected: ["rar-implicit", "--judge"]),
        Wrong(name: "limit", arguments: ["--limit", "0"], status: 64, expected: ["--limit", "Usage"]),
        Wrong(name: "option", arguments: ["--jugde", "x"], status: 64, expected: ["--jugde", "Usage"]),
    ]

    @Test("What is wrong is named with its place and its remedy, and nothing is written", arguments: wrong)
    func refused(_ wrong: Wrong) async throws {
        let project = try JudgedProject()
        try project.write(wrong.responses)
        let result = try await project.judge(wrong.arguments)
        #expect(result.status == wrong.status && result.output.isEmpty, "\(result.output)\(result.errors)")
        for text in wrong.expected { #expect(result.errors.contains(text), "\(result.errors)") }
        if wrong.status == 2 {
            #expect(result.errors.hasPrefix("rubrics: ") && result.errors.utf8.count { $0 == 10 } == 1)
        }
        #expect(!FileManager.default.fileExists(atPath: project.folder.path("scored.jsonl")))
    }
}
