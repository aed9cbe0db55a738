// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Rubrics
import Runs

/// A ledger that a user names: by its file, or by the run whose it is.
struct LedgerFile {
    /// The file.
    let path: String

    /// Finds the file.
    ///
    /// - Parameter place: A ledger's file or a run's folder.
    /// - Throws: ``CommandFailure`` when there is none.
    init(_ place: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw CommandFailure(
                "\(place) is not there: name a ledger, for example scored.jsonl.ledger.sqlite, or a run"
            )
        }
        guard isFolder.boolValue else {
            path = place
            return
        }
        path = URL(fileURLWithPath: place).appendingPathComponent("ledger.sqlite").relativePath
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure("\(place) holds no ledger.sqlite: its rewards come from checks alone, or it is no run")
        }
    }

    /// Opens it.
    ///
    /// - Throws: `LedgerError` when the file is no ledger.
    func open() throws -> Ledger {
        try Ledger(existing: path) { Int(Date().timeIntervalSince1970) }
    }

    /// What it takes on the disk, in bytes, with what SQLite keeps beside it.
    var byteCount: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}

extension LedgerFile {
    /// A size for people.
    static func text(bytes: Int) -> String {
        let (unit, name) = bytes < 1_000_000 ? (1e3, "kB") : bytes < 1_000_000_000 ? (1e6, "MB") : (1e9, "GB")
        return "\(ProgressText.fixed(Double(bytes) / unit, digits: 1)) \(name)"
    }

    /// A time for people and machines, for example `2026-01-31T12:00:00Z`.
    static func text(time: Int) -> String {
        Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
    }
}
