// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Foundation
import GRDB
import Rubrics

/// The content-addressed record of judge calls and of the rewards made from them: one SQLite file.
///
/// Calls are kept under a hash of all that their answer depends on, so that an answered call is never made again, by
/// this process or another. The file also holds the key of the marks around judged text, so that a recorded call can be
/// asked for again in the same words.
public final class Ledger: CallStore {
    /// The file.
    public let path: String
    /// The key of the marks around judged text: 32 random bytes, drawn when the file was made.
    public let secret: [UInt8]

    let database: DatabasePool
    private let writer: GroupWriter

    /// Opens a ledger, making it where there is none.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - now: The wall clock, in seconds since 1970.
    /// - Throws: ``LedgerError``.
    public init(at path: String, now: @escaping @Sendable () -> Int) throws {
        self.path = path
        do {
            database = try Self.open(path)
            try LedgerSchema.migrate(database)
            secret = try Self.secret(of: database)
            writer = GroupWriter(database, path: path, now: now)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Opens the file; while several processes turn a new one to WAL mode, SQLite refuses some at once, without waiting.
    private static func open(_ path: String) throws -> DatabasePool {
        for _ in 0..<100 {
            do {
                return try DatabasePool(path: path, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                usleep(20_000)
            }
        }
        return try DatabasePool(path: path, configuration: configuration)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        // Several processes may write: each waits for the others' short transactions.
        configuration.busyMode = .timeout(30)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // In WAL mode a commit survives the end of the process; only a power cut can lose the last ones.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        return configuration
    }

    private static func secret(of database: DatabasePool) throws -> [UInt8] {
        try database.write { database in
            if let known = try Data.fetchOne(database, sql: "SELECT key FROM secret") { return Array(known) }
            var generator = SystemRandomNumberGenerator()
            let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try database.execute(sql: "INSERT INTO secret (key) VALUES (?)", arguments: [Data(fresh)])
            return fresh
        }
    }

    // MARK: - Calls

    /// SHA-256 over the model, the mode and the request: its frame in one fixed form, then each message with its length.
    public func key(of request: ChatRequest, model: String, mode: String) -> CallKey {
        let frame: JSONValue = ["model": .string(model), "mode": .string(mode), "request": request.frame]
        var hash = ContentHash()
        hash.update(frame.utf8())
        for message in request.messages { hash.update(counted: message.content) }
        return CallKey(bytes: hash.finalize())
    }

    /// The recorded answer of a call; `nil` where there is none.
    ///
    /// - Throws: ``LedgerError``, or `CancellationError`.
    public func reply(for key: CallKey) async throws -> ChatReply? {
        try await writer.reply(for: key)
    }

    /// Keeps an answer; returns when its transaction is committed.
    ///
    /// - Throws: ``LedgerError``.
    public func record(_ reply: ChatReply, for key: CallKey, model: String) async throws {
        try await writer.write(StoredCall(key: key, model: model, reply: reply))
    }

    // MARK: - Rewards

    /// Keeps what a reward was made from; returns when its transaction is committed.
    ///
    /// - Throws: ``LedgerError``.
    public func record(_ reward: StoredReward) async throws {
        try await writer.write(reward)
    }

    /// The record of a reward.
    ///
    /// - Parameters:
    ///   - subject: What was graded: a response's or a rollout's identifier.
    ///   - method: The method's name.
    /// - Returns: The record; `nil` where there is none.
    /// - Throws: ``LedgerError``.
    public func reward(of subject: String, method: String) async throws -> StoredReward? {
        try await reading { try StoredReward.fetch(subject, method, from: $0) }
    }

    // MARK: - Judges

    /// What stands behind each address that was asked.
    ///
    /// - Returns: The judges by address.
    /// - Throws: ``LedgerError``.
    public func judges() async throws -> [String: KnownJudge] {
        try await reading { database in
            let rows = try Row.fetchAll(database, sql: "SELECT address, model, mode, features FROM judge")
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let judge = KnownJudge(model: row[1], mode: row[2], features: ChatFeatures(rawValue: row[3]))
                    return (row[0], judge)
                }
            )
        }
    }

    /// Notes what stands behind an address, so that its calls keep their identity and can be replayed without it.
    ///
    /// - Throws: ``LedgerError``.
    public func note(_ judge: KnownJudge, at address: String) async throws {
        try await writing { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO judge (address, model, mode, features) VALUES (?, ?, ?, ?)",
                arguments: [address, judge.model, judge.mode, judge.features.rawValue]
            )
        }
    }

    func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.read(body) } catch { throw wrapped(error) }
    }

    func writing<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.write(body) } catch { throw wrapped(error) }
    }

    private func wrapped(_ error: any Error) -> any Error {
        error is DatabaseError || error is DocumentError ? LedgerError(error, path: path) : error
    }
}
