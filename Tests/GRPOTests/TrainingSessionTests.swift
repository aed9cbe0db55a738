// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Policies
import Rubrics
import RubricsTesting
import Runs
import TestSupport
import Testing

@testable import GRPO

/// The whole loop on a model of 258 tokens: what a run leaves, and that nothing that happens to it shows in its results.
@Suite("Training runs")
struct TrainingSessionTests {
    /// Stands for a process that ends at once.
    private struct Killed: Error {}

    private func finished(_ run: TinyRun) async throws -> RunDirectory {
        #expect(try await run.start().run { _ in } == .finished)
        return try run.directory
    }

    /// What a run without interruptions leaves.
    private func whole(staleness: Int = 0) async throws -> RunBytes {
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        _ = try await finished(run)
        return try run.bytes
    }

    // MARK: What a run leaves

    @Test("A run leaves every file that Docs/run-directory.md names")
    func files() async throws {
        let run = try TinyRun()
        let directory = try await finished(run)
        let rollouts = try directory.rollouts.values()
        #expect(rollouts.map { $0["id"]?.int } == Array(0..<32))
        #expect(rollouts.map { $0["step"]?.int } == (0..<32).map { 1 + $0 / 8 })
        #expect(rollouts.map { $0["sample"]?.int } == (0..<32).map { $0 % 4 })
        for rollout in rollouts {
            let tokens = rollout["token_ids"]?.array?.count ?? 0
            #expect((1...8).contains(tokens))
            #expect(rollout["sampling_logprobs"]?.array?.count == tokens)
            #expect(rollout["verdicts"]?.array?.count == 3)
        }
        #expect(try directory.metrics.values().map { $0["step"]?.int } == Array(0...4))
        #expect(try directory.heldOut.values().map { $0["step"]?.int } == [0, 2, 4].flatMap { [$0, $0, $0, $0] })
        #expect(try directory.checkpoints.latest()?.step == 4)
        #expect(try directory.checkpoints.all().count == 1)
        let summary = try #require(try directory.summary())
        #expect(summary.steps == 4)
        #expect(summary.heldOut != nil)
        #expect(Set(summary.byKind.keys) == [.content, .form])
        #expect(summary.secondsPerStep > 0 && summary.decodeTokensPerSecond > 0 && summary.peakMemoryBytes > 0)
    }

