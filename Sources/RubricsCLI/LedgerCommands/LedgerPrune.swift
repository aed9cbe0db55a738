// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Ledger
import Rubrics
import Runs

/// `rubrics ledger prune`.
struct LedgerPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove answered calls, by age, by model or by both, and give their space back.",
        discussion: """
            Examples:
              rubrics ledger prune scored.jsonl.ledger.sqlite --older-than 90
              rubrics ledger prune runs/demo --model openai:gpt-4o-mini

            Asks for nothing. What is removed is paid again when it is needed again, and rewards that were made from it
            can no longer be replayed. Rewards themselves stay.
            """
    )

    @OptionGroup var ledger: LedgerArgument

    @Option(help: ArgumentHelp("Remove calls answered more than so many days ago.", valueName: "days"))
    var olderThan: Int?

    @Option(help: ArgumentHelp("Remove calls of this model alone, by its name in stats.", valueName: "name"))
    var model: String?

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard olderThan != nil || model != nil else {
            throw ValidationError("say what to remove: --older-than DAYS, --model NAME, or both")
        }
        guard (1...36_500).contains(olderThan ?? 1) else { throw ValidationError("--older-than goes from 1 to 36,500") }
    }

    func run() async throws {
        let file = try ledger.file()
        let before = file.byteCount
        let count = try await remove(from: file)
        let after = file.byteCount
        let result: JSONValue = [
            "ledger": .string(file.path), "removed_calls": .integer(count), "bytes_before": .integer(before),
            "bytes_after": .integer(after),
        ]
        let text =
            "removed \(ProgressText.grouped(count)) calls from \(file.path): "
            + "\(LedgerFile.text(bytes: before)) before, \(LedgerFile.text(bytes: after)) now\n"
        Terminal.write(format == .json ? result.serialized(pretty: true) + "\n" : text)
    }

    /// The ledger closes when this returns, and its file has its final size.
    private func remove(from file: LedgerFile) async throws -> Int {
        let ledger = try file.open()
        if let model { try await requireModel(model, in: ledger) }
        let now = Int(Date().timeIntervalSince1970)
        return try await ledger.prune(before: olderThan.map { now - $0 * 86_400 } ?? .max, model: model)
    }

    private func requireModel(_ model: String, in ledger: Ledger) async throws {
        let known = try await ledger.statistics().map(\.model)
        guard !known.contains(where: { $0.isExactly(model) }) else { return }
        let remedy = NearestName.remedy(for: model, among: known, noun: "models").map { "; \($0)" } ?? ""
        throw CommandFailure("\(ledger.path) holds no call of \(model)\(remedy)")
    }
}
