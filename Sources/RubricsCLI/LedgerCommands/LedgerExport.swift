// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ledger
import Rubrics
import Runs
import Synchronization

/// `rubrics ledger export`.
struct LedgerExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write every call and every reward as a line of JSON, calls first.",
        discussion: """
            Examples:
              rubrics ledger export runs/demo --out calls.jsonl
              rubrics ledger export scored.jsonl.ledger.sqlite | jq 'select(.kind == "reward")'

            Replies and verdicts hold what judges wrote of prompts and responses. Docs/ledger.md lists the keys.
            """
    )

    @OptionGroup var ledger: LedgerArgument

    @Option(help: ArgumentHelp("Where lines are written; standard output by default.", valueName: "file"))
    var out: String?

    func run() async throws {
        let ledger = try ledger.file().open()
        guard let out else {
            return try await ledger.export { Terminal.write($0.serialized() + "\n") }
        }
        let file = Mutex(try LineFile(out))
        let count = Mutex(0)
        try await ledger.export { value in
            try file.withLock { try $0.write(value) }
            count.withLock { $0 += 1 }
        }
        try file.withLock { try $0.finish() }
        Terminal.writeError("\(out): \(ProgressText.grouped(count.withLock { $0 })) lines\n")
    }
}
