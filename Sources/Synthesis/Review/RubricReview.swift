// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Rubrics
import Runs

/// A file of rubrics under review: its rows, read one at a time, and the decisions about them.
package struct RubricReview: Sendable {
    /// Which rows are gone through.
    package enum Filter: String, Sendable, Hashable, CaseIterable {
        /// All, in file order.
        case all
        /// Those that are not decided yet.
        case unreviewed
        /// Those with a criterion whose polarity nobody has decided.
        case undecided
    }

    /// A row and what was decided about it.
    package struct Row: Sendable {
        /// The row's place among those that can be read, from 0.
        package var position: Int
        /// The row as it stands in the file.
        package var task: RubricTask
        /// What was decided.
        package var review: RowReview
    }

    private struct Mark {
        var isReviewed = false
        var isUndecided = false
    }

    /// The rows.
    package let index: RubricRowIndex
    /// How many rows are decided.
    package private(set) var reviewedCount = 0
    /// How many rows have a criterion whose polarity nobody has decided.
    package private(set) var undecidedCount = 0
    /// The names of rows that were decided and are not in the file any more, or not as they were.
    package private(set) var stale: [String] = []

    private var log: ReviewLog
    private var marks: [Mark] = []
    private let reviewer: String?
    private let now: @Sendable () -> Date

    /// Goes through a file, and takes up the decisions made earlier.
    ///
    /// - Parameters:
    ///   - path: The file of rubric rows.
    ///   - log: Where decisions are kept.
    ///   - reviewer: Who decides, for the log and for provenance.
    ///   - now: The wall clock.
    /// - Throws: `RunError` or `DocumentError` for a file that cannot be read.
    package init(_ path: String, log: URL, reviewer: String?, now: @escaping @Sendable () -> Date) throws {
        var marks: [Mark] = []
        index = try RubricRowIndex(path) { task in
            marks.append(Mark(isUndecided: RowReview().leavesUndecided(task)))
        }
        self.marks = marks
        self.log = try ReviewLog(log)
        self.reviewer = reviewer
        self.now = now
        undecidedCount = marks.count { $0.isUndecided }
        for id in self.log.rows {
            guard let (position, task) = try index.find(id), !review(of: task).isEmpty else {
                stale.append(id)
                continue
            }
            mark(Row(position: position, task: task, review: review(of: task)))
        }
    }

    /// How many rows there are.
    package var count: Int { index.count }

    /// Reads a row.
    ///
    /// - Throws: `RunError` or `DocumentError` when the file has changed.
    package func row(at position: Int) throws -> Row {
        let task = try index.task(at: position)
        return Row(position: position, task: task, review: review(of: task))
    }

    private func review(of task: RubricTask) -> RowReview {
        let decisions = log.decisions(about: task.id)
        guard !decisions.isEmpty else { return RowReview() }
        let hash = task.contentHash
        return RowReview(decisions.filter { $0.rubric.isExactly(hash) })
    }

    /// The nearest row of a filter.
    ///
    /// - Parameters:
    ///   - position: Where to start; this row is not looked at.
    ///   - filter: Which rows count.
    ///   - isForward: Whether to go on or back.
    /// - Returns: The row's position; `nil` when there is none in that direction.
    package func neighbor(of position: Int, filter: Filter, isForward: Bool) -> Int? {
        isForward
            ? marks.indices.dropFirst(position + 1).first { matches($0, filter) }
            : marks.indices.prefix(max(0, position)).last { matches($0, filter) }
    }

    private func matches(_ position: Int, _ filter: Filter) -> Bool {
        switch filter {
        case .all: true
        case .unreviewed: !marks[position].isReviewed
        case .undecided: marks[position].isUndecided
        }
    }

    /// Keeps a decision; it is on disk when this returns.
    ///
    /// - Parameters:
    ///   - action: What was done.
    ///   - row: The row, as it was shown.
    ///   - criterion: The criterion's identifier; `nil` for the rubric as a whole.
    ///   - edit: The criterion as edited, with the action ``ReviewDecision/Action/edited``.
    /// - Throws: `RunError`; the decision then does not count.
    package mutating func decide(
        _ action: ReviewDecision.Action,
        _ row: Row,
        criterion: String? = nil,
        edit: CriterionEdit? = nil
    ) throws {
        let decision = ReviewDecision(
            row: row.task.id,
            rubric: row.task.contentHash,
            criterion: criterion,
            action: action,
            edit: edit,
            reviewer: reviewer,
            time: now().ISO8601Format()
        )
        try log.append(decision)
        mark(Row(position: row.position, task: row.task, review: review(of: row.task)))
    }

    /// Takes the last decision back.
    ///
    /// - Returns: The decision and its row's position; `nil` when there is none to take back.
    /// - Throws: `RunError`; the decision then still counts.
    package mutating func undo() throws -> (decision: ReviewDecision, position: Int?)? {
        guard let last = log.decisions.last else { return nil }
        var undone = last
        (undone.action, undone.edit, undone.time) = (.undone, nil, now().ISO8601Format())
        try log.append(undone)
        guard let (position, task) = try index.find(last.row) else { return (last, nil) }
        mark(Row(position: position, task: task, review: review(of: task)))
        return (last, position)
    }

    private mutating func mark(_ row: Row) {
        let old = marks[row.position]
        let new = Mark(
            isReviewed: !row.review.isEmpty && row.review.isComplete(for: row.task),
            isUndecided: row.review.leavesUndecided(row.task)
        )
        marks[row.position] = new
        reviewedCount += (new.isReviewed ? 1 : 0) - (old.isReviewed ? 1 : 0)
        undecidedCount += (new.isUndecided ? 1 : 0) - (old.isUndecided ? 1 : 0)
    }

    /// The decisions as they stand, for ``ReviewExport``.
    package var decisions: ReviewLog { log }
}
