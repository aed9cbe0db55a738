// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The `rubrics` command.
@main
struct RubricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubrics",
        abstract: "Write rubrics, judge by them, and train language models on the rewards.",
        discussion: """
            Examples:
              rubrics doctor                                   what is installed, what is missing
              rubrics init my-run                              a recipe and three rubric rows to edit
              rubrics train Recipes/demo.yaml                  train, measure, write runs/demo
              rubrics judge responses.jsonl --rubrics rows.jsonl --judge openai:gpt-4o-mini   grade responses
              rubrics explain runs/demo worst                  why a sample got its reward
              rubrics synthesize prompts.jsonl --model openai:gpt-4o --out rows.jsonl         write rubrics
              rubrics import hf:ScaleAI/RaR-Medicine --out rows.jsonl                         published rubrics
              rubrics lint rows.jsonl                          the defects of rubric rows
              rubrics audit rows.jsonl --judge openai:gpt-4o-mini   can these rubrics be trusted?
              rubrics review rows.jsonl                        accept, edit or reject criteria in a browser
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Rubrics",
                subcommands: [
                    Synthesize.self, ImportCommand.self, ConvertCommand.self, LintCommand.self, AuditCommand.self,
                    RefineCommand.self, StatsCommand.self, ShowCommand.self, DiffCommand.self, SplitCommand.self,
                    ReviewCommand.self,
                ]
            ),
            CommandGroup(
                name: "Judging",
                subcommands: [
                    JudgeCommand.self, RedTeamCommand.self, FitWeights.self, LedgerCommand.self,
                ]
            ),
            CommandGroup(
                name: "Training",
                subcommands: [
                    Initialize.self, Train.self, Report.self, Explain.self, Replay.self, Evaluate.self, Generate.self,
                ]
            ),
            CommandGroup(name: "Installation", subcommands: [Setup.self, Doctor.self]),
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            FailureReport.exit(error) { Self.exit(withError: $0) }
        }
    }
}
