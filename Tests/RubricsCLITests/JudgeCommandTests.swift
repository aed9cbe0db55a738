// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics judge` with every method, against a judge on loopback that goes by words.
@Suite("Judging on the command line", .timeLimit(.minutes(5)))
struct JudgeCommandTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var method: String
        var more: [String] = []
        /// Of a good, a middling, an empty-handed and an empty response.
        var rewards: [Double]
        var ratings: [Double?]
        var verdicts: Int
        var calls: Int

        var testDescription: String { ([method] + more).joined(separator: " ") }
    }

    /// Explicit: weights 1.0 and 0.3 for what is named, 0.9 for the fault that is not. Ratings: 10, 4, 1.
    static let cases = [
        Case(
            method: "rar-explicit",
            rewards: [1, 1 / 2.2, 0.9 / 2.2, 0],
            ratings: [nil, nil, nil, nil],
            verdicts: 3,
            calls: 9
        ),
        Case(
            method: "rar-explicit",
            more: ["--weighting", "uniform", "--negative", "penalty", "--criteria-per-call", "0"],
            rewards: [1, 0, 0, 0],
            ratings: [nil, nil, nil, nil],
            verdicts: 3,
            calls: 3
        ),
        Case(method: "rar-implicit", rewards: [1, 3.0 / 9, 0, 0], ratings: [10, 4, 1, nil], verdicts: 0, calls: 3),
        Case(
            method: "direct-likert",
            more: ["--set", "reward.normalization=tenth"],
            rewards: [1, 0.4, 0.1, 0.1],
            ratings: [10, 4, 1, nil],
            verdicts: 0,
            calls: 3
        ),
        Case(
            method: "reference-likert",
            rewards: [1, 3.0 / 9, 0, 0],
            ratings: [10, 4, 1, nil],
            verdicts: 0,
            calls: 3
        ),
        Case(method: "predefined", rewards: [1, 1, 0, 0], ratings: [nil, nil, nil, nil], verdicts: 4, calls: 12),
        Case(method: "pairwise", rewards: [0.5, 0, 0, 0], ratings: [0.5, 0, 0, nil], verdicts: 0, calls: 6),
        Case(
            method: "listwise",
            rewards: [1, 2.0 / 3, 1.0 / 3, 0],
            ratings: [1, 2.0 / 3, 1.0 / 3, nil],
            verdicts: 0,
            calls: 2
        ),
    ]

    @Test("Each method's rewards, ratings and verdicts, its keys in their order", arguments: cases)
    func method(_ expected: Case) async throws {
        let project = try JudgedProject()
        let server = try await WordJudge().start()
        let result = try await project.judge(
            ["--judge", server.address(), "--method", expected.method] + expected.more
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.calls.count == expected.calls)
        let lines = try project.folder.lines("scored.jsonl")
        #expect(lines.map { $0["id"] } == ["r1", "r2", "r3", "r4"])
        for (line, reward) in zip(lines, expected.rewards) {
            #expect(try abs(#require(line["reward"]?.double) - reward) < 1e-12, "\(line.serialized())")
            #expect(line.keys == ["id", "method", "reward", "unscored", "rating", "verdicts", "usage"])
            #expect(line["method"]?.string == expected.method && line["unscored"] == .null)
            #expect(line["usage"]?.keys == ["calls", "cached", "input_tokens", "output_tokens", "cost"])
            #expect(line["verdicts"]?.array?.count == expected.verdicts)
            for verdict in line["verdicts"]?.array ?? [] {
                #expect(verdict.keys == Self.verdictKeys)
            }
        }
        for (line, rating) in zip(lines, expected.ratings) {
            guard let rating else { continue }
            #expect(try abs(#require(line["rating"]?.double) - rating) < 1e-12)
        }
        let mean = String(format: "%.4f", expected.rewards.reduce(0, +) / 4)
        #expect(result.output.contains("mean reward \(mean) over 4 of 4 responses\n"), "\(result.output)")
        #expect(result.output.contains("calls       \(expected.calls) made, 0 from the ledger"), "\(result.output)")
    }

    private static let verdictKeys = [
        "id", "title", "outcome", "met", "credited", "weight", "reason", "failure", "judge",
    ]

    @Test("A line says what was found and what polarity made of it")
    func verdicts() async throws {
        let project = try JudgedProject()
        try project.write([JudgedProject.response("r2", "alpha omega")])
        let server = try await WordJudge().start()
        let result = try await project.judge(["--judge", server.address()])
        #expect(result.status == 0, "\(result.errors)")
        func verdict(_ id: String, _ word: String, _ outcome: String, credited: Bool, _ weight: Double) -> JSONValue {
            [
                "id": .string(id), "title": .string(word), "outcome": .string(outcome),
                "met": .bool(outcome == "met"), "credited": .bool(credited), "weight": .number(weight),
                "reason": "by its words", "failure": nil, "judge": "127.0.0.1:judge",
            ]
        }
        let expected: JSONValue = [
            "id": "r2", "method": "rar-explicit", "reward": .number(1 / 2.2), "unscored": nil, "rating": nil,
            "verdicts": [
                verdict("c1", "alpha", "met", credited: true, 1), verdict("c2", "beta", "unmet", credited: false, 0.3),
                verdict("c3", "omega", "met", credited: false, 0.9),
            ],
            "usage": ["calls": 3, "cached": 0, "input_tokens": 48, "output_tokens": 12, "cost": .number(0)],
        ]
        #expect(try project.folder.lines("scored.jsonl").map { $0.serialized() } == [expected.serialized()])
    }

    @Test("rlvr goes by checks, or by the reference as the final answer, and asks nobody")
    func verifiable() async throws {
        let project = try JudgedProject()
        try project.folder.write("rubrics.jsonl", JudgedRows.row("t"))
        let checked = try await project.judge(["--method", "rlvr"])
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(try project.rewards() == [1, 0.5, 0, 0])
        #expect(try project.folder.lines("scored.jsonl")[0]["verdicts"]?.array?.first?["judge"] == "checks")
        #expect(!checked.output.contains("calls"), "\(checked.output)")

        try project.write(
            [("r1", "The answer is 42."), ("r2", "The answer is 24.")].map { id, text in
                ["id": .string(id), "response": .string(text), "prompt": "6 · 7?", "reference_answer": "42"]
            }
        )
        let verified = try await project.judge(["--method", "rlvr"])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(try project.rewards() == [1, 0])
    }

    @Test("Rankings are of the responses to one task, in whatever order the file has them")
    func groups() async throws {
        let project = try JudgedProject()
        let rows = [("a", "u", "alpha"), ("b", "t", "beta"), ("c", "u", "alpha beta"), ("d", "t", "gamma")]
        try project.write(rows.map { ["id": .string($0), "task": .string($1), "response": .string($2)] })
        let server = try await WordJudge().start()
        let result = try await project.judge(["--judge", server.address(), "--method", "listwise"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try project.folder.lines("scored.jsonl").map { $0["id"] } == ["a", "b", "c", "d"])
        #expect(try project.rewards() == [0, 1, 1, 0])
        #expect(server.calls.count == 4)
    }

    /// Rewards the share of the words alpha and beta; what it does not know has none.
    private static let program = """
        import json, sys
        for line in sys.stdin:
            asked = json.loads(line)
            assert list(asked) == ["id", "prompt", "response", "reference_answer", "criteria"]
            assert asked["criteria"][2]["polarity"] == "negative" and asked["reference_answer"] == "alpha beta"
            found = sum(word in asked["response"] for word in ("alpha", "beta")) / 2
            answer = {"id": asked["id"], "reward": found or None, "reason": "counted"}
            print(json.dumps(answer), flush=True)

        """

    @Test("A program of one's own gives rewards; where it gives none the response is unscored")
    func command() async throws {
        let project = try JudgedProject()
        let program = try project.folder.write("reward.py", Self.program.utf8)
        let method = try project.folder.write("method.yaml", "command: [python3, \(program)]\n".utf8)
        let result = try await project.judge(["--method", method])
        #expect(result.status == 3, "\(result.errors)")
        #expect(try project.rewards() == [1, 0.5, nil, 0])
        let line = try project.folder.lines("scored.jsonl")[2]
        #expect(line["unscored"]?["reason"] == "incomplete")
        #expect(line["unscored"]?["detail"]?.string?.contains("gave no reward") == true)
        #expect(result.output.contains("unscored    1 incomplete"), "\(result.output)")
        let again = try await project.judge(["--method", method])
        #expect(again.status == 3 && again.output.contains("0 made, 3 from the ledger"), "\(again.output)")
    }

    @Test("Words of one's own reach the judge, filled in; without the statement they are refused")
    func templates() async throws {
        let project = try JudgedProject()
        let server = try await WordJudge().start()
        func method(_ user: String) throws -> String {
            let template: JSONValue = ["criteria": ["system": "Be brief.", "user": .string(user)]]
            let judge: JSONValue = ["models": [.string(server.address())], "templates": template]
            return try project.folder.write("method.yaml", ["judge": judge])
        }
        let words = "My question\n{prompt}\n{response}\n{criteria}\n\n{format}"
        let result = try await project.judge(["--method", try method(words), "--limit", "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try project.rewards() == [1])
        for call in server.calls {
            let messages = call.body["messages"]?.array ?? []
            #expect(messages.first?["content"] == "Be brief.")
            let asked = try #require(messages.last?["content"]?.string)
            #expect(asked.hasPrefix("My question\n[prompt ") && asked.contains("]\nalpha beta gamma\n[end of"))
        }
        let wrong = try await project.judge(["--method", try method("{prompt}\n{response}")])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("{criteria}"), "\(wrong.errors)")
    }
}
