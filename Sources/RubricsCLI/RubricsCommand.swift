// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The `rubrics` command.
@main
struct RubricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubrics",
        abstract: "Train language models on rubric rewards.",
        discussion: """
            Examples:
              rubrics doctor                                   what is installed, what is missing
              rubrics init my-run                              a recipe and three rubric rows to edit
              rubrics train Recipes/demo.yaml                  train, measure, write runs/demo
              rubrics judge responses.jsonl --rubrics rows.jsonl --judge openai:gpt-4o-mini   grade responses
              rubrics explain runs/demo worst                  why a sample got its reward
              rubrics convert rar.jsonl --to healthbench --out out.jsonl   rubrics of other tools, both ways
              rubrics redteam --judge openai:gpt-4o-mini       attack a judge
              rubrics ledger stats runs/demo                   what judging has cost
              rubrics report runs/demo                         write runs/demo/report.html again
            """,
        version: "0.1.0",
        subcommands: [
            Initialize.self, Train.self, Report.self, JudgeCommand.self, Explain.self, Replay.self, RedTeamCommand.self,
            FitWeights.self, ConvertCommand.self, AuditCommand.self, RefineCommand.self, LedgerCommand.self,
            Evaluate.self, Generate.self, Setup.self, Doctor.self,
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
