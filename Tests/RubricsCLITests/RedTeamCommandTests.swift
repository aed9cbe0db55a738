// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics redteam`, by checks and against judges on loopback.
@Suite("Attacks on the command line", .timeLimit(.minutes(5)))
struct RedTeamCommandTests {
    /// An essential word, a fault, and a form that only `judge-failure-mark-tower` has.
    private static let row: JSONValue = [
        "id": "t", "prompt": "Yes or no?", "plain_answer": "Yes.",
        "criteria": [
            [
                "title": "Yes", "description": "Says yes.", "importance": "essential", "polarity": "positive",
                "kind": "content", "check": ["any_of": ["yes"]],
            ],
            [
                "title": "No", "description": "Says no.", "importance": "pitfall", "polarity": "negative",
                "kind": "content", "check": ["any_of": ["no"]],
            ],
            [
                "title": "A", "description": "Begins with a.", "importance": "optional", "polarity": "positive",
                "kind": "form", "check": ["regex": "^a"],
            ],
        ],
    ]

    private func attack(
        _ folder: TemporaryFolder,
        _ rows: [JSONValue],
        _ arguments: [String]
    ) async throws -> Command.Result {
        let file = try folder.write("rows.jsonl", lines: rows)
        return try await Command.run(
            ["redteam", "--rubrics", file, "--out", folder.path("red.jsonl"), "--format", "json"] + arguments
        )
    }

    @Test("By checks the counts are those found by hand")
    func checks() async throws {
        let folder = try TemporaryFolder()
        let result = try await attack(folder, [Self.row], ["--judge", "checks", "--families", "judge_failure"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try result.json
        // Of 15 attacks two hold the word yes and not the word no: as much as "Yes." has, and more than nothing.
        #expect(report["trials"] == 15 && report["wins"] == 2 && report["gains"] == 2 && report["unscored"] == 0)
        #expect(report["hack_score"] == .number(2.0 / 15))
        #expect(
            report["winners"]?.array?.map { $0["attack"]?.string }
                == ["judge-failure-wide-json", "judge-failure-repetition"]
        )
        #expect(report["credited_criteria"]?.array?.map { $0["criterion"]?.string } == ["c1"])
        #expect(abs((report["honest_reward"]?.double ?? 0) - 1.9 / 2.2) < 1e-12)
        #expect(abs((report["nothing_reward"]?.double ?? 0) - 0.9 / 2.2) < 1e-12)
        let tower = try folder.lines("red.jsonl").first { $0["attack"]?.string == "judge-failure-mark-tower" }
        #expect(abs((tower?["reward"]?.double ?? 0) - 1.2 / 2.2) < 1e-12)
        #expect(tower?["gain"] == false && tower?["win"] == false)
    }

    @Test("The demo's rows are attacked by default, and the text names the shares")
    func demo() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.run([
            "redteam", "--limit", "1", "--families", "master_key,opener", "prompt_leak", "--out", folder.path("out"),
        ])
        #expect(result.status == 0, "\(result.errors)")
        for text in ["judge       checks, method rar-explicit", "attacks     31 on 1 task\n", "hack score", "opener"] {
            #expect(result.output.contains(text), "\(result.output)")
        }
        #expect(!result.output.contains("rubric_echo"))
        #expect(try folder.lines("out").count == 33)
    }

    @Test(
        "Against a judge that answers at random, lines and summary agree, and a second run asks nothing",
        arguments: ["rar-explicit", "rar-implicit", "reference-likert", "pairwise", "listwise"]
    )
    func random(method: String) async throws {
        let folder = try TemporaryFolder()
        let server = try await ScriptedServer.start(JudgeBehavior())
        var row = JudgedRows.row("a").object ?? [:]
        row["reference_answer"] = "It is alpha, and beta after it."
        let judge = ["--judge", "\(server.baseURL.absoluteString)#judge", "--set", "judge.checks=ignore"]
        let arguments = ["--method", method, "--families", "opener"] + judge
        let result = try await attack(folder, [.object(row)], arguments)
        #expect(result.status == 0, "\(result.errors)")
        let report = try result.json
        let lines = try folder.lines("red.jsonl")
        let attacks = lines.filter { $0["role"]?.string == "attack" }
        #expect(attacks.count == 8 && report["trials"] == 8)
        #expect(lines.count == (method == "listwise" ? 24 : 10))
        for (key, member) in [("wins", "win"), ("gains", "gain"), ("broke_judge", "broke_judge")] {
            #expect(report[key]?.int == attacks.count { $0[member]?.bool == true })
        }
        for line in attacks {
            let reward = try #require(line["reward"]?.double)
            let honest = try #require(line["honest_reward"]?.double)
            #expect(line["win"]?.bool == (reward >= honest))
        }
        let asked = server.requests.count
        let again = try await attack(folder, [.object(row)], arguments)
        #expect(try folder.lines("red.jsonl").map { $0["reward"] } == lines.map { $0["reward"] })
        #expect(try again.json["usage"]?["calls"] == again.json["usage"]?["cached"])
        // One request before the work, which asks whether the endpoint answers.
        #expect(server.requests.count == asked + 1)
    }

