// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Rubrics
import Runs
import TestSupport
import Testing

/// The commands of a training run, end to end on a tiny model.
@Suite("Training on the command line", .timeLimit(.minutes(10)))
struct TrainingCommandTests {
    private func project() throws -> TinyProject {
        let project = try TinyProject()
        try project.write()
        return project
    }

    private func train(
        _ project: TinyProject,
        _ more: [String] = [],
        signal: (number: Int32, moment: Command.Moment)? = nil
    ) async throws -> Command.Result {
        let arguments = ["train", project.recipeFile.path, "--runs", project.runs.path]
        return try await Command.run(arguments + more, signal: signal)
    }

    private func json(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8), file: "test")
    }

    @Test("train tells its progress in plain lines and ends with the report's path")
    func train() async throws {
        let project = try project()
        let result = try await train(project)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == project.run.appendingPathComponent("report.html").path + "\n")
        for text in ["run tiny: 4 steps", "held-out after step 0", "step 4/4 · reward", "finished after 4 steps"] {
            #expect(result.errors.contains(text), "\(result.errors)")
        }
        #expect(!result.errors.contains("\u{1B}"))
        let report = try String(contentsOf: project.run.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(report.contains("id=\"curves\""))
    }

    @Test("A run that goes on with another number of threads keeps saying so")
    func otherThreads() async throws {
        let project = try project()
        func resume() async throws -> Command.Result {
            let script = "RUBRICS_THREADS=1 exec \"$0\" train --resume \"$1\""
            return try await Command.run("/bin/sh", ["-c", script, Command.executable, project.run.path])
        }
        let stopped = try await train(
            project,
            ["--set", "grpo.steps=120", "--set", "checkpoints.every=20"],
            signal: (SIGKILL, .errorsContain("step 21/120"))
        )
        #expect(stopped.status == -SIGKILL)
        let resumed = try await resume()
        #expect(resumed.status == 0 && resumed.errors.contains("warning: resumed on"), "\(resumed.errors)")
        let summary = try json(String(contentsOf: project.run.appendingPathComponent("summary.json"), encoding: .utf8))
        #expect(summary["notes"]?.array?.count == 1)
    }

    @Test("Going on with a finished run changes nothing")
    func finished() async throws {
        let project = try project()
        #expect(try await train(project).status == 0)
        let summary = try Data(contentsOf: project.run.appendingPathComponent("summary.json"))
        let result = try await Command.run(["train", "--resume", project.run.path])
        #expect(result.status == 0)
        #expect(result.errors.contains("has finished"))
        #expect(try Data(contentsOf: project.run.appendingPathComponent("summary.json")) == summary)
    }

    @Test("A second run of the same name moves the first aside, and another seed is another run")
    func again() async throws {
        let project = try project()
        #expect(try await train(project).status == 0)
        #expect(try await train(project, ["--set", "seed=2"]).status == 0)
        let old = project.runs.appendingPathComponent("tiny.1")
        #expect(try !RunBytes(old).difference(from: RunBytes(project.run)).isEmpty)
        let recipe = try String(contentsOf: project.run.appendingPathComponent("recipe.yaml"), encoding: .utf8)
        #expect(recipe.contains("seed: 2"))
    }

    @Test("evaluate finds what the run's own held-out measurements found")
    func evaluate() async throws {
        let project = try project()
        #expect(try await train(project).status == 0)
        let summary = try json(String(contentsOf: project.run.appendingPathComponent("summary.json"), encoding: .utf8))
        let result = try await Command.run([
            "evaluate", "rubrics", project.folder.path("held_out.jsonl"), "--samples", "2", "--max-tokens", "8",
            "--policy", project.run.appendingPathComponent("checkpoints/step-000004/policy").path,
            "--against", project.folder.path("model"), "--format", "json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let found = try json(result.output)
        #expect(found["reward"]?["mean"] == summary["held_out"]?["after"]?["mean"])
        #expect(found["against"]?["mean"] == summary["held_out"]?["before"]?["mean"])
        #expect(found["difference"] == summary["held_out"]?["difference"])
        #expect(found["difference_by_kind"]?["form"] == summary["held_out"]?["by_kind"]?["form"]?["difference"])
    }

    @Test("generate prints the completion alone, the same for the same seed, also from standard input")
    func generate() async throws {
        let project = try project()
        let arguments = ["generate", "--model", project.folder.path("model"), "--max-tokens", "6", "--prompt"]
        let first = try await Command.run(arguments + ["ab"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.utf8.last == UInt8(ascii: "\n") && first.errors.isEmpty)
        #expect(try await Command.run(arguments + ["-"], input: "ab\n").output == first.output)
        #expect(try await Command.run(arguments + ["ab", "--raw"]).output != first.output)
        #expect(try await Command.run(arguments + ["ab", "--seed", "1"]).output != first.output)
    }

    @Test("Ctrl-C finishes the step, says how to go on, and going on ends as without it")
    func interruption() async throws {
        let longer = ["--set", "grpo.steps=120", "--set", "checkpoints.every=0"]
        let whole = try project()
        #expect(try await train(whole, longer).status == 0)
        let project = try project()
        let result = try await train(project, longer, signal: (SIGINT, .errorsContain("step 1/120")))
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.errors.contains("rubrics train --resume \(project.run.path)"))
        let resumed = try await Command.run(["train", "--resume", project.run.path])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("resumed after step"))
        let differing = try RunBytes(project.run).difference(from: RunBytes(whole.run))
        #expect(differing == [])
    }

    @Test("A run that another process writes is not touched", arguments: [true, false])
    func locked(resuming: Bool) async throws {
        let project = try project()
        #expect(try await train(project).status == 0)
        let before = try RunBytes(project.run)
        let lock = try RunLock(folder: project.run)
        let second =
            resuming ? try await Command.run(["train", "--resume", project.run.path]) : try await train(project)
        #expect(second.status == 2)
        #expect(second.errors.contains("\(project.run.path): process"), "\(second.errors)")
        let differing = try RunBytes(project.run).difference(from: before)
        #expect(differing == [])
        withExtendedLifetime(lock) {}
    }

    // MARK: What goes wrong

    @Test("Weights that are not numbers are refused by name", arguments: [Float.nan, .infinity])
    func spoiledWeights(value: Float) async throws {
        var project = try TinyProject()
        project.model.spoiled = ("model.layers.0.self_attn.q_proj.weight", value)
        try project.write()
        let generated = try await Command.run(["generate", "--model", project.folder.path("model"), "--prompt", "a"])
        for result in [try await train(project), generated] {
            #expect(result.status == 2)
            #expect(result.errors.contains("model.layers.0.self_attn.q_proj.weight: it holds NaN or infinity"))
        }
        #expect(!FileManager.default.fileExists(atPath: project.runs.path))
    }

    @Test("A prompt longer than the context is refused by name, in train, evaluate and generate")
    func longPrompt() async throws {
        var project = try TinyProject()
        project.model.configuration.maxPositions = 24
        try project.write()
        let model = project.folder.path("model")
        let results = [
            try await train(project),
            try await Command.run([
                "evaluate", "rubrics", project.folder.path("held_out.jsonl"), "--policy", model,
            ]),
            try await Command.run(["generate", "--model", model, "--prompt", String(repeating: "a", count: 40)]),
        ]
        for (result, place) in zip(results, ["prompt of ab", "prompt of gh", "prompt has"]) {
            #expect(result.status == 2)
            #expect(result.errors.contains(place) && result.errors.contains("context"), "\(result.errors)")
        }
    }

    @Test(
        "A full disk ends the run with the place and the remedy, and it goes on where there is room",
        .enabled(if: Mount.isAvailable, "needs user namespaces and tmpfs"),
        arguments: [(kilobytes: 700, every: 1), (kilobytes: 24, every: 0)]
    )
    func fullDisk(kilobytes: Int, every: Int) async throws {
        let whole = try project()
        #expect(try await train(whole, ["--set", "checkpoints.every=\(every)"]).status == 0)
        let project = try project()
        let disk = project.folder.url.appendingPathComponent("disk")
        let result = try await Mount.run(
            kilobytes: kilobytes,
            at: disk,
            keeping: project.runs,
            [Command.executable, "train", project.recipeFile.path, "--runs", disk.path]
                + ["--set", "checkpoints.every=\(every)"]
        )
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains(disk.path) && result.errors.contains("free"), "\(result.errors)")
        let resumed = try await Command.run(["train", "--resume", project.run.path])
        #expect(resumed.status == 0, "\(resumed.errors)")
        let differing = try RunBytes(project.run).difference(from: RunBytes(whole.run))
        #expect(differing == [])
    }
}
