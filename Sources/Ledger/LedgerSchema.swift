// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of a ledger's file.
enum LedgerSchema {
    static func migrate(_ database: any DatabaseWriter) throws {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE secret (key BLOB NOT NULL);
                    CREATE TABLE judge (
                        address TEXT PRIMARY KEY,
                        model TEXT NOT NULL,
                        mode TEXT NOT NULL,
                        features INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE call (
                        key BLOB PRIMARY KEY,
                        model TEXT NOT NULL,
                        reply TEXT NOT NULL,
                        input_tokens INTEGER NOT NULL,
                        output_tokens INTEGER NOT NULL,
                        cost REAL NOT NULL,
                        created INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE reward (
                        subject TEXT NOT NULL,
                        method TEXT NOT NULL,
                        record TEXT NOT NULL,
                        created INTEGER NOT NULL,
                        PRIMARY KEY (subject, method)
                    ) WITHOUT ROWID;
                    """
            )
        }
        try migrator.migrate(database)
    }
}
