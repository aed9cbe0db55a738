// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of a ledger's file.
enum LedgerSchema {
    /// The version that this code reads and writes.
    private static let version = 1

    /// Makes the tables where they are missing.
    ///
    /// The transaction holds the file from its beginning, so that of several processes that open a new file one makes
    /// the tables and the others find them.
    ///
    /// - Throws: ``LedgerError/Unreadable`` for a file of a later version, and what SQLite throws.
    static func migrate(_ database: any DatabaseWriter) throws {
        try database.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found <= version else { throw LedgerError.Unreadable(version: found) }
                if found < version { try database.execute(sql: tables) }
                return .commit
            }
        }
    }

    private static let tables = """
        CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS judge (
            address TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            mode TEXT NOT NULL,
            features INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS call (
            key BLOB PRIMARY KEY,
            model TEXT NOT NULL,
            reply TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cost REAL NOT NULL,
            created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS reward (
            subject TEXT NOT NULL,
            method TEXT NOT NULL,
            record TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (subject, method)
        ) WITHOUT ROWID;
        PRAGMA user_version = \(version);
        """
}
