// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dashboard
import Foundation
import GRPO
import Judging
import Rubrics
import Runs

/// `rubrics train`.
struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a policy on rubric rewards with GRPO.",
        discussion: """
            Examples:
              rubrics train Recipes/demo.yaml
              rubrics train Recipes/demo.yaml --set grpo.steps=5 --set name=short
              rubrics train Recipes/demo.yaml --dry-run
              rubrics train --resume runs/demo
              rubrics train --resume runs/medicine --set judge.budget.dollars=40

            The run's files are in runs/NAME (Docs/run-directory.md); an older run of that name moves to NAME.1.
            Ctrl-C finishes the step, saves a checkpoint and stops; a second one stops at once.
            """
    )

    @Argument(help: ArgumentHelp("The recipe (Docs/recipes.md).", valueName: "recipe.yaml"))
    var recipe: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Override a value of the recipe.", valueName: "path=value"))
    var overrides: [String] = []

    @Option(help: ArgumentHelp("Go on with a run from its newest checkpoint.", valueName: "run"))
    var resume: String?

    @Flag(help: "Resolve and check everything, list what is missing, and train nothing.")
    var dryRun = false

    @Option(help: "The folder of all runs.")
    var runs = "runs"

    func validate() throws {
        guard (recipe == nil) != (resume == nil) else {
            throw ValidationError("name a recipe, or a run to go on with: --resume runs/NAME")
        }
    }

    func run() async throws {
        if let resume { return try await self.resume(URL(fileURLWithPath: resume)) }
        let resolved = try ResolvedRecipe(path: recipe ?? "", overrides: overrides)
        if dryRun { return try await dryRun(resolved) }
        let located = try await resolved.locatingModel()
        let inputs = try located.inputs()
        try RunJudging.validate(inputs)
        let installation = try Installation()
        let engine = try installation.engine()
        let judging = try await RunJudging(inputs)
        try await judging.closing {
            let session = try await TrainingSession.start(
                inputs,
                engine: engine,
                threads: installation.threads,
                now: Date.init,
                root: URL(fileURLWithPath: runs),
                recipeText: located.text,
                grading: judging.grading
            )
            try await train(session)
        }
    }

    private func resume(_ folder: URL) async throws {
        let run = try RunDirectory.resume(folder)
        try RunAdjustment.validate(overrides)
        let resolved = try ResolvedRecipe(path: run.recipeFile.path, overrides: overrides)
        if dryRun { return try await dryRun(resolved) }
        if try run.summary()?.steps == resolved.recipe.grpo.steps {
            Terminal.writeError("\(run.url.relativePath) has finished: there is nothing to go on with\n")
            try writeReport(run)
            return Terminal.write("\(run.reportFile.relativePath)\n")
        }
        let located = try await resolved.locatingModel()
        let inputs = try located.inputs()
        let installation = try Installation()
        let engine = try installation.engine()
        let judging = try await RunJudging(inputs, resuming: run)
        if !overrides.isEmpty { try run.write(located.text, to: run.recipeFile) }
        try await judging.closing {
            let session = try await TrainingSession.resume(
                inputs,
                in: run,
                engine: engine,
                threads: installation.threads,
                now: Date.init,
                grading: judging.grading
            )
            try await train(session)
        }
    }

    private func train(_ session: TrainingSession) async throws {
        for note in session.inputs.notes { Terminal.writeError("note: \(note)\n") }
        if let forecast = JudgingForecast(session.inputs) { Terminal.writeError("\(forecast.text)\n") }
        let place = session.recorder.run.url.relativePath
        let interruption = Interruption()
        let end: TrainingEnd
        do {
            end = try await interruption.cancelling {
                var console = TrainingConsole(Terminal.progressLine())
                return try await session.run(stopping: { interruption.isRequested }) { console.show($0) }
            }
        } catch is CancellationError {
            throw CommandFailure.interrupted(place)
        }
        try writeReport(session.recorder.run)
        switch end {
        case .finished: break
        case .stopped: throw CommandFailure.interrupted(place)
        case .paused:
            // The console has said why.
            throw CommandFailure("nothing of the step was kept; go on with `rubrics train --resume \(place)`")
        }
        Terminal.write("\(session.recorder.run.reportFile.relativePath)\n")
    }

    private func writeReport(_ run: RunDirectory) throws {
        try run.write(try Dashboard.Report(run: run).html(), to: run.reportFile)
    }

    private func dryRun(_ resolved: ResolvedRecipe) async throws {
        Terminal.write(resolved.text)
        let readiness = await Readiness(of: resolved)
        for note in readiness.notes { Terminal.writeError("note: \(note)\n") }
        if let forecast = readiness.inputs.flatMap(JudgingForecast.init) { Terminal.writeError("\(forecast.text)\n") }
        guard readiness.missing.isEmpty else {
            let counts = readiness.counts.map { " (\($0))" } ?? ""
            let list = readiness.missing.map { "  - \($0)" }.joined(separator: "\n")
            throw CommandFailure("not ready\(counts):\n\(list)")
        }
        Terminal.writeError("ready: \(readiness.counts ?? "")\n")
    }
}

extension CommandFailure {
    fileprivate static func interrupted(_ run: String) -> any Error {
        Terminal.writeError("rubrics: interrupted; nothing is lost: go on with `rubrics train --resume \(run)`\n")
        return ExitCode(ExitStatus.interrupted)
    }
}
