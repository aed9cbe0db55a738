// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ChatModels
import Foundation
import GRPO
import Judging
import Ledger
import Rewards
import Rubrics
import Runs

/// `rubrics replay`.
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Make every reward of a run again from its ledger, without asking a judge; all must be bit-identical.",
        discussion: """
            Example:
              rubrics replay runs/demo

            Ends with status 2 when a reward differs, and names the first ones.
            """
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    func run() async throws {
        let run = try RunDirectory(reading: URL(fileURLWithPath: folder))
        let inputs = try ResolvedRecipe(path: run.recipeFile.path, overrides: []).inputs()
        let replay = try await RunReplay(inputs, of: run, grader: ReplayedGrading(inputs, run).grader(of:))
        var line = Terminal.progressLine()
        let outcome = try await replay.run { line.show("\($0) rewards") }
        line.clear()
        guard outcome.differences.isEmpty else {
            let shown = outcome.differences.prefix(10).map {
                "  \($0.subject): recorded \($0.recorded), made again \($0.replayed)"
            }
            throw CommandFailure(
                "\(outcome.differences.count) of \(outcome.count) rewards differ: the data, the recipe or the ledger "
                    + "have changed\n" + shown.joined(separator: "\n")
            )
        }
        Terminal.write("\(outcome.count) rewards made again, all bit-identical, no judge called\n")
    }
}

/// Makes graders that answer from a run's ledger alone.
struct ReplayedGrading: Sendable {
    private let inputs: TrainingInputs
    private let ledger: Ledger?
    private let judges: [String: KnownJudge]
    private let composition: JudgeComposition

    init(_ inputs: TrainingInputs, _ run: RunDirectory) async throws {
        self.inputs = inputs
        let method = inputs.recipe.grading.method
        let tasks = (inputs.train + inputs.heldOut).map(method.judgedTask)
        let asksModels = inputs.recipe.judge.asksModels
        if asksModels, !FileManager.default.fileExists(atPath: run.ledgerFile.path) {
            throw CommandFailure("\(run.ledgerFile.relativePath) is not there: nothing can be replayed without it")
        }
        ledger = try asksModels ? Ledger(at: run.ledgerFile.path, now: RunJudging.now) : nil
        judges = try await ledger?.judges() ?? [:]
        composition = try JudgeComposition(
            inputs.recipe.judge,
            method: method,
            secret: ledger?.secret ?? [],
            tasks: tasks
        )
    }

    /// The grader of a subject: its calls fail where they failed then.
    @Sendable func grader(of subject: String) async throws -> Grader {
        let recipe = inputs.recipe
        let method = composition.method
        guard let ledger else {
            return Grader(method, judge: composition.checks, contentFailures: recipe.reward.contentFailures)
        }
        let record = try await ledger.reward(of: subject, method: method.name.rawValue)
        let models = try JudgeModels(
            replaying: recipe.judge,
            from: ledger,
            judges: judges,
            failures: record?.failures ?? [:]
        )
        let judge = try composition.judge(models)
        return Grader(method, judge: judge, contentFailures: recipe.reward.contentFailures)
    }
}
