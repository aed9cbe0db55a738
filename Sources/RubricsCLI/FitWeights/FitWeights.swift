// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Rewards
import Rubrics

/// `rubrics fit-weights`.
struct FitWeights: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit-weights",
        abstract: "Learn one weight an importance from preferences (Docs/rewards.md).",
        discussion: """
            Examples:
              rubrics fit-weights pairs.jsonl --rubrics rubrics.jsonl --judge openai:gpt-4o-mini
              rubrics fit-weights pairs.jsonl --rubrics rubrics.jsonl --judge checks --folds 10 --out weights.yaml
              rubrics judge responses.jsonl --rubrics rubrics.jsonl --judge checks --method weights.yaml

            A pair is a line {"task", "chosen", "rejected"}. Both completions are judged as rar-explicit does it; the
            weights that tell chosen from rejected are written as a method file, and what they and the paper's predict
            of pairs held out is printed.
            Answered calls are kept in OUT.ledger.sqlite: the same command, run again, makes no call twice.
            Ends with status 3 when some completions are unscored; their pairs are dropped.
            """
    )

    @Argument(help: ArgumentHelp("The preferences, JSON lines.", valueName: "pairs.jsonl"))
    var pairs: String

    @Option(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var rubrics: String

    @OptionGroup var grading: GradingOptions

    @Option(help: ArgumentHelp("How much weights are drawn to 0, above 0.", valueName: "lambda"))
    var regularization = 0.01

    @Option(help: ArgumentHelp("In how many parts tasks are held out, one after another.", valueName: "n"))
    var folds = 5

    @Option(help: "The seed of the parts.")
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Where the weights are written.", valueName: "file"))
    var out = "weights.yaml"

    @Option(help: ArgumentHelp("Where calls are kept; OUT.ledger.sqlite by default.", valueName: "file"))
    var ledger: String?

    @Option(help: "What to do about criteria whose polarity is undecided.")
    var undecided = UndecidedPolarity.error

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard regularization > 0, regularization.isFinite, folds >= 2 else {
            throw ValidationError("--regularization is above 0, --folds at least 2")
        }
    }

    func run() async throws {
        let settings = try grading.settings()
        guard settings.method.name == .rarExplicit else {
            throw CommandFailure(
                "weights are learned from verdicts on a row's own criteria: leave --method \(grading.method) out, or "
                    + "set its reward.method to rar-explicit"
            )
        }
        let file = try RubricFile(at: rubrics)
        let rows = try PreferenceFile.rows(at: pairs, tasks: file.tasks, rubrics: rubrics)
        let needed = Set(rows.map { ExactText($0.task) })
        let tasks = try PreparedTasks(
            file,
            path: rubrics,
            where: { needed.contains(ExactText($0.id)) },
            undecided: undecided,
            settings: settings
        )
        for note in tasks.notes { Terminal.writeError("note: \(note)\n") }
        try await learn(from: rows, tasks.tasks, settings)
    }

    private func learn(
        from rows: [PreferenceRow],
        _ tasks: [RubricTask],
        _ settings: GradingSettings
    ) async throws {
        let byID = Dictionary(uniqueKeysWithValues: tasks.map { (ExactText($0.id), $0) })
        let responses = PreferenceSink.responses(of: rows)
        let session = try GradingSession(settings, ledger: ledger ?? "\(out).ledger.sqlite")
        let outcome = try await session.grade(
            responses,
            of: responses.compactMap { byID[ExactText($0.task)] }
        ) { _ in PreferenceSink(rows) }
        let learned = LearnedWeights(try fit(outcome.product))
        try learned.write(to: out)
        switch format {
        case .json:
            var json = learned.weights.json.object ?? [:]
            json["usage"] = outcome.summary.usage.json
            Terminal.write(JSONValue.object(json).serialized(pretty: true) + "\n")
        case .text:
            let lines = learned.text + [""] + outcome.summary.expense(seconds: outcome.seconds)
            Terminal.write(lines.joined(separator: "\n") + "\n")
        }
        Terminal.writeError("\(out)\n")
        if outcome.summary.unscoredCount > 0 { throw ExitCode(ExitStatus.partial) }
    }

    private func fit(_ pairs: [PreferencePair]) throws -> PreferenceWeights {
        do {
            return try PreferenceWeights.fit(pairs: pairs, regularization: regularization, folds: folds, seed: seed)
        } catch let error as RewardError {
            throw CommandFailure("\(self.pairs): \(error)")
        }
    }
}
