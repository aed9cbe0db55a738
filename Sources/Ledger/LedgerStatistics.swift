// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import GRDB
public import Rubrics

/// What a ledger holds of one model.
public struct LedgerStatistics: Sendable, Hashable {
    /// The model.
    public var model: String
    /// Its answered calls, their tokens and their cost.
    public var usage: CallUsage
    /// When the first and the last were answered, in seconds since 1970.
    public var period: ClosedRange<Int>
}

extension Ledger {
    /// What the ledger holds, by model.
    ///
    /// - Throws: ``LedgerError``.
    public func statistics() async throws -> [LedgerStatistics] {
        try await reading { database in
            let sql = """
                SELECT model, COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(cost), MIN(created), MAX(created)
                FROM call GROUP BY model ORDER BY model
                """
            return try Row.fetchAll(database, sql: sql).map { row in
                let first: Int = row[5]
                let last: Int = row[6]
                let tokens = TokenUsage(input: row[2], output: row[3])
                return LedgerStatistics(
                    model: row[0],
                    usage: CallUsage(calls: row[1], tokens: tokens, cost: row[4]),
                    period: first...last
                )
            }
        }
    }

    /// The number of rewards.
    ///
    /// - Throws: ``LedgerError``.
    public func rewardCount() async throws -> Int {
        try await reading { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM reward") ?? 0 }
    }

    /// What all calls have cost.
    ///
    /// - Throws: ``LedgerError``.
    public func spent() async throws -> CallUsage {
        try await statistics().reduce(.zero) { $0 + $1.usage }
    }

    /// Every call and every reward, one JSON value each, calls first.
    ///
    /// - Parameter body: Takes each value.
    /// - Throws: ``LedgerError``, and what `body` throws.
    public func export(_ body: @escaping @Sendable (JSONValue) throws -> Void) async throws {
        try await reading { database in
            let calls = try Row.fetchCursor(
                database,
                sql: "SELECT hex(key), model, reply, cost, created FROM call ORDER BY created, key"
            )
            while let row = try calls.next() {
                let (key, model, reply): (String, String, String) = (row[0], row[1], row[2])
                try body([
                    "kind": "call", "key": .string(key.lowercased()), "model": .string(model),
                    "reply": try JSONParser.parse(Array(reply.utf8), file: "ledger"), "cost": .number(row[3]),
                    "created": .integer(row[4]),
                ])
            }
            let rewards = try Row.fetchCursor(
                database,
                sql: "SELECT subject, method, record, created FROM reward ORDER BY created, subject, method"
            )
            while let row = try rewards.next() {
                let (subject, method, record): (String, String, String) = (row[0], row[1], row[2])
                try body([
                    "kind": "reward", "subject": .string(subject), "method": .string(method),
                    "record": try JSONParser.parse(Array(record.utf8), file: "ledger"), "created": .integer(row[3]),
                ])
            }
        }
    }

    /// Removes old calls and gives their space back; a reward whose calls are gone cannot be replayed.
    ///
    /// - Parameters:
    ///   - time: Calls answered before this time, in seconds since 1970.
    ///   - model: Calls of this model alone; `nil` for all.
    /// - Returns: How many calls were removed.
    /// - Throws: ``LedgerError``.
    public func prune(before time: Int, model: String?) async throws -> Int {
        let count = try await writing { database in
            try database.execute(
                sql: "DELETE FROM call WHERE created < ? AND (? IS NULL OR model = ?)",
                arguments: [time, model, model]
            )
            return database.changesCount
        }
        try await vacuum()
        return count
    }

    private func vacuum() async throws {
        do { try await database.vacuum() } catch { throw LedgerError(error, path: path) }
    }
}
