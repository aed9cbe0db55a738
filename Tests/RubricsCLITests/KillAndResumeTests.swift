// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

extension Tag {
    /// Minutes long; runs with RUBRICS_SLOW_TESTS=1.
    @Tag static var slow: Self
}

/// kill −9 at random moments of a short run, then resume: weights, moments and logs end byte for byte as without.
@Suite("Kill and resume", .serialized)
struct KillAndResumeTests {
    /// A short run of the demo's model.
    private static let demo = [
        "train", "Recipes/demo.yaml", "--set", "name=tiny", "--set", "grpo.steps=3", "--set", "grpo.prompts_per_step=2",
        "--set", "grpo.group_size=2", "--set", "sampling.max_completion_tokens=12", "--set", "evaluation.samples=1",
        "--set", "evaluation.every=2", "--set", "checkpoints.every=1", "--set", "checkpoints.best=false",
    ]

    @Test("Kills of a run of seconds change nothing", .timeLimit(.minutes(10)), arguments: [0, 1])
    func tiny(staleness: Int) async throws {
        let project = try TinyProject()
        try project.write()
        let arguments = ["train", project.recipeFile.path, "--set", "grpo.staleness=\(staleness)"]
        try await kill(6, arguments, in: project.folder)
    }

    @Test(
        "20 kills of a short demo change nothing",
        .tags(.slow),
        .enabled(if: ProcessInfo.processInfo.environment["RUBRICS_SLOW_TESTS"] != nil, "RUBRICS_SLOW_TESTS is not set"),
        .timeLimit(.minutes(60))
    )
    func demo() async throws {
        try await kill(20, Self.demo, in: TemporaryFolder())
    }

    /// Runs the command once to its end and then again and again, killed at moments up to a little past that time.
    private func kill(_ count: Int, _ arguments: [String], in folder: TemporaryFolder) async throws {
        let start = ContinuousClock.now
        let result = try await Command.run(arguments + ["--runs", folder.path("whole")])
        #expect(result.status == 0, "\(result.errors)")
        var time = ContinuousClock.now - start
        let whole = try RunBytes(folder.url.appendingPathComponent("whole/tiny"))

        let run = folder.url.appendingPathComponent("killed/tiny")
        var generator = SplitMix64(seed: 20)
        var kills = 0
        while kills < count {
            try? FileManager.default.removeItem(at: run)
            var next = arguments + ["--runs", folder.path("killed")]
            while true {
                let moment = Command.Moment.after(time * (0.02 + generator.uniform() * 1.1))
                let start = ContinuousClock.now
                let result = try await Command.run(next, signal: (SIGKILL, moment))
                if result.status == 0 {
                    // A machine that is less busy now must not let every run end before its moment.
                    time = min(time, ContinuousClock.now - start)
                    break
                }
                #expect(result.status == -SIGKILL, "\(result.errors)")
                kills += 1
                // A machine that is busier now must not keep every run from its end.
                time = time * 1.1
                let hasRecipe = FileManager.default.fileExists(atPath: run.appendingPathComponent("recipe.yaml").path)
                if hasRecipe { next = ["train", "--resume", run.path] }
            }
            let differing = try RunBytes(run).difference(from: whole)
            #expect(differing == [], "after \(kills) kills")
        }
    }
}
