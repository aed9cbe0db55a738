// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Runs
import TestSupport
import Testing

/// Training on a judge that fails: killed and resumed, it ends as without, and every reward can be made again.
@Suite("Training with a judge on the command line", .serialized, .timeLimit(.minutes(5)))
struct JudgedTrainingTests {
    /// Two votes a criterion, two attempts a call, and rubrics of which seven tenths suffice.
    private static let options = [
        "judge.votes=2", "judge.temperature=1", "judge.endpoint.attempts=2", "judge.endpoint.concurrency=16",
        "reward.minimum_judged_weight=0.7", "grpo.maximum_unscored_share=1",
    ].flatMap { ["--set", $0] }

    @Test(
        "Faults, votes and kills change nothing, cost no kept answer twice, and replay to the bit",
        arguments: [0, 1]
    )
    func killed(staleness: Int) async throws {
        let options = Self.options + ["--set", "grpo.staleness=\(staleness)"]
        let whole = try await JudgedTraining(JudgedTraining.faultyJudge, options: options)
        let undisturbed = try await whole.train()
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")
        let total = whole.server.log.entries.count

        let training = try await JudgedTraining(JudgedTraining.faultyJudge, options: options)
        let log = training.server.log
        var lost = 0
        for share in [0.3, 0.7] {
            let moment = Command.Moment.when { Double(log.entries.count) > share * Double(total) }
            let result =
                lost == 0 && share < 0.5
                ? try await training.train(signal: (SIGKILL, moment))
                : try await training.resume(signal: (SIGKILL, moment))
            #expect(result.status == -SIGKILL, "\(result.errors)")
            lost = try await training.answered() - training.kept()
            #expect((0...32).contains(lost))
        }
        let last = try await training.resume()
        #expect(last.status == 0, "\(last.errors)")
        let differing = try RunBytes(training.run).difference(from: RunBytes(whole.run))
        #expect(differing == [])
        #expect(log.answered(moreOftenThan: 2).count <= lost)
        #expect(whole.server.log.answered(moreOftenThan: 2).isEmpty)
        #expect(await training.answered() <= whole.answered() + lost)
        try await expectReplay(training)
    }

    /// What the run holds of failures and votes, and that its rewards are made again without a request.
    private func expectReplay(_ training: JudgedTraining) async throws {
        let rollouts = try training.rollouts()
        let verdicts = rollouts.flatMap(\.completion.verdicts)
        #expect(rollouts.count == 32 && rollouts.contains { $0.completion.unscored?.reason == "server_error" })
        #expect(rollouts.contains { $0.completion.reward != nil && $0.completion.coverage < 1 })
        #expect(verdicts.contains { $0.votes?.met == 2 } && verdicts.contains { $0.votes?.unjudged == 2 })
        let before = training.server.log.entries.count
        let replay = try await training.replay()
        #expect(replay.status == 0, "\(replay.errors)")
        // 8 completions a step, and 2 samples of each of 2 held-out prompts at 0, 2 and 4.
        #expect(replay.output == "44 rewards made again, all bit-identical, no judge called\n")
        #expect(training.server.log.entries.count == before)
    }

    @Test("A changed reward is found, and named")
    func tampered() async throws {
        let training = try await JudgedTraining(options: ["--set", "grpo.steps=1"])
        #expect(try await training.train().status == 0)
        let file = training.run.appendingPathComponent("recipe.yaml")
        let recipe = try String(contentsOf: file, encoding: .utf8)
        try Data(recipe.replacing("weighting: categorical", with: "weighting: uniform").utf8).write(to: file)
        let replay = try await training.replay()
        #expect(replay.status == 2 && replay.errors.contains("rewards differ"), "\(replay.output)\(replay.errors)")
    }

    @Test("A replay without the run's ledger says what is missing")
    func noLedger() async throws {
        let training = try await JudgedTraining(options: ["--set", "grpo.steps=1"])
        #expect(try await training.train().status == 0)
        try FileManager.default.removeItem(at: training.run.appendingPathComponent("ledger.sqlite"))
        let replay = try await training.replay()
        #expect(replay.status == 2 && replay.errors.contains("ledger.sqlite is not there"), "\(replay.errors)")
    }
}
