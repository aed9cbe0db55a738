// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics
import Runs

/// Writes reviewed rows: native rows as JSON lines, with what was decided done to them.
package struct ReviewExport: Sendable, Hashable {
    /// How many rows were written.
    package private(set) var written = 0
    /// How many of these have decisions about them.
    package private(set) var reviewed = 0
    /// How many rows were left out because they were rejected, or had no criterion with a weight left.
    package private(set) var rejected = 0
    /// How many rows have decisions that were made about another text of theirs, and were written as they are.
    package private(set) var stale = 0
    /// How many rows could not be read.
    package private(set) var malformed = 0

    /// Writes the rows of a file.
    ///
    /// - Parameters:
    ///   - path: The file that was reviewed.
    ///   - log: What was decided.
    ///   - url: Where the rows are to stand; the file appears whole or not at all.
    /// - Throws: `RunError` for a file that cannot be read or written, `DocumentError` for YAML or a JSON list that is
    ///   none.
    package init(of path: String, _ log: ReviewLog, to url: URL) throws {
        let file = try AtomicFile(url)
        try RubricRowFile(path).read { row in
            guard case .success(let task) = row.task else {
                malformed += 1
                return
            }
            let decisions = log.decisions(about: task.id)
            let hash = decisions.isEmpty ? "" : task.contentHash
            let review = RowReview(decisions.filter { $0.rubric.isExactly(hash) })
            if review.isEmpty, !decisions.isEmpty { stale += 1 }
            guard let result = review.applied(to: task) else {
                rejected += 1
                return
            }
            written += 1
            if !review.isEmpty { reviewed += 1 }
            try file.write(line: result.json.utf8())
        }
        try file.finish()
    }

    /// In words.
    package var summary: String {
        let counts = [
            ("with decisions", reviewed), ("left out as rejected", rejected), ("changed since their review", stale),
            ("malformed", malformed),
        ]
        let rest = counts.filter { $0.1 > 0 }.map { "\(ProgressText.grouped($0.1)) \($0.0)" }
        let noun = written == 1 ? "row" : "rows"
        return (["\(ProgressText.grouped(written)) \(noun) written"] + rest).joined(separator: ", ")
    }
}
