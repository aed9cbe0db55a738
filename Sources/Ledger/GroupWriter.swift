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
        /// When rows were written last.
        var written = ContinuousClock.now

        mutating func take() -> Work {
            defer { work = Work() }
            return work
        }
    }

    /// Where rows come faster than one in this time, a transaction of few waits for more.
    private static let rush = Duration.milliseconds(20)
    /// How long it waits, in microseconds.
    private static let patience: useconds_t = 10_000
    private static let smallGroup = 128

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
                if shouldWait(for: work.writes.count) {
                    usleep(Self.patience)
                    let more = state.withLock { $0.take() }
                    read(more.reads, from: database)
                    work.writes += more.writes
                }
                write(work.writes, to: database)
            }
        }
    }

    /// Whether so many rows are few for the pace at which they come.
    private func shouldWait(for rows: Int) -> Bool {
        guard 1..<Self.smallGroup ~= rows else { return false }
        let written = state.withLock(\.written)
        return ContinuousClock.now - written < Self.rush * rows
    }

    /// What has come together; `nil` when there is nothing left to do.
    private func next() -> Work? {
        state.withLock { state in
            let work = state.take()
            state.isBusy = !work.isEmpty
            return work.isEmpty ? nil : work
        }
    }

    /// Looks calls up in one transaction, since each has the file locked and unlocked.
    private func read(_ reads: [(key: CallKey, waiter: Reading)], from database: Database) {
        guard !reads.isEmpty else { return }
        var found: [Result<ChatReply?, any Error>] = []
        do {
            try database.inTransaction(.deferred) {
                found = reads.map { read in Result { try StoredCall.reply(for: read.key, in: database) } }
                return .commit
            }
        } catch {
            found = reads.map { _ in .failure(error) }
        }
        for (read, reply) in zip(reads, found) { read.waiter.resume(with: reply.mapError(wrapped)) }
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
        state.withLock { $0.written = .now }
        for (_, waiter) in writes { waiter.resume(with: result.mapError(wrapped)) }
    }

    private func wrapped(_ error: any Error) -> any Error {
        LedgerError(error, path: path)
    }
}
