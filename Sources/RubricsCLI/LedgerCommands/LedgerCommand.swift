// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `rubrics ledger`.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Look into a ledger of judge calls, write it out, remove old calls (Docs/ledger.md).",
        discussion: """
            Examples:
              rubrics ledger stats runs/demo
              rubrics ledger export scored.jsonl.ledger.sqlite --out calls.jsonl
              rubrics ledger prune scored.jsonl.ledger.sqlite --older-than 90
            """,
        subcommands: [LedgerStats.self, LedgerExport.self, LedgerPrune.self]
    )
}

/// The argument that names a ledger.
struct LedgerArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("A ledger's file, or the folder of the run whose it is.", valueName: "file|run"))
    var place: String

    /// The ledger's file.
    func file() throws -> LedgerFile { try LedgerFile(place) }
}
