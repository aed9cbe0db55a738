// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ChatModels
import Ledger
import Rubrics
import Runs

/// `rubrics ledger stats`.
struct LedgerStats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Tell what a ledger holds: calls, tokens and cost by model, rewards, size.",
        discussion: """
            Examples:
              rubrics ledger stats runs/demo
              rubrics ledger stats scored.jsonl.ledger.sqlite --format json
            """
    )

    @OptionGroup var ledger: LedgerArgument

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func run() async throws {
        let file = try ledger.file()
        let byteCount = file.byteCount
        let ledger = try file.open()
        let stats = LedgerContents(
            path: file.path,
            byteCount: byteCount,
            models: try await ledger.statistics(),
            rewardCount: try await ledger.rewardCount()
        )
        Terminal.write(format == .json ? stats.json.serialized(pretty: true) + "\n" : stats.text)
    }
}

/// What `rubrics ledger stats` prints.
struct LedgerContents {
    let path: String
    let byteCount: Int
    let models: [LedgerStatistics]
    let rewardCount: Int

    private var total: CallUsage { models.reduce(.zero) { $0 + $1.usage } }

    /// For people.
    var text: String {
        let total = total
        var lines = [
            "ledger   \(path), \(LedgerFile.text(bytes: byteCount))",
            "calls    \(ProgressText.grouped(total.calls)), $\(ProgressText.fixed(total.cost, digits: 4))",
        ]
        // A run's rewards stand in its rollouts.
        if rewardCount > 0 { lines.append("rewards  \(ProgressText.grouped(rewardCount))") }
        return (lines + (models.isEmpty ? [] : [""] + table.lines)).joined(separator: "\n") + "\n"
    }

    private var table: TextTable {
        TextTable(
            columns: [
                .text("model"), .number("calls"), .number("tokens read"), .number("written"), .number("cost"),
                .text("first"), .text("last"),
            ],
            rows: models.map { model in
                [
                    model.model, ProgressText.grouped(model.usage.calls),
                    ProgressText.grouped(model.usage.tokens.input), ProgressText.grouped(model.usage.tokens.output),
                    "$\(ProgressText.fixed(model.usage.cost, digits: 4))",
                    LedgerFile.text(time: model.period.lowerBound), LedgerFile.text(time: model.period.upperBound),
                ]
            }
        )
    }

    /// For machines.
    var json: JSONValue {
        [
            "ledger": .string(path), "bytes": .integer(byteCount), "calls": .integer(total.calls),
            "cost": .number(total.cost), "rewards": .integer(rewardCount),
            "models": .array(
                models.map { model in
                    [
                        "model": .string(model.model), "calls": .integer(model.usage.calls),
                        "input_tokens": .integer(model.usage.tokens.input),
                        "output_tokens": .integer(model.usage.tokens.output), "cost": .number(model.usage.cost),
                        "first": .string(LedgerFile.text(time: model.period.lowerBound)),
                        "last": .string(LedgerFile.text(time: model.period.upperBound)),
                    ]
                }
            ),
        ]
    }
}
