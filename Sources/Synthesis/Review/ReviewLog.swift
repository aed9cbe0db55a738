// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics
import Runs

/// The decisions about a file of rubrics, in `FILE.review.jsonl`; each is on disk before it counts.
package struct ReviewLog: Sendable {
    /// The decisions that stand, oldest first.
    package private(set) var decisions: [ReviewDecision] = []

    private let log: JSONLinesLog
    private var places: [ExactText: [Int]] = [:]

    /// Where the decisions about a file are kept.
    package static func url(for path: String) -> URL {
        URL(fileURLWithPath: path + ".review.jsonl")
    }

    /// Reads the decisions made so far; a last line that a kill cut off never counted.
    ///
    /// - Parameter url: The log; it need not exist.
    /// - Throws: `RunError` when it cannot be read, `DocumentError` for a line that is no decision.
    package init(_ url: URL) throws {
        log = JSONLinesLog(url)
        var line = 0
        try log.read { value in
            line += 1
            take(try ReviewDecision(Document.jsonLine(value.utf8()[...], file: url.relativePath, line: line).root))
        }
    }

    /// The decisions about a row, oldest first.
    package func decisions(about row: String) -> [ReviewDecision] {
        places[ExactText(row)]?.map { decisions[$0] } ?? []
    }

    /// The names of the rows that there are decisions about.
    package var rows: [String] {
        places.keys.map(\.text)
    }

    /// Keeps a decision.
    ///
    /// - Parameter decision: What was done; ``ReviewDecision/Action/undone`` takes the last decision back.
    /// - Throws: `RunError`; the decision then does not count.
    package mutating func append(_ decision: ReviewDecision) throws {
        try log.append([decision.json])
        take(decision)
    }

    private mutating func take(_ decision: ReviewDecision) {
        guard decision.action != .undone else { return removeLast() }
        places[ExactText(decision.row), default: []].append(decisions.count)
        decisions.append(decision)
    }

    private mutating func removeLast() {
        guard let last = decisions.popLast() else { return }
        let name = ExactText(last.row)
        places[name]?.removeLast()
        if places[name]?.isEmpty == true { places[name] = nil }
    }
}
