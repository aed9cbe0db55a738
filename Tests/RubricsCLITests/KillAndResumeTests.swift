// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

extension Tag {
    /// Minutes long; runs with RUBRICS_SLOW_TESTS=1.
    @Tag static var slow: Self
}

/// kill −9 at random moments of a short run, then resume: weights, moments and rollouts end byte for byte as without.
@Suite(
    "Kill and resume",
    .serialized,
    .tags(.slow),
    .enabled(if: ProcessInfo.processInfo.environment["RUBRICS_SLOW_TESTS"] != nil, "RUBRICS_SLOW_TESTS is not set")
)
struct KillAndResumeTests {
    private let settings = [
        "grpo.steps=3", "grpo.prompts_per_step=2", "grpo.group_size=2", "sampling.max_completion_tokens=12",
        "evaluation.samples=1", "evaluation.every=2", "checkpoints.every=1", "checkpoints.best=false",
    ]

    private func arguments(_ runs: URL) -> [String] {
        ["train", "Recipes/demo.yaml", "--runs", runs.path] + settings.flatMap { ["--set", $0] }
    }

    @Test("20 kills change nothing", .timeLimit(.minutes(60)))
    func kills() async throws {
        try await Command.withFolder { folder in
            let whole = folder.appendingPathComponent("whole")
            let start = ContinuousClock.now
            #expect(try await Command.run(arguments(whole)).status == 0)
            let seconds = Double((ContinuousClock.now - start).components.seconds)
            let expected = try RunBytes(whole.appendingPathComponent("demo"))

            let killed = folder.appendingPathComponent("killed")
            var generator = SplitMix64(seed: 20)
            var kills = 0
            var run = 0
            while kills < 20 {
                run += 1
                try? FileManager.default.removeItem(at: killed)
                var next = arguments(killed)
                while true {
                    let moment = 0.05 + generator.uniform() * seconds * 1.1
                    guard try await interrupted(next, after: moment) else { break }
                    kills += 1
                    let begun = FileManager.default.fileExists(
                        atPath: killed.appendingPathComponent("demo/recipe.yaml").path
                    )
                    if begun { next = ["train", "--resume", killed.appendingPathComponent("demo").path] }
                }
                #expect(try RunBytes(killed.appendingPathComponent("demo")) == expected, "run \(run)")
            }
        }
    }

    /// Runs the command and kills it after `seconds`; false when it had ended by then.
    private func interrupted(_ arguments: [String], after seconds: Double) async throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Command.executable)
        process.arguments = arguments
        process.currentDirectoryURL = Command.root
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = ContinuousClock.now + .seconds(seconds)
        while process.isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
        guard process.isRunning else {
            #expect(process.terminationStatus == 0)
            return false
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return true
    }
}

/// What must not differ between an interrupted run and a whole one.
private struct RunBytes: Equatable {
    var files: [String: Data]
    var metrics: [String]

    init(_ run: URL) throws {
        let checkpoint = run.appendingPathComponent("checkpoints/step-000003")
        let names = ["policy/model.safetensors", "optimizer.safetensors", "state.json"]
        files = try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: checkpoint.appendingPathComponent($0))) }
        )
        for name in ["rollouts.jsonl", "held_out.jsonl"] {
            files[name] = try Data(contentsOf: run.appendingPathComponent(name))
        }
        let text = try String(contentsOf: run.appendingPathComponent("metrics.jsonl"), encoding: .utf8)
        let excluded = ["time/", "throughput/", "memory/", "judge/latency_seconds", "judge/cost_usd"]
        metrics = try text.split(separator: "\n").map { line in
            let value = try JSONParser.parse(Array(line.utf8), file: "metrics.jsonl")
            let kept = (value["metrics"]?.object?.members ?? [])
                .filter { member in !excluded.contains { member.key.hasPrefix($0) } }
                .map { "\($0.key)=\($0.value.serialized())" }
            return "\(value["step"]?.int ?? -1) \(kept.joined(separator: " "))"
        }
    }
}
