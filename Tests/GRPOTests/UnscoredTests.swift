// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rubrics
import RubricsTesting
import Runs
import TestSupport
import Testing

@testable import GRPO

/// Completions that no judge answers for: sampled again, or the run pauses.
@Suite("Unscored completions", .timeLimit(.minutes(10)))
struct UnscoredTests {
    private struct Killed: Error {}

    /// Fails for some completions, whenever and in whatever order it is asked.
    private struct PickyJudge: Judge {
        let name = "checks"
        let base: any Judge
        let fails: @Sendable (_ task: String, _ completion: String) -> Bool

        func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
            let judge: any Judge = fails(task.id, completion) ? FailingJudge(cause: .connection, detail: "cut") : base
            return try await judge.assess(completion, for: task)
        }
    }

    private func checks(_ run: TinyRun) throws -> CheckJudge {
        try run.project.write()
        let inputs = try TrainingInputs(run.recipe)
        return try CheckJudge(preparing: inputs.train + inputs.heldOut)
    }

    // MARK: Pausing

    @Test("A judge that fails for a step pauses the run, and nothing of that shows later", arguments: [0, 1], 1...4)
    func pausing(staleness: Int, step: Int) async throws {
        var whole = try TinyRun()
        whole.recipe.grpo.staleness = staleness
        _ = try await whole.start().run { _ in }
        let failing = try Set(
            whole.directory.rollouts.values().filter { $0["step"]?.int == step }
                .map { "\($0["task"]?.string ?? "") \($0["completion"]?.string ?? "")" }
        )

        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        run.recipe.checkpoints.every = 3
        run.judge = PickyJudge(base: try checks(run)) { failing.contains("\($0) \($1)") }
        var reason = ""
        let end = try await run.start().run { event in
            if case .paused(_, let text) = event { reason = text }
        }
        #expect(end == .paused(reason: reason))
        #expect(reason.contains("completions of step \(step) have no reward (connection ") && reason.contains("cut"))
        let directory = try run.directory
        #expect(try directory.checkpoints.latest()?.step == step - 1)
        #expect(try directory.rollouts.values().last?["step"]?.int ?? 0 == step - 1)
        #expect(try directory.metrics.values().last?["step"]?.int == step - 1)
        #expect(try directory.summary() == nil)

        // The judge is no better yet.
        #expect(try await run.resume().run { _ in } == .paused(reason: reason))
        run.judge = nil
        #expect(try await run.resume().run { _ in } == .finished)
        let differing = try run.bytes.difference(from: whole.bytes)
        #expect(differing == [])
    }

    // MARK: Refills

    /// A run in which about a third of all completions stay unscored.
    private func refilling(staleness: Int) throws -> TinyRun {
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        run.recipe.grpo.refillUnscored = 2
        run.recipe.grpo.promptsPerStep = 4
        run.recipe.grpo.maximumUnscoredShare = 1
        run.judge = PickyJudge(base: try checks(run)) { task, completion in
            ["ab", "cd", "ef"].contains(task) && (task + completion).utf8.reduce(0) { $0 &+ Int($1) } % 3 == 0
        }
        return run
    }

    @Test("Unscored completions are sampled again, kept and counted", arguments: [0, 1])
    func refills(staleness: Int) async throws {
        let run = try refilling(staleness: staleness)
        #expect(try await run.start().run { _ in } == .finished)
        let records = try run.directory.rollouts.values().map { try RolloutRecord($0) }
        var counted = 0
        for step in 1...4 {
            let own = records.filter { $0.completion.step == step }
            #expect(RecordedStep.isWhole(own, grpo: run.recipe.grpo))
            #expect(Set(own.map { "\($0.completion.task) \($0.completion.sample)" }).count == own.count)
            #expect(own.count { $0.completion.reward != nil } <= 16)
            counted += own.count - 16
        }
        #expect(records.map(\.id) == Array(0..<records.count))
        #expect(counted > 0)
        let refilled = try run.directory.metrics.values().compactMap { $0["metrics"]?["group/refilled"]?.double }
        #expect(refilled.count == 4 && Int(refilled.reduce(0, +)) == counted)
    }

    @Test("A run with refills that ends at any event or within a write goes on as one that did not", arguments: [0, 1])
    func interruptions(staleness: Int) async throws {
        let whole = try refilling(staleness: staleness)
        _ = try await whole.start().run { _ in }
        for (event, cut) in [(7, 0), (11, 0), (15, 30), (15, 700), (20, 2500), (25, 100)] {
            let run = try refilling(staleness: staleness)
            var seen = 0
            await #expect(throws: Killed.self) {
                try await run.start().run { _ in
                    seen += 1
                    if seen > event { throw Killed() }
                }
            }
            let log = try run.directory.rollouts.url
            let kept = (try? Data(contentsOf: log)) ?? Data()
            // Steps of which a checkpoint was made are never cut.
            let saved = try run.directory.checkpoints.latest()?.step ?? 0
            let lines = kept.split(separator: UInt8(ascii: "\n")).filter { line in
                let step = try? JSONParser.parse(Array(line), file: "test")["step"]?.int
                return (step ?? 0) <= saved
            }
            let floor = lines.reduce(0) { $0 + $1.count + 1 }
            try kept.prefix(max(floor, kept.count - cut)).write(to: log)
            #expect(try await run.resume().run { _ in } == .finished)
            let differing = try run.bytes.difference(from: whole.bytes)
            #expect(differing == [], "event \(event), \(cut) bytes cut")
        }
    }
}
