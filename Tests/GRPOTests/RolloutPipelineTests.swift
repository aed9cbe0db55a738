// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Policies
import Rubrics
import RubricsTesting
import Runs
import Synchronization
import TestSupport
import Testing

@testable import GRPO

/// Judging beside sampling: what is at work at the same time, and with which weights.
@Suite("The rollout pipeline", .timeLimit(.minutes(10)))
struct RolloutPipelineTests {
    /// A judge that keeps completions of training prompts back until enough others have come.
    private final class HoldingJudge: Judge {
        private struct State {
            var arrived = 0
            var held: [(number: Int, go: CheckedContinuation<Void, Never>)] = []
        }

        let name = "holding"
        private let base: CheckJudge
        /// How many must have come before the completion with this number, counted from 1, is judged.
        private let needed: @Sendable (_ number: Int) -> Int
        private let state = Mutex(State())

        init(_ inputs: TrainingInputs, needed: @escaping @Sendable (_ number: Int) -> Int) throws {
            base = try CheckJudge(preparing: inputs.train + inputs.heldOut)
            self.needed = needed
        }

        func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
            if ["ab", "cd", "ef"].contains(task.id) { await pass() }
            return try await base.assess(completion, for: task)
        }

        private func pass() async {
            await withCheckedContinuation { (go: CheckedContinuation<Void, Never>) in
                let free = state.withLock { state in
                    state.arrived += 1
                    state.held.append((state.arrived, go))
                    let free = state.held.filter { needed($0.number) <= state.arrived }
                    state.held.removeAll { needed($0.number) <= state.arrived }
                    return free
                }
                // The last that came goes first.
                for (_, go) in free.reversed() { go.resume() }
            }
        }
    }

    private func tokens(_ rollouts: [JSONValue], step: Int) -> [JSONValue] {
        rollouts.filter { $0["step"]?.int == step }.compactMap { $0["token_ids"] }
    }

    @Test("All completions of a step are with the judge at once, and are kept in sample order")
    func judgedTogether() async throws {
        let plain = try TinyRun()
        _ = try await plain.start().run { _ in }
        var run = try TinyRun()
        try run.project.write()
        // Nobody gets an answer before all eight of a step have asked.
        run.judge = try HoldingJudge(TrainingInputs(run.recipe)) { ($0 + 7) / 8 * 8 }
        #expect(try await run.start().run { _ in } == .finished)
        let differing = try run.bytes.difference(from: plain.bytes)
        #expect(differing == [])
    }

    @Test("With staleness 1 a step is judged while the next one is sampled")
    func judgedBesideSampling() async throws {
        var plain = try TinyRun()
        plain.recipe.grpo.staleness = 1
        _ = try await plain.start().run { _ in }
        var run = try TinyRun()
        run.recipe.grpo.staleness = 1
        try run.project.write()
        // The first completion of the first step waits until one of the second has come.
        run.judge = try HoldingJudge(TrainingInputs(run.recipe)) { $0 == 1 ? 9 : 1 }
        #expect(try await run.start().run { _ in } == .finished)
        let differing = try run.bytes.difference(from: plain.bytes)
        #expect(differing == [])
    }

    @Test("A step's rollouts are of the weights before the update before it, with staleness 1", arguments: [0, 1])
    func weights(staleness: Int) async throws {
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        run.recipe.checkpoints.keep = 10
        _ = try await run.start().run { _ in }
        let rollouts = try run.directory.rollouts.values()
        let checkpoints = try run.directory.checkpoints.all()
        let inputs = try TrainingInputs(run.recipe)
        for step in 2...4 {
            let weights = checkpoints.first { $0.step == step - 1 - staleness }
            let policy = try await PolicyInTraining(
                inputs,
                weights: weights.map { CheckpointWriter.policy(in: $0.url).path } ?? inputs.modelPath,
                engine: TestEngine.load(),
                threads: 1
            )
            let plan = try StepPlan(step: step, recipe: run.recipe, tasks: inputs.train, prompts: policy.prompts)
            let options = SamplingOptions(maxTokens: 8, stopTokens: policy.prompts.stopTokens)
            let found = try await policy.sample(plan.requests, options: options).joined()
            let recorded = try rollouts.filter { $0["step"]?.int == step }.map { try RolloutRecord($0) }
            #expect(recorded.map(\.tokenIDs) == found.map { $0.tokens.map(Int.init) }, "step \(step)")
            #expect(recorded.map(\.samplingLogprobs) == found.map(\.samplingLogprobs), "step \(step)")
        }
    }

    @Test("Sampling ahead shows in the rollouts, and its times are those of the step it is for")
    func metrics() async throws {
        let fresh = try TinyRun()
        var stale = try TinyRun()
        stale.recipe.grpo.staleness = 1
        for run in [fresh, stale] { _ = try await run.start().run { _ in } }
        let rollouts = try (fresh.directory.rollouts.values(), stale.directory.rollouts.values())
        #expect(tokens(rollouts.0, step: 1) == tokens(rollouts.1, step: 1))
        #expect(tokens(rollouts.0, step: 2) != tokens(rollouts.1, step: 2))
        for metrics in try stale.directory.metrics.values().dropFirst().compactMap({ $0["metrics"] }) {
            for name in ["time/rollout", "time/grade", "time/update", "judge/latency_seconds"] {
                #expect((metrics[name]?.double ?? 0) > 0, "\(name)")
            }
        }
    }

    @Test("A cancelled run lets its judges go", arguments: [0, 1])
    func cancellation(staleness: Int) async throws {
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        /// Answers for training prompts when it is cancelled.
        struct SilentJudge: Judge {
            let name = "silent"
            let asked: AsyncStream<Void>.Continuation
            func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
                guard ["ab", "cd", "ef"].contains(task.id) else { return .empty(for: task, judge: name) }
                asked.yield()
                for await _ in AsyncStream<Never>.makeStream().stream {}
                throw CancellationError()
            }
        }
        var run = try TinyRun()
        run.recipe.grpo.staleness = staleness
        run.judge = SilentJudge(asked: continuation)
        let session = try await run.start()
        await withThrowingTaskGroup { group in
            group.addTask { _ = try await session.run { _ in } }
            for await _ in asked { break }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.waitForAll() }
        }
        #expect(try run.directory.rollouts.values().isEmpty)
    }

    @Test("An error that a judge throws ends the run")
    func thrownError() async throws {
        struct Broken: Error {}
        struct BrokenJudge: Judge {
            let name = "broken"
            func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
                if ["ab", "cd", "ef"].contains(task.id) { throw Broken() }
                return .empty(for: task, judge: name)
            }
        }
        var run = try TinyRun()
        run.judge = BrokenJudge()
        await #expect(throws: Broken.self) { try await run.start().run { _ in } }
    }
}
