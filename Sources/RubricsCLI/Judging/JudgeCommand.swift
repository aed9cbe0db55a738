// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Judging
import Ledger
import Rewards
import Rubrics
import Runs

/// `rubrics judge`.
struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Grade responses: each gets a reward, or the reason why it has none.",
        discussion: """
            Examples:
              rubrics judge responses.jsonl --rubrics rubrics.jsonl --out scored.jsonl \\
                  --method rar-implicit --judge openai:gpt-4o-mini
              rubrics judge responses.jsonl --rubrics rubrics.jsonl --judge http://localhost:8000/v1#qwen \\
                  --criteria-per-call 0 --votes 3
              rubrics judge responses.jsonl --rubrics rubrics.jsonl --method my-method.yaml --limit 20

            A response is a line {"id", "response", "task"?}; it is judged by the rubric row of that task, or of its own id.
            Answered calls are kept in OUT.ledger.sqlite: an interrupted command, run again, goes on where it stopped.
            Keys come from OPENAI_API_KEY, ANTHROPIC_API_KEY, and RUBRICS_JUDGE_API_KEY for addresses of your own.
            Ends with status 3 when some responses are unscored.
            """
    )

    @Argument(help: ArgumentHelp("The responses, JSON lines.", valueName: "responses.jsonl"))
    var responses: String

    @Option(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var rubrics: String?

    @OptionGroup var grading: GradingOptions

    @Option(help: ArgumentHelp("Where lines are written.", valueName: "file"))
    var out = "scored.jsonl"

    @Option(help: ArgumentHelp("Where calls are kept; OUT.ledger.sqlite by default.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("Grade the first so many responses alone.", valueName: "n"))
    var limit: Int?

    @Option(help: "What to do about criteria whose polarity is undecided.")
    var undecided = UndecidedPolarity.error

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let settings = try grading.settings()
        let rows = try JudgedRows(responses, rubrics: rubrics, limit: limit, undecided: undecided, settings: settings)
        for note in rows.notes { Terminal.writeError("note: \(note)\n") }
        let ledger = try Ledger(at: ledger ?? "\(out).ledger.sqlite") { Int(Date().timeIntervalSince1970) }
        let reached = try await ReachedModels(settings.judge, known: ledger.judges())
        let start = ContinuousClock.now
        let summary: JudgeSummary
        do {
            let models = try await JudgeModels(reached, in: ledger, settings: settings.judge.budget)
            summary = try await grade(rows, settings, models, ledger)
            await reached.close()
        } catch {
            await reached.close()
            guard error is CancellationError else { throw error }
            Terminal.writeError(
                "rubrics: interrupted; what was answered is kept: run the same command again to go on\n"
            )
            throw ExitCode(ExitStatus.interrupted)
        }
        Terminal.write(summary.text(seconds: (ContinuousClock.now - start).seconds))
        if summary.unscoredCount > 0 { throw ExitCode(ExitStatus.partial) }
    }

    private func grade(
        _ rows: JudgedRows,
        _ settings: GradingSettings,
        _ models: JudgeModels,
        _ ledger: Ledger
    ) async throws -> JudgeSummary {
        let method = settings.method
        let composition = try JudgeComposition(
            settings.judge,
            method: method,
            secret: ledger.secret,
            tasks: rows.distinctTasks.map(method.judgedTask)
        )
        let job = JudgeJob(
            rows: rows.rows,
            tasks: rows.tasks,
            grader: Grader(method, judge: try composition.judge(models)),
            ledger: ledger,
            calls: settings.judge.endpoint.concurrency * max(1, models.entries.count)
        )
        let interruption = Interruption(message: "stopping; what was answered is kept")
        return try await interruption.cancellingAtOnce { [out] in
            var summary = JudgeSummary()
            var progress = JudgeProgress(total: rows.rows.count, line: Terminal.progressLine())
            let file = try LineFile(out)
            try await job.run { line in
                try file.write(line.json)
                summary.add(line)
                progress.show(summary)
            }
            progress.clear()
            try file.finish()
            return summary
        }
    }
}
