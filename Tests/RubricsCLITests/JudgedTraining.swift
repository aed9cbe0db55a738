// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Runs
import TestSupport

/// A run of a ``TinyProject`` whose checks are passed over: every criterion goes to a judge on loopback.
struct JudgedTraining: Sendable {
    let project: TinyProject
    let server: ScriptedServer
    /// More options of `rubrics train`.
    var options: [String] = []

    init(_ judge: WordJudge = Self.judge, options: [String] = []) async throws {
        project = try TinyProject()
        try project.write()
        server = try await judge.start()
        self.options = options
    }

    /// Verdicts and ratings that follow from the words, and look drawn.
    static let judge = WordJudge(
        verdict: { statement, response in
            switch hash(statement, response) % 8 {
            case 0...3: "yes"
            case 4...6: "no"
            default: "cannot_assess"
            }
        },
        rating: { Int(hash($0) % 10) + 1 }
    )

    /// The same judge, a quarter of whose first answers fail in one of seven ways; of what is asked about letters from a
    /// to f another quarter fails every time, of all else a sixteenth.
    static let faultyJudge: WordJudge = {
        var judge = Self.judge
        judge.latency = .milliseconds(4)
        judge.exception = { question in
            let statement = question.statements.first?.text ?? ""
            let draw = hash(statement, question.response, "fault")
            if draw % 16 == 0 || statement == "Has one of a to f." && draw % 4 == 3 {
                return .answer(status: 500, headers: [("retry-after-ms", "1")], body: "{}")
            }
            guard draw % 16 < 5, question.attempt == 0 else { return nil }
            switch draw / 16 % 7 {
            case 0: return .answer(status: 503, headers: [], body: "{}")
            case 1: return .answer(status: 429, headers: [("retry-after-ms", "1")], body: "{}")
            case 2: return .reset
            case 3: return .truncated(#"{"choices": []}"#)
            case 4: return .completion("I would say that it does.")
            case 5: return .completion("I'm sorry, but I can't help with that.")
            default: return .completion(#"{"reason": "it may be", "met": "maybe"}"#)
            }
        }
        return judge
    }()

    private static func hash(_ texts: String...) -> UInt64 {
        var hash = StableHash()
        for text in texts { hash.combine(text) }
        return hash.value >> 20
    }

    /// The run's folder.
    var run: URL { project.run }
    /// The run's recipe, as it is resolved.
    var recipe: URL { run.appendingPathComponent("recipe.yaml") }

    /// Trains from the start.
    func train(signal: (number: Int32, moment: Command.Moment)? = nil) async throws -> Command.Result {
        let models = JSONValue.array([.string(server.address())]).serialized()
        let settings = [
            "judge.models=\(models)", "judge.checks=ignore", "judge.endpoint.structured_output=json_schema",
        ]
        let arguments = ["train", project.recipeFile.path, "--runs", project.runs.path]
        return try await Command.run(arguments + settings.flatMap { ["--set", $0] } + options, signal: signal)
    }

    /// Goes on with the run.
    func resume(
        options: [String] = [],
        signal: (number: Int32, moment: Command.Moment)? = nil
    ) async throws -> Command.Result {
        try await Command.run(["train", "--resume", run.path] + options, signal: signal)
    }

    /// Makes all rewards again.
    func replay() async throws -> Command.Result {
        try await Command.run(["replay", run.path])
    }

    /// Explains a rollout.
    func explain(_ rollout: String) async throws -> Command.Result {
        try await Command.run(["explain", run.path, rollout])
    }

    /// The rollouts, in their order.
    func rollouts() throws -> [RolloutRecord] {
        try RunDirectory(reading: run).rollouts.values().map { try RolloutRecord($0) }
    }

    /// The calls that were answered whole, once nothing is under way any more.
    func answered() async -> Int {
        while server.log.inFlight > 0 { await Task.yield() }
        return server.log.entries.count { $0.isAnswered && $0.hash != 0 }
    }

    /// How many calls the run's ledger holds.
    func kept() async throws -> Int {
        let stats = try await Command.run(["ledger", "stats", run.path, "--format", "json"])
        return try stats.json["calls"]?.int ?? -1
    }
}
