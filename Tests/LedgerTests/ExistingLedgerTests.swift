// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Ledger
import TestSupport
import Testing

@Suite("Ledgers that are there already")
struct ExistingLedgerTests {
    private func key(_ byte: UInt8) -> CallKey { CallKey(bytes: Array(repeating: byte, count: 32)) }

    @Test("An existing ledger opens with its calls and its secret; what is none is left as it is")
    func existing() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        #expect(throws: LedgerError.self) { try Ledger(existing: path) { 1 } }
        #expect(!FileManager.default.fileExists(atPath: path))
        let first = try Ledger(at: path) { 1 }
        try await first.record(ChatReply(text: "yes"), for: key(1), model: "m")
        let again = try Ledger(existing: path) { 2 }
        #expect(again.secret == first.secret)
        #expect(try await again.reply(for: key(1))?.text == "yes")

        let other = try folder.write("other", "no database at all, whatever its name may be".utf8)
        let error = #expect(throws: LedgerError.self) { try Ledger(existing: other) { 1 } }
        #expect(error?.description.contains("is no ledger") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: other)).count == 44)
    }

    private struct Full: Error {}

    @Test("What takes an export may end it with an error of its own")
    func export() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(at: folder.path("ledger.sqlite")) { 1 }
        try await ledger.record(ChatReply(text: "yes"), for: key(1), model: "m")
        await #expect(throws: Full.self) { try await ledger.export { _ in throw Full() } }
    }

    @Test("prune removes by age and by model")
    func prune() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        for (time, model) in [(10, "a"), (20, "a"), (20, "b")] {
            let ledger = try Ledger(at: path) { time }
            try await ledger.record(
                ChatReply(text: "yes"),
                for: key(UInt8(time) + model.utf8.reduce(0, +)),
                model: model
            )
        }
        let ledger = try Ledger(existing: path) { 30 }
        #expect(try await ledger.prune(before: 10, model: nil) == 0)
        #expect(try await ledger.prune(before: 11, model: "b") == 0)
        #expect(try await ledger.prune(before: 11, model: nil) == 1)
        #expect(try await ledger.prune(before: .max, model: "b") == 1)
        #expect(try await ledger.statistics().map(\.model) == ["a"])
    }
}
