// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// Keys and addresses of judges: what is wrong with them is told before any work, and keys are never told.
@Suite("Keys and addresses of judges on the command line", .timeLimit(.minutes(5)))
struct JudgeKeyTests {
    /// What is wrong with a judge.
    enum Flaw: String, Sendable, CaseIterable {
        case noKey
        case noAnthropicKey
        case wrongKey
        case refusedKey
        case wrongModel
        case unreachable

        /// The address of a judge with this flaw.
        func address() async throws -> String {
            switch self {
            case .noKey: return "openai:gpt-4o-mini"
            case .noAnthropicKey: return "anthropic:claude-haiku-4-5"
            case .unreachable: return "http://127.0.0.1:1/v1#judge"
            case .wrongKey, .wrongModel:
                var behavior = JudgeBehavior()
                behavior.faults = FaultPlan(shares: [.init(self == .wrongKey ? .expiredKey : .wrongModel, 1)])
                return try await ScriptedServer.start(behavior).address()
            case .refusedKey:
                return try await ScriptedServer.start { _, _ in
                    .answer(status: 401, headers: [], body: #"{"error": {"message": "no", "code": "invalid_api_key"}}"#)
                }.address()
            }
        }

        /// What the message says.
        var expected: [String] {
            switch self {
            case .noKey: ["openai:gpt-4o-mini", "OPENAI_API_KEY is not set", "export it"]
            case .noAnthropicKey: ["anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY is not set", "export it"]
            case .wrongKey, .refusedKey: ["http://127.0.0.1:", "401", "check the key"]
            case .wrongModel: ["http://127.0.0.1:", "404", "the model judge: check its name"]
            case .unreachable: ["http://127.0.0.1:1/v1#judge", "cannot be reached", "refused", "check the address"]
            }
        }
    }

    private static let keyless: [String: String?] = [
        "OPENAI_API_KEY": nil, "ANTHROPIC_API_KEY": nil, "RUBRICS_JUDGE_API_KEY": nil,
    ]

    private func expectOneLine(_ result: Command.Result, _ flaw: Flaw) {
        #expect(result.status == 2 && result.output.isEmpty, "\(result.output)\(result.errors)")
        #expect(result.errors.hasPrefix("rubrics: ") && result.errors.utf8.count { $0 == 10 } == 1, "\(result.errors)")
        for text in flaw.expected { #expect(result.errors.contains(text), "\(result.errors)") }
    }

    @Test("One line says what is wrong before any work of judge, train and doctor", arguments: Flaw.allCases)
    func flaws(_ flaw: Flaw) async throws {
        let address = try await flaw.address()
        let project = try JudgedProject()
        let judged = try await project.judge(["--judge", address], environment: Self.keyless)
        expectOneLine(judged, flaw)
        #expect(!FileManager.default.fileExists(atPath: project.folder.path("scored.jsonl")))

        let training = try TinyProject()
        try training.write()
        let judges = "judge.models=\(JSONValue.array([.string(address)]).serialized())"
        let trained = try await Command.run(
            ["train", training.recipeFile.path, "--runs", training.runs.path, "--set", judges],
            environment: Self.keyless
        )
        expectOneLine(trained, flaw)
        #expect(!FileManager.default.fileExists(atPath: training.runs.path))

        let doctor = try await Command.run(["doctor", "--judge", address], environment: Self.keyless)
        #expect(doctor.status == 1 && doctor.errors.isEmpty, "\(doctor.errors)")
        let line = try #require(doctor.output.split(separator: "\n").first { $0.hasPrefix("missing  judge: ") })
        for text in flaw.expected { #expect(line.contains(text), "\(doctor.output)") }
    }

    @Test("doctor says how a judge that answers gives JSON")
    func doctor() async throws {
        let server = try await WordJudge().start()
        let result = try await Command.run(["doctor", "--judge", server.address(), "--judge", "checks"])
        #expect(result.output.contains("ok       judge: 127.0.0.1:judge, JSON by json_schema"), "\(result.output)")
        #expect(result.output.contains("ok       judge: checks need no model"), "\(result.output)")
    }

    // MARK: A planted key

    private static let key = "sk-planted-0123456789abcdef"

    /// A judge that gives the key back wherever it can: in what it says, and in every part of its errors.
    private static func parrot() async throws -> ScriptedServer {
        try await WordJudge(exception: { question in
            guard question.members.last == "met" else { return nil }
            let error: JSONValue = [
                "error": ["message": .string(key), "type": .string("no_\(key)"), "code": .string(key)]
            ]
            switch question.response.utf8.count % 3 {
            case 0: return .answer(status: 401, headers: [("x-key", key)], body: error.serialized())
            case 1: return .answer(status: 500, headers: [], body: error.serialized())
            default: return .completion(#"{"reason": "your key is \#(key)", "met": "yes"}"#)
            }
        }).start()
    }

    /// The files below a folder that hold the key, and how many there are in all.
    private func search(_ folder: URL) throws -> (holders: [String], count: Int) {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let files = try names.compactMap { name -> (String, Data)? in
            let file = folder.appendingPathComponent(name)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            return (name, try Data(contentsOf: file))
        }
        return (files.filter { $1.range(of: Data(Self.key.utf8)) != nil }.map(\.0), files.count)
    }

    @Test("A planted key, given back by the server, is in no output, ledger, scored file, recipe or run")
    func planted() async throws {
        let server = try await Self.parrot()
        let environment: [String: String?] = ["RUBRICS_JUDGE_API_KEY": Self.key]
        let options = ["judge.endpoint.attempts=1", "judge.max_tokens=64"].flatMap { ["--set", $0] }
        let project = try JudgedProject()
        try project.write(["a", "ab", "abc"].map { JudgedProject.response($0, $0) })
        let training = try TinyProject()
        try training.write()
        let judges = "judge.models=\(JSONValue.array([.string(server.address())]).serialized())"
        let train =
            ["train", training.recipeFile.path, "--runs", training.runs.path, "--set", judges]
            + ["--set", "judge.checks=ignore", "--set", "grpo.maximum_unscored_share=1"] + options
        let results = [
            try await project.judge(["--judge", server.address()] + options, environment: environment),
            try await Command.run(
                ["ledger", "export", project.folder.path("scored.jsonl.ledger.sqlite")],
                environment: environment
            ),
            try await Command.run(train + ["--dry-run"], environment: environment),
            try await Command.run(train, environment: environment),
            try await Command.run(["explain", training.run.path, "0"], environment: environment),
            try await Command.run(["replay", training.run.path], environment: environment),
            try await Command.run(["doctor", "--judge", server.address()], environment: environment),
        ]
        #expect(results.map(\.status).prefix(6) == [3, 0, 0, 0, 0, 0], "\(results.map(\.errors))")
        for result in results {
            #expect(!result.output.contains(Self.key) && !result.errors.contains(Self.key), "\(result)")
        }
        let (judged, run) = try (search(project.folder.url), search(training.folder.url))
        #expect(judged.holders == [] && run.holders == [])
        #expect(judged.count >= 4 && run.count > 10)
        #expect(server.calls.allSatisfy { $0.header("authorization") == "Bearer \(Self.key)" })
        #expect(try project.folder.lines("scored.jsonl").contains { $0.serialized().contains("your key is ***") })
    }
}
