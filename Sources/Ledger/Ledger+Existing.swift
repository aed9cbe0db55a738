// SPDX-License-Identifier: Apache-2.0

import GRDB

extension Ledger {
    /// Opens a ledger that is there already; a file that is none is left as it is.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - now: The wall clock, in seconds since 1970.
    /// - Throws: ``LedgerError`` when there is no such file or it is no ledger.
    public convenience init(existing path: String, now: @escaping @Sendable () -> Int) throws {
        let tables: Set<String>
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(30)
            let database = try DatabaseQueue(path: path, configuration: configuration)
            tables = try database.read {
                try String.fetchSet($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        } catch {
            throw LedgerError(error, path: path)
        }
        guard tables.isSuperset(of: ["secret", "call", "reward"]) else {
            throw LedgerError(path: path, message: "is no ledger: name another file")
        }
        try self.init(at: path, now: now)
    }
}
