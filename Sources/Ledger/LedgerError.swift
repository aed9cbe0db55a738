// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What went wrong with a ledger's file.
public struct LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// What went wrong and what to do.
    public var message: String

    /// Makes an error.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    init(_ error: any Error, path: String) {
        self.init(path: path, message: Self.message(of: error))
    }

    /// A file that a later version of this program has written.
    struct Unreadable: Error, CustomStringConvertible {
        var version: Int

        var description: String {
            "is of version \(version), which this program does not know yet: use a newer one, or name another file"
        }
    }

    private static func message(of error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        let text = error.message ?? "\(error)"
        return switch error.resultCode {
        case .SQLITE_NOTADB: "is no ledger: name another file, or move this one away"
        case .SQLITE_CORRUPT: "is damaged (\(text)): move it away; calls will be made again"
        case .SQLITE_FULL: "the disk is full: free some space and run the command again, what is recorded is kept"
        case .SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and may be written"
        case .SQLITE_READONLY: "may not be written: check its owner and mode"
        case .SQLITE_BUSY: "another process holds it for longer than is sound: wait for it or stop it"
        default: text
        }
    }

    /// One line.
    public var description: String { "\(path): \(message)" }
}
