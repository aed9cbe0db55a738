// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Ledger
import Rubrics
import RubricsTesting
import TestSupport
import Testing

/// One file, many tasks, several owners of it.
@Suite("Shared ledgers", .timeLimit(.minutes(10)))
struct SharedLedgerTests {
    /// Records numbered calls.
    private static func record(_ numbers: Range<Int>, in ledger: Ledger) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                group.addTask {
                    let key = ledger.key(of: .asking("\(number)"), model: "m", mode: "none")
                    try await ledger.record(ChatReply(text: "\(number)"), for: key, model: "m")
                }
            }
            try await group.waitForAll()
        }
    }

    /// How many of numbered calls a ledger holds as they were recorded.
    private func count(_ numbers: Range<Int>, in ledger: Ledger) async throws -> Int {
        var count = 0
        for number in numbers {
            let key = ledger.key(of: .asking("\(number)"), model: "m", mode: "none")
            if try await ledger.reply(for: key)?.text == "\(number)" { count += 1 }
        }
        return count
    }

    @Test("Five thousand calls at the same time are all made once and all kept")
    func many() async throws {
        let test = try TestLedger()
        let base = ScriptedChatModel { request, _ in ChatReply(text: request.messages[0].content) }
        let model = RecordingChatModel(base, in: test.ledger, mode: "none")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5_000 {
                group.addTask {
                    let reply = try await model.reply(to: .asking("\(number)"))
                    #expect(reply.text == "\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(base.requests.count == 5_000)
        #expect(try await test.reopened().statistics().map(\.usage.calls) == [5_000])
    }

    @Test("Two owners of one file write at the same time and read what the other wrote")
    func owners() async throws {
        let test = try TestLedger()
        let other = try test.reopened()
        async let first: Void = Self.record(0..<400, in: test.ledger)
        async let second: Void = Self.record(200..<600, in: other)
        _ = try await (first, second)
        #expect(try await count(0..<600, in: test.ledger) == 600)
        #expect(try await count(0..<600, in: other) == 600)
        #expect(test.ledger.secret == other.secret && other.secret.count == 32)
    }

    @Test("Many who open a new file at the same time all get it, with one secret")
    func opening() async throws {
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            let path = folder.path("ledger.sqlite")
            let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<8 { group.addTask { try Ledger(at: path) { 0 }.secret } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(secrets.count == 1)
        }
    }

    @Test("Another file has another secret")
    func secrets() throws {
        #expect(try TestLedger().ledger.secret != TestLedger().ledger.secret)
    }

    @Test("Two processes write one file at the same time")
    func processes() async throws {
        let test = try TestLedger()
        let path = test.ledger.path
        async let own: Void = Self.record(0..<300, in: test.ledger)
        await #expect(processExitsWith: .success) { [path = path as String] in
            try await Self.record(150..<450, in: Ledger(at: path) { 0 })
        }
        try await own
        #expect(try await count(0..<450, in: test.ledger) == 450)
    }

    @Test("What a process recorded before it was killed is there, and the file is sound")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ledger.sqlite")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let ledger = try Ledger(at: path) { 0 }
            try await Self.record(0..<100, in: ledger)
            // More is under way when the end comes.
            async let more: Void = Self.record(100..<5_000, in: ledger)
            try await Self.record(5_000..<5_010, in: ledger)
            kill(getpid(), SIGKILL)
            try await more
        }
        let ledger = try Ledger(at: path) { 0 }
        #expect(try await count(0..<100, in: ledger) == 100)
        #expect(try await count(5_000..<5_010, in: ledger) == 10)
        try await Self.record(0..<200, in: ledger)
        #expect(try await count(0..<200, in: ledger) == 200)
    }
}
