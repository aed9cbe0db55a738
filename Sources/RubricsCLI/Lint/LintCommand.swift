// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Rubrics
import Synthesis

/// `rubrics lint`.
struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find the defects of rubric rows, each with its line and a way out (Docs/lint.md).",
        discussion: """
            Examples:
              rubrics lint rubrics.jsonl
              rubrics lint train.jsonl val.jsonl test.jsonl --rule shared-question
              rubrics lint rubrics.jsonl --fix --out fixed.jsonl
              rubrics lint rubrics.jsonl --format json --ignore title-length

            Several files are the splits of one set: questions that they share are found. --fix applies what is safe and
            writes the file in place, or to --out; lines without a fix stay byte for byte.
            Ends with status 0 when there is nothing but notes, 3 when there are errors or warnings.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md), read in order.", valueName: "file"))
    var files: [String]

    @Flag(help: "Fix what is safe to fix.")
    var fix = false

    @Option(help: ArgumentHelp("Where the fixed rows are written; the file itself by default.", valueName: "file"))
    var out: String?

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    @Option(help: ArgumentHelp("Look at this rule alone; may be given more than once.", valueName: "name"))
    var rule: [LintRule] = []

    @Option(help: ArgumentHelp("Leave this rule out; may be given more than once.", valueName: "name"))
    var ignore: [LintRule] = []

    @Option(help: ArgumentHelp("How many findings of a rule are shown; 0 for the table alone.", valueName: "n"))
    var max = 10

    func validate() throws {
        guard max >= 0 else { throw ValidationError("--max is at least 0") }
        guard out == nil || fix else { throw ValidationError("--out is where --fix writes: give both") }
        guard out == nil || files.count == 1 else {
            throw ValidationError("--out is one file: fix several files in place, or one after another")
        }
    }

    func run() async throws {
        let chosen = rule.isEmpty ? Set(LintRule.allCases) : Set(rule)
        let linter = RubricLinter(
            rules: chosen.subtracting(ignore),
            fixes: fix,
            width: ProcessInfo.processInfo.activeProcessorCount
        )
        let summary: LintSummary
        switch format {
        case .json: summary = try await lint(with: linter, LintedLines())
        case .text: summary = try await lint(with: linter, LintListing(shown: max))
        }
        if !summary.isClean { throw ExitCode(ExitStatus.partial) }
    }

    private func lint(with linter: RubricLinter, _ output: some LintOutput) async throws -> LintSummary {
        var output = output
        let summary = try await linter.lint(files, output: { _ in out }) { output.add($0) }
        output.finish(summary)
        return summary
    }
}

extension LintRule: ExpressibleByArgument {}

/// Where findings go.
protocol LintOutput {
    /// Takes a finding.
    mutating func add(_ finding: LintFinding)
    /// Takes the counts, at the end.
    mutating func finish(_ summary: LintSummary)
}
