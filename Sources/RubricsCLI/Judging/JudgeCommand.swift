// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
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
        let session = try GradingSession(settings, ledger: ledger ?? "\(out).ledger.sqlite")
        let outcome = try await session.grade(rows.rows, of: rows.tasks) { [out] _ in ScoredFile(try LineFile(out)) }
        Terminal.write(outcome.summary.text(seconds: outcome.seconds))
        if outcome.summary.unscoredCount > 0 { throw ExitCode(ExitStatus.partial) }
    }
}

/// Writes graded rows as lines of a file.
private struct ScoredFile: ScoredLineSink {
    private let file: LineFile

    init(_ file: LineFile) {
        self.file = file
    }

    mutating func add(_ line: ScoredLine) throws {
        try file.write(line.json)
    }

    func finish() throws {
        try file.finish()
    }
}
