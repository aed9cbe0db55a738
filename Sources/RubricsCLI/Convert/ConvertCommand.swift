// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation
public import Rubrics
import Synthesis

extension RubricFormat: ExpressibleByArgument {}

/// What to do about a conversion that changes scores.
enum OnLoss: String, CaseIterable, ExpressibleByArgument {
    /// Say so and go on.
    case warn
    /// Write nothing.
    case refuse
}

/// `rubrics convert`.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn rubrics of one format into another, and name what that loses.",
        discussion: """
            Examples:
              rubrics convert rar.jsonl --to rubrics --out rows.jsonl
              rubrics convert rows.jsonl --to healthbench --out healthbench.jsonl --on-loss refuse
              rubrics convert rows.jsonl --to verifiers --out rubrics/          one file a row, named for its id
              rubrics convert judge.toml --to rubrics --out rows.jsonl --prompt "Review this change: ..."
              rubrics convert rubrics/ --to trl --out train.jsonl --prompts prompts.jsonl

            Formats: rubrics (the native row), rar, healthbench, open-instruct, verifiers, autorubric, rubric, rewardkit,
            prometheus, openrlhf, verl, trl. The format of IN is told from its keys; Docs/formats.md says what maps to what.
            Rows that are wrong are named with their place and left out. What a format has no place for is listed, and
            what changes a score is marked. A dash stands for standard input or output.
            Ends with status 3 when a row failed, or when --on-loss refuse found a changed score.
            """
    )

    @Argument(help: ArgumentHelp("A file of rubrics, or a folder of such files.", valueName: "in"))
    var input: String

    @Option(help: ArgumentHelp("The format to write.", valueName: "format"))
    var to: RubricFormat

    @Option(
        help: ArgumentHelp(
            "Where it is written: a file, or a folder for formats of one rubric a file.",
            valueName: "out"
        )
    )
    var out: String

    @Option(help: ArgumentHelp("The format of IN; told from its keys by default.", valueName: "format"))
    var from: RubricFormat?

    @Option(help: ArgumentHelp("The prompt of rubrics whose format holds none.", valueName: "text"))
    var prompt: String?

    @Option(help: ArgumentHelp("Prompts by id, JSON lines of {\"id\", \"prompt\"}.", valueName: "file"))
    var prompts: String?

    @Option(help: "What to do when a score would change: warn, or refuse and write nothing.")
    var onLoss = OnLoss.warn

    @Option(help: "What to do about criteria of undecided polarity where the format states it.")
    var undecided = UndecidedPolarity.error

    func run() async throws {
        let source = try InputFile(input)
        let rows = RubricRowFile(source.path, name: source.name, as: from, takesMissingPrompts: true)
        let output = try ConversionOutput(out, format: to)
        var run = ConversionRun(
            target: to,
            undecided: undecided,
            onLoss: onLoss,
            prompts: try PromptTable(file: prompts, prompt: prompt)
        )
        do {
            try rows.read { try run.take($0, into: output) }
            guard run.rowCount > 0 || run.failureCount > 0 else {
                throw CommandFailure("\(source.name) holds no rubrics: write at least one")
            }
            try run.finish(output)
        } catch {
            output.discard()
            throw error
        }
        if run.failureCount > 0 { throw ExitCode(ExitStatus.partial) }
    }
}
