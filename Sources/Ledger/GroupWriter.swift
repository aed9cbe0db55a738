// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Dispatch
import Foundation
import GRDB
import Synchronization

/// Reads and writes in groups: what is asked for while one transaction runs, or shortly before, shares it, so that
/// thousands of calls a second cost a few hundred transactions.
final class GroupWriter: Sendable {
    /// A row to insert.
    protocol Record: Sendable {
        func insert(into database: Database, at time: Int) throws
    }

    private typealias Reading = CheckedContinuation<ChatReply?, any Error>
    private typealias Writing = CheckedContinuation<Void, any Error>

    private struct Work {
        var reads: [(key: CallKey, waiter: Reading)] = []
        var writes: [(record: any Record, waiter: Writing)] = []

        var isEmpty: Bool { reads.isEmpty && writes.isEmpty }
    }

    private struct State {
        var work = Work()
        var isBusy = false

        mutating func take() -> Work {
            defer { work = Work() }
            return work
        }
    }

    /// A transaction of fewer rows waits this long, in microseconds, for more to come.
    private static let patience: useconds_t = 3000
    private static let smallGroup = 32

    private let database: DatabasePool
    private let path: String
    private let now: @Sendable () -> Int
    private let state = Mutex(State())

    init(_ database: DatabasePool, path: String, now: @escaping @Sendable () -> Int) {
        self.database = database
        self.path = path
        self.now = now
    }

    func reply(for key: CallKey) async throws -> ChatReply? {
        try await withCheckedThrowingContinuation { waiter in
            start { $0.reads.append((key, waiter)) }
        }
    }

    func write(_ record: any Record) async throws {
        try await withCheckedThrowingContinuation { waiter in
            start { $0.writes.append((record, waiter)) }
        }
    }

    /// Adds work, and sets a transaction going unless one is under way.
    private func start(_ add: (inout Work) -> Void) {
        let isFirst = state.withLock { state in
            add(&state.work)
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isFirst { transact() }
    }

    private func transact() {
        database.asyncWriteWithoutTransaction { [self] database in
            while var work = next() {
                read(work.reads, from: database)
                if 1..<Self.smallGroup ~= work.writes.count {
                    usleep(Self.patience)
                    let more = state.withLock { $0.take() }
                    read(more.reads, from: database)
                    work.writes += more.writes
                }
                write(work.writes, to: database)
            }
        }
    }

    /// What has come together; `nil` when there is nothing left to do.
    private func next() -> Work? {
        state.withLock { state in
            let work = state.take()
            state.isBusy = !work.isEmpty
            return work.isEmpty ? nil : work
        }
    }

    private func read(_ reads: [(key: CallKey, waiter: Reading)], from database: Database) {
        for (key, waiter) in reads {
            waiter.resume(with: Result { try StoredCall.reply(for: key, in: database) }.mapError(wrapped))
        }
    }

    private func write(_ writes: [(record: any Record, waiter: Writing)], to database: Database) {
        guard !writes.isEmpty else { return }
        let time = now()
        let result = Result {
            try database.inTransaction(.immediate) {
                for (record, _) in writes { try record.insert(into: database, at: time) }
                return .commit
            }
        }
        for (_, waiter) in writes { waiter.resume(with: result.mapError(wrapped)) }
    }

    private func wrapped(_ error: any Error) -> any Error {
        LedgerError(error, path: path)
    }
}