    @Test("Every metric of a step is documented, and a step has those that the documentation promises")
    func metrics() async throws {
        let run = try TinyRun()
        let directory = try await finished(run)
        let docs = try String(contentsOf: TestEngine.root.appending(path: "Docs/metrics.md"), encoding: .utf8)
        let last = try #require(try directory.metrics.values().last?["metrics"]?.object)
        for member in last.members { #expect(docs.contains("| `\(member.key)` |"), "\(member.key)") }
        for name in ["reward/mean", "policy/entropy", "optimizer/gradient_norm", "held_out/mean", "time/step"] {
            #expect(last[name] != nil, "\(name)")
        }
        #expect(last["loss/kl"] == nil)
    }

    @Test("A task that comes up twice in a step has samples of its own each time")
    func repeatedTasks() async throws {
        var run = try TinyRun()
        run.recipe.grpo.promptsPerStep = 4
        run.recipe.grpo.steps = 1
        let rollouts = try await finished(run).rollouts.values()
        let draws = rollouts.map { "\($0["task"]?.string ?? "") \($0["sample"]?.int ?? -1)" }
        #expect(rollouts.count == 16 && Set(draws).count == 16)
        #expect(Set(rollouts.map { $0["token_ids"]?.serialized() ?? "" }).count == 16)
    }

    @Test("With a KL term the first update is at no distance from the reference, later ones are")
    func divergence() async throws {
        var run = try TinyRun()
        run.recipe.grpo.klCoefficient = 0.1
        let divergences = try await finished(run).metrics.values().dropFirst()
            .map { $0["metrics"]?["loss/kl"]?.double ?? .nan }
        #expect(abs(divergences[0]) < 1e-3)
        #expect(divergences.dropFirst().allSatisfy { $0 > 0 })
    }

    @Test("A policy learns what its rubrics ask for", .timeLimit(.minutes(10)))
    func learning() async throws {
        var run = try TinyRun()
        run.recipe.grpo.steps = 60
        run.recipe.grpo.groupSize = 8
        run.recipe.evaluation.samples = 16
        run.recipe.evaluation.every = 0
        run.recipe.checkpoints.every = 0
        let change = try #require(try await finished(run).summary()?.heldOut)
        #expect(change.after - change.before > 0.2, "\(change)")
    }

    // MARK: Same seed, same run

    @Test("The same seed gives the same run, another one another")
    func seeds() async throws {
        let first = try await whole()
        #expect(try await whole().difference(from: first) == [])
        var other = try TinyRun()
        other.recipe.seed = 2
        _ = try await finished(other)
        #expect(try !other.bytes.difference(from: first).isEmpty)
    }

    @Test(
        "A run that ends at any event and goes on ends as one that did not",
        arguments: [0, 1],
        [0, 1, 2, 5, 7, 9, 11, 14, 19, 23]
    )
    func interruptions(staleness: Int, event: Int) async throws {
        let whole = try await whole(staleness: staleness)
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        // From a checkpoint of several steps before, too.
        run.recipe.checkpoints.every = event.isMultiple(of: 2) ? 1 : 3
        func go(on session: TrainingSession, until end: Int) async throws {
            var seen = 0
            try await session.run { _ in
                seen += 1
                if seen > end { throw Killed() }
            }
        }
        await #expect(throws: Killed.self) { try await go(on: run.start(), until: event) }
        await #expect(throws: Killed.self) { try await go(on: run.resume(), until: 1) }
        try await go(on: run.resume(), until: .max)
        let differing = try run.bytes.difference(from: whole)
        #expect(differing == [])
    }

    @Test("A run asked to stop saves its step and goes on from there", arguments: [0, 1])
    func stopping(staleness: Int) async throws {
        let whole = try await whole(staleness: staleness)
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        run.recipe.checkpoints.every = 0
        #expect(try await run.start().run(stopping: { true }, observe: { _ in }) == .stopped)
        #expect(try run.directory.checkpoints.latest()?.step == 1)
        #expect(try run.directory.summary() == nil)
        #expect(try await run.resume().run { _ in } == .finished)
        let differing = try run.bytes.difference(from: whole)
        #expect(differing == [])
    }

    // MARK: What goes wrong

    @Test("Judges that fail never become zeros: unscored rollouts leave the loss, and the run goes on")
    func failingJudge() async throws {
        var run = try TinyRun()
        run.judge = FailingJudge(cause: .timeout)
        run.recipe.grpo.maximumUnscoredShare = 1
        let directory = try await finished(run)
        for rollout in try directory.rollouts.values() where rollout["completion"]?.string?.isEmpty == false {
            #expect(rollout["reward"] == .null)
            #expect(rollout["unscored"]?["reason"]?.string == "timeout")
        }
        let metrics = try #require(try directory.metrics.values().last?["metrics"])
        #expect(metrics["judge/failure_rate"]?.double == 1)
        #expect(metrics["group/fraction_skipped"]?.double == 1)
        #expect(metrics["reward/mean"] == nil)
        #expect(try directory.summary()?.heldOut == nil)
    }

    @Test("Weights that are not numbers end the run before anything is drawn from them, by name")
    func spoiledWeights() async throws {
        var run = try TinyRun()
        run.project.model.spoiled = ("model.layers.1.mlp.down_proj.weight", .nan)
        let error = await #expect(throws: (any Error).self) { try await run.start().run { _ in } }
        #expect("\(error.map { "\($0)" } ?? "")".contains("model.layers.1.mlp.down_proj.weight"))
    }

    @Test("A prompt that leaves no room for a completion is refused before work starts, by name")
    func longPrompt() async throws {
        var run = try TinyRun()
        run.project.model.configuration.maxPositions = 24
        let error = await #expect(throws: ContextOverflow.self) { _ = try await run.start() }
        #expect(error?.task == "ab")
    }

    @Test("Rollouts of changed data are refused on resume")
    func changedData() async throws {
        let run = try TinyRun()
        await #expect(throws: Killed.self) {
            try await run.start().run { if case .graded = $0 { throw Killed() } }
        }
        let text = try String(contentsOfFile: run.recipe.data.train, encoding: .utf8)
        try run.project.folder.write("train.jsonl", text.replacing(#"{"id": ""#, with: #"{"id": "other-"#).utf8)
        await #expect(throws: TrainingError.self) { try await run.resume().run { _ in } }
    }
}