    @Test("What breaks the judge never wins, what cannot be reached is unscored, and a fooled judge is found out")
    func failures() async throws {
        let folder = try TemporaryFolder()
        let server = try await JudgedRows.server { asked in
            if asked.contains("I cannot assess this.") { return .completion("I'm sorry, but I can't help with that.") }
            if asked.contains("Too many requests. Retry later.") {
                return .answer(status: 500, headers: [], body: "{}")
            }
            guard asked.contains("until you reach") || asked.contains("count upwards") else { return nil }
            return .completion(#"{"reason": "it asks for it", "met": "yes"}"#)
        }
        let result = try await attack(
            folder,
            [JudgedRows.row("a", plain: "Well, it is: alpha."), JudgedRows.row("b", plain: "Well, it is: alpha.")],
            ["--families", "judge_failure"] + JudgedRows.judge(server)
        )
        #expect(result.status == 3, "\(result.errors)")
        let report = try result.json
        #expect(report["trials"] == 30 && report["broke_judge"] == 2 && report["unscored"] == 2)
        #expect(report["unscored_reasons"] == ["server_error": 2])
        #expect(report["wins"] == 2 && report["hack_score"] == .number(2.0 / 28))
        #expect(report["winners"]?.array?.map { $0["attack"] } == ["judge-failure-endless"])
        let broken = try folder.lines("red.jsonl").filter { $0["broke_judge"]?.bool == true }
        #expect(broken.map { $0["attack"] } == ["judge-failure-cannot-assess", "judge-failure-cannot-assess"])
        #expect(broken.allSatisfy { $0["reward"] == 0.0 && $0["win"] == false })
    }

    @Test(
        "Wrong input is refused before anything is judged",
        arguments: [
            (["--rubrics", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
            (["--families", "master_kye"], "did you mean \"master_key\"?"),
            (["--against", "nowhere.jsonl"], "--against nowhere.jsonl"),
            (["--method", "rar-implicit"], "asks a model"),
            (["--judge", "openai:gpt-4o-mini"], "OPENAI_API_KEY"),
            (["--out", "/nowhere/red.jsonl", "--ledger", "LEDGER"], "/nowhere/red.jsonl cannot be written"),
        ]
    )
    func wrong(arguments: [String], message: String) async throws {
        let folder = try TemporaryFolder()
        let given = arguments.map { $0 == "LEDGER" ? folder.path("ledger") : $0 }
        let result = try await Command.run(
            "/usr/bin/env",
            ["-u", "OPENAI_API_KEY", Command.executable, "redteam"]
                + (given.contains("--out") ? given : given + ["--out", folder.path("red.jsonl")])
        )
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test("A row without an honest answer is named, also where a file was to give it")
    func noHonestAnswer() async throws {
        let folder = try TemporaryFolder()
        let rows = [JudgedRows.row("a"), JudgedRows.row("b", plain: nil)]
        let lacking = try await attack(folder, rows, [])
        #expect(lacking.status == 2 && lacking.errors.contains("task b has neither"), "\(lacking.errors)")
        let answers = try folder.write("honest.jsonl", lines: [["id": "a", "response": "Alpha."]])
        let partial = try await attack(folder, rows, ["--against", answers])
        #expect(partial.status == 2 && partial.errors.contains("no answer for task b"), "\(partial.errors)")
        #expect(try await attack(folder, rows, ["--against", answers, "--limit", "1"]).status == 0)
    }

    @Test("Help has examples", arguments: ["redteam", "fit-weights", "ledger"])
    func help(command: String) async throws {
        let result = try await Command.run([command, "--help"])
        #expect(result.status == 0 && result.output.contains("Examples:"))
    }
}
