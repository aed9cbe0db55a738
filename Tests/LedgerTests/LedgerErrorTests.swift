// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Ledger
import Rubrics
import TestSupport
import Testing

@Suite("Errors of ledgers")
struct LedgerErrorTests {
    private func failure(at path: String) -> LedgerError? {
        #expect(throws: LedgerError.self) { _ = try Ledger(at: path) { 0 } }
    }

    @Test("An error names its file")
    func description() {
        #expect("\(LedgerError(path: "a", message: "b"))" == "a: b")
    }

    @Test("A file of something else is no ledger, and stays as it was", arguments: [10, 5_000])
    func foreign(length: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = Array(repeating: UInt8(ascii: "x"), count: length)
        let path = try folder.write("notes.txt", bytes)
        #expect(failure(at: path)?.description == "\(path): is no ledger: name another file, or move this one away")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
    }

    @Test("A folder that is not there is named")
    func noFolder() throws {
        let path = try TemporaryFolder().path("missing/ledger.sqlite")
        #expect(failure(at: path)?.description.hasPrefix("\(path): cannot be opened: check that its folder") == true)
    }

    @Test("A folder in the place of the file is named")
    func folder() throws {
        let folder = try TemporaryFolder()
        #expect(failure(at: folder.url.path)?.path == folder.url.path)
    }

    @Test("A file of a later version is left alone")
    func later() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(at: path) { 0 }
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        // The version is a big-endian number at byte 60 of an SQLite file.
        bytes[63] = 2
        try bytes.write(to: url)
        #expect(failure(at: path)?.message.hasPrefix("is of version 2") == true)
    }

    @Test("A damaged file says so, with the way out")
    func damaged() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        try await filled(path)
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        for place in 4_096..<bytes.count { bytes[place] = 0xA5 }
        try bytes.write(to: url)
        let error = await #expect(throws: LedgerError.self) { _ = try await Ledger(at: path) { 0 }.statistics() }
        #expect(error?.path == path)
        #expect(error?.message.hasPrefix("is damaged") == true, "\(error.map { "\($0)" } ?? "none")")
    }

    @Test("A truncated file says so or holds what is left: never anything that was not recorded", arguments: 1..<8)
    func truncated(eighths: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        try await filled(path)
        let url = URL(fileURLWithPath: path)
        let bytes = try Data(contentsOf: url)
        try bytes.prefix(bytes.count * eighths / 8).write(to: url)
        do {
            let ledger = try Ledger(at: path) { 0 }
            for number in 0..<50 {
                let key = ledger.key(of: .asking("\(number)"), model: "m", mode: "none")
                let reply = try await ledger.reply(for: key)
                #expect(reply == nil || reply?.text.hasPrefix("\(number) ") == true)
            }
        } catch let error as LedgerError {
            #expect(error.path == path)
        }
    }

    @Test("Bytes that changed on the disk never crash", arguments: 0..<30 as Range<UInt64>)
    func flipped(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        try await filled(path)
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let place = Int.random(in: 100..<bytes.count, using: &generator)
            bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
        try bytes.write(to: url)
        do {
            let ledger = try Ledger(at: path) { 0 }
            for number in 0..<50 {
                let key = ledger.key(of: .asking("\(number)"), model: "m", mode: "none")
                _ = try? await ledger.reply(for: key)
            }
            _ = try? await ledger.statistics()
            _ = try? await ledger.reward(of: "r", method: "m")
            try await ledger.export { _ in }
        } catch let error as LedgerError {
            #expect(error.path == path)
        }
    }

    /// Writes a ledger of many pages and closes it, so that the file holds everything.
    private func filled(_ path: String) async throws {
        let ledger = try Ledger(at: path) { 0 }
        for number in 0..<50 {
            let key = ledger.key(of: .asking("\(number)"), model: "m", mode: "none")
            let text = "\(number) " + String(repeating: "yes ", count: 500)
            try await ledger.record(ChatReply(text: text), for: key, model: "m")
        }
        _ = try await ledger.prune(before: 0, model: nil)
    }
}
