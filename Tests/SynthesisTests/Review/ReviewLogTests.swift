// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import Synthesis
import TestSupport
import Testing

@Suite("Decisions about rubrics")
struct ReviewLogTests {
    /// Three rows: two criteria, the second a pitfall of undecided polarity; one criterion; one criterion.
    static let rows = [
        #"{"id": "a", "prompt": "p", "criteria": [{"title": "t1", "description": "d1", "importance": "essential"}, "#
            + #"{"title": "t2", "description": "d2", "importance": "pitfall", "weight": 2}]}"#,
        #"{"id": "b", "prompt": "p", "criteria": [{"description": "d", "weight": 1}]}"#,
        #"{"id": "c", "prompt": "p", "criteria": [{"description": "d", "weight": 1}]}"#,
    ]

    private func review(_ folder: TemporaryFolder, rows: [String] = rows) throws -> RubricReview {
        let path = try folder.write("rows.jsonl", Array(rows.joined(separator: "\n").utf8))
        return try RubricReview(path, log: ReviewLog.url(for: path), reviewer: "ada") { Date(timeIntervalSince1970: 0) }
    }

    private func export(_ folder: TemporaryFolder) throws -> (ReviewExport, [RubricTask]) {
        let path = folder.path("rows.jsonl")
        let url = folder.url.appendingPathComponent("out.jsonl")
        let result = try ReviewExport(of: path, ReviewLog(ReviewLog.url(for: path)), to: url)
        let text = try String(contentsOf: url, encoding: .utf8)
        return (result, text.isEmpty ? [] : try RubricFile.tasks(in: text, file: "out.jsonl"))
    }

    private func edit(_ task: RubricTask, _ place: Int, _ change: (inout CriterionEdit) -> Void) -> CriterionEdit {
        var edit = CriterionEdit(task.criteria[place])
        change(&edit)
        return edit
    }

    @Test("What was decided is there after a start anew, and an export does it")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var first = try review(folder)
        #expect((first.count, first.reviewedCount, first.undecidedCount) == (3, 0, 1))
        let row = try first.row(at: 0)
        try first.decide(.accepted, row, criterion: "c1")
        try first.decide(.edited, row, criterion: "c2", edit: edit(row.task, 1) { $0.polarity = .negative })
        try first.decide(.rejected, try first.row(at: 2))
        #expect((first.reviewedCount, first.undecidedCount) == (2, 0))

        let second = try review(folder)
        #expect((second.reviewedCount, second.undecidedCount, second.stale) == (2, 0, []))
        #expect(try second.row(at: 0).review.finding(about: "c2")?.edit?.polarity == .negative)
        let (result, tasks) = try export(folder)
        #expect((result.written, result.reviewed, result.rejected, result.stale, result.malformed) == (2, 1, 1, 0, 0))
        #expect(tasks.map(\.id) == ["a", "b"])
        #expect(tasks[0].criteria[1].polarity == .negative)
        #expect(tasks[0].criteria[1].polarityGround == "settled in review by ada")
        #expect(tasks[0].provenance?.parents == [row.task.contentHash])
        #expect(tasks[0].provenance?.changes.map(\.action) == ["accepted", "edited"])
        #expect(tasks[0].provenance?.changes.map(\.reason) == ["reviewed by ada", "reviewed by ada: polarity"])
        #expect(tasks[1] == (try second.row(at: 1).task))
    }

    @Test("An edit stays when the criterion is accepted after it, and goes when it is undone")
    func undo() throws {
        let folder = try TemporaryFolder()
        var review = try review(folder)
        let row = try review.row(at: 0)
        try review.decide(.edited, row, criterion: "c1", edit: edit(row.task, 0) { $0.title = "new" })
        try review.decide(.accepted, row, criterion: "c1")
        #expect(try review.row(at: 0).review.edited(row.task.criteria[0]).title == "new")
        #expect(try review.undo()?.decision.action == .accepted)
        #expect(try review.row(at: 0).review.finding(about: "c1")?.action == .edited)
        #expect(try review.undo()?.position == 0)
        #expect(try review.row(at: 0).review.isEmpty)
        #expect(try review.undo() == nil)
        #expect(try self.review(folder, rows: Self.rows).row(at: 0).review.isEmpty)
    }

    @Test("A line that a kill cut off never counted, and what follows it is kept", arguments: [1, 20, 60])
    func tornLine(count: Int) throws {
        let folder = try TemporaryFolder()
        var first = try review(folder)
        try first.decide(.accepted, try first.row(at: 1))
        let log = ReviewLog.url(for: folder.path("rows.jsonl"))
        let whole = try Data(contentsOf: log)
        try (whole + whole.prefix(count)).write(to: log)
        var second = try review(folder)
        #expect(second.reviewedCount == 1)
        try second.decide(.accepted, try second.row(at: 2))
        #expect(try review(folder).reviewedCount == 2)
    }

    @Test("Decisions about a row that has changed since are told, not done")
    func stale() throws {
        let folder = try TemporaryFolder()
        var first = try review(folder)
        try first.decide(.rejected, try first.row(at: 1))
        try first.decide(.rejected, try first.row(at: 2))
        let changed = Self.rows[1].replacingOccurrences(of: #""description": "d""#, with: #""description": "e""#)
        let second = try review(folder, rows: [changed, Self.rows[0]])
        #expect(second.stale.sorted() == ["b", "c"] && second.reviewedCount == 0)
        let (result, tasks) = try export(folder)
        #expect((result.written, result.stale) == (2, 1))
        #expect(tasks.map(\.id) == ["b", "a"])
    }

    @Test("Filters find the next and the one before, and nothing beyond the last")
    func filters() throws {
        let review = try review(TemporaryFolder())
        #expect(review.neighbor(of: 0, filter: .all, isForward: true) == 1)
        #expect(review.neighbor(of: 2, filter: .all, isForward: true) == nil)
        #expect(review.neighbor(of: -1, filter: .undecided, isForward: true) == 0)
        #expect(review.neighbor(of: 0, filter: .undecided, isForward: true) == nil)
        #expect(review.neighbor(of: 0, filter: .all, isForward: false) == nil)
        #expect(review.neighbor(of: 3, filter: .unreviewed, isForward: false) == 2)
    }

    @Test("A rubric of which no criterion with a weight is left is left out")
    func nothingLeft() throws {
        let folder = try TemporaryFolder()
        var review = try review(folder)
        let row = try review.row(at: 1)
        try review.decide(.edited, row, criterion: "c1", edit: edit(row.task, 0) { $0.weight = 0 })
        try review.decide(.rejected, try review.row(at: 2), criterion: "c1")
        let (result, tasks) = try export(folder)
        #expect(result.rejected == 2 && tasks.map(\.id) == ["a"])
    }

    @Test(
        "A damaged line of the log is named",
        arguments: ["{}", "[]", #"{"row": "a", "rubric": "", "action": "x", "time": ""}"#]
    )
    func damaged(line: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("rows.jsonl.review.jsonl", Array("\(line)\n".utf8))
        let error = #expect(throws: DocumentError.self) { try review(folder) }
        #expect(error?.line == 1 && error?.file.hasSuffix("rows.jsonl.review.jsonl") == true)
    }

    @Test("A second reviewer of the same file is refused")
    func locked() throws {
        let folder = try TemporaryFolder()
        let lock = try FileLock(folder.url.appendingPathComponent("log"))
        let error = #expect(throws: RunError.self) { try FileLock(folder.url.appendingPathComponent("log")) }
        #expect(error?.code == .locked)
        withExtendedLifetime(lock) {}
    }
}
