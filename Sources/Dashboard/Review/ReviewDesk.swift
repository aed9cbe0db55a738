// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Rubrics
import Synthesis

/// Owns a review while it is served: pages are made and decisions kept one after another.
///
/// No method suspends, so none is ever entered while another is under way.
actor ReviewDesk {
    private var review: RubricReview
    private let root: String
    private let path: String
    private let file: String

    init(_ review: RubricReview, root: String) {
        self.review = review
        self.root = root
        path = review.index.path
        file = URL(fileURLWithPath: review.index.path).lastPathComponent
    }

    /// What decisions stand.
    var decisions: ReviewLog { review.decisions }

    /// The page of a row.
    ///
    /// - Throws: ``ReviewRefusal`` where there is no such row; `RunError` or `DocumentError` when it cannot be read.
    func page(
        number: Int,
        filter: RubricReview.Filter,
        criterion: Int? = nil,
        notice: String = ""
    ) throws -> ReviewPage {
        let row = try row(number)
        let place = ReviewPage.Place(root: root, file: file, filter: filter, criterion: criterion, notice: notice)
        return ReviewPage(row, of: review, place)
    }

    /// The number of the first row of a filter from a place on, or of the nearest one before it.
    func first(_ filter: RubricReview.Filter, from number: Int) -> Int? {
        let start = min(max(1, number), max(1, review.count)) - 2
        let found =
            review.neighbor(of: start, filter: filter, isForward: true)
            ?? review.neighbor(of: review.count, filter: filter, isForward: false)
        return found.map { $0 + 1 }
    }

    /// Keeps a decision.
    ///
    /// - Returns: The criterion that comes next.
    /// - Throws: ``ReviewRefusal`` for a decision that makes no sense; `RunError` when it could not be kept.
    func decide(_ form: ReviewForm, number: Int) throws -> Int? {
        let row = try row(number)
        guard form.rubric == row.task.contentHash else {
            throw ReviewRefusal(.conflict, "The row has changed since this page was made. Load it again.")
        }
        guard let place = form.criterion else {
            let action = try form.wholeAction()
            if action == .accepted, row.review.leavesUndecided(row.task) {
                let remedy = "settle it with p or n, then accept the rubric."
                throw ReviewRefusal(.conflict, "A polarity is undecided: \(remedy)")
            }
            try review.decide(action, row)
            return nil
        }
        guard row.task.criteria.indices.contains(place) else {
            throw ReviewRefusal(.badRequest, "There is no criterion \(place + 1) in this rubric.")
        }
        let criterion = row.task.criteria[place]
        let current = row.review.edited(criterion)
        let (action, edit) = try form.decision(about: current)
        if action == .accepted, current.polarity == .undecided {
            throw ReviewRefusal(.conflict, "Its polarity is undecided: p for a virtue, n for a fault, then accept it.")
        }
        try review.decide(action, row, criterion: criterion.id, edit: edit)
        return form.action == "positive" || form.action == "negative" ? place : try next(after: place, number)
    }

    /// The criterion to look at after one was decided: the next that is not, else the next.
    private func next(after place: Int, _ number: Int) throws -> Int {
        let row = try row(number)
        let open = row.task.criteria.indices.filter { row.review.finding(about: row.task.criteria[$0].id) == nil }
        return open.first { $0 > place } ?? open.first ?? min(place + 1, row.task.criteria.count - 1)
    }

    /// Takes the last decision back.
    ///
    /// - Returns: The number of its row and the place of its criterion; `nil` where there was nothing to take back.
    func undo() throws -> (number: Int, criterion: Int?)? {
        guard let (decision, position) = try review.undo(), let position else { return nil }
        let row = try review.row(at: position)
        let criterion = decision.criterion.flatMap { id in row.task.criteria.firstIndex { $0.id.isExactly(id) } }
        return (position + 1, criterion)
    }

    private func row(_ number: Int) throws -> RubricReview.Row {
        guard (1...max(1, review.count)).contains(number), review.count > 0 else {
            throw ReviewRefusal(.notFound, "There is no rubric \(number) among \(review.count).")
        }
        return try review.row(at: number - 1)
    }
}
