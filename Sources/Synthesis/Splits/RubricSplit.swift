// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics
import Runs

/// A file of rubrics written as its parts, a file each.
package struct RubricSplit: Sendable, Hashable {
    /// How many rows each part has.
    package private(set) var counts: [Int]
    /// How many rows could not be read, and are in no part.
    package private(set) var malformed = 0
    /// What was wrong with the first of these.
    package private(set) var errors: [DocumentError] = []

    private static let shownErrors = 20

    /// Splits a file. Lines are written as they stand; rows of a JSON list or of YAML become native rows on lines.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - shares: The parts.
    ///   - file: Where a part is to stand, by its name. The files appear when all of them are whole.
    /// - Throws: `RunError` for a file that cannot be read or written, `DocumentError` for YAML or a JSON list that is
    ///   none.
    package init(of path: String, _ shares: SplitShares, to file: (String) -> String) throws {
        counts = shares.parts.map { _ in 0 }
        let files = try shares.parts.map { try AtomicFile(URL(fileURLWithPath: file($0.name))) }
        try RubricRowFile(path).read { row in
            switch row.task {
            case .failure(let error):
                malformed += 1
                if errors.count < Self.shownErrors { errors.append(error) }
            case .success(let task):
                let part = shares.part(of: task)
                counts[part] += 1
                try files[part].write(line: row.bytes.map(Array.init) ?? task.json.utf8())
            }
        }
        for file in files { try file.finish() }
    }
}
