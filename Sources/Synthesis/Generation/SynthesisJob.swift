// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics

/// Works through a file of prompts, many at a time, and hands lines on in the prompts' order.
///
/// What is held is bounded: a straggler lets a limited number of rows behind it finish, then reading waits for it.
package struct SynthesisJob: Sendable {
    /// How the job ended.
    package enum Ending: Sendable, Hashable {
        /// Every row has its line.
        case complete
        /// Nothing more was begun, because every call would fail; rows that were not begun or not ended have no line.
        case stopped(SetAside)
    }

    /// What the job holds at most.
    package struct Limits: Sendable, Hashable {
        /// Rows in work at the same time.
        package var rowsInWork: Int
        /// Rows from the first that is not handed on to the last that was begun.
        package var rowsHeld: Int
        /// Bytes of lines that wait for one before them.
        package var bytesHeld: Int

        /// Makes limits.
        package init(rowsInWork: Int, rowsHeld: Int, bytesHeld: Int = 64 << 20) {
            self.rowsInWork = rowsInWork
            self.rowsHeld = rowsHeld
            self.bytesHeld = bytesHeld
        }

        /// Enough rows to keep every call's place taken, with some more beginning while others end, and room for some
        /// that are tried again.
        package init(calls: Int) {
            self.init(rowsInWork: calls + calls / 4 + 2, rowsHeld: max(256, 16 * calls))
        }
    }

    private let limits: Limits
    private let synthesize: @Sendable (PromptRow) async throws -> SynthesizedRow

    /// Makes a job.
    ///
    /// - Parameters:
    ///   - limits: What it holds at most.
    ///   - synthesize: Makes the rubric of a row.
    package init(_ limits: Limits, synthesize: @escaping @Sendable (PromptRow) async throws -> SynthesizedRow) {
        self.limits = limits
        self.synthesize = synthesize
    }

    /// A row that is in work or waits for a budget.
    private struct Work: Sendable {
        var place: Int
        var line: Int
        var row: PromptRow
    }

    /// A row's end: its line, or the row again where only the budget was in its way.
    private struct Done: Sendable {
        var work: Work
        var line: SynthesisLine
        var halt: SetAside?
    }

    /// Works through all rows.
    ///
    /// A call that a budget refuses while others are in flight waits for them, since what they set aside is more than they
    /// cost; refused alone, it ends the job.
    ///
    /// - Parameters:
    ///   - next: Gives the next row; `nil` at the end.
    ///   - finished: Told of each row as it ends, in any order.
    ///   - emit: Takes the lines in the rows' order.
    /// - Returns: How it ended.
    /// - Throws: What `next`, `finished` and `emit` throw, and `CancellationError`.
    package func run(
        next: () throws -> PromptFile.Entry?,
        finished: (SynthesisLine) -> Void,
        emit: (SynthesisLine) throws -> Void
    ) async throws -> Ending {
        try await withThrowingTaskGroup(of: Done.self) { group in
            var window = OrderedWindow()
            var queue = WorkQueue(width: limits.rowsInWork)
            while true {
                while queue.hasPlace, let work = try queue.take(within: limits, &window, next, finished) {
                    group.addTask { try await done(work) }
                }
                try window.emit(emit)
                guard let done = try await group.next() else {
                    if queue.isDone { break } else { continue }
                }
                queue.inWork -= 1
                if !queue.holdsBack(done) {
                    finished(done.line)
                    window.add(done.line, at: done.work.place)
                }
            }
            try window.emitAll(emit)
            return queue.halt.map(Ending.stopped) ?? .complete
        }
    }

    private func done(_ work: Work) async throws -> Done {
        let outcome = try await synthesize(work.row)
        var done = Done(work: work, line: SynthesisLine(line: work.line, outcome))
        if case .failure(let reason) = outcome.rubric, case .failed(let cause) = reason.reason,
            [.budget, .quota, .auth].contains(cause)
        {
            done.halt = reason
        }
        return done
    }

    /// What is to be begun, and whether anything still is.
    private struct WorkQueue {
        var width: Int
        var inWork = 0
        var waiting: [Work] = []
        var halt: SetAside?
        private var isAtEnd = false

        init(width: Int) {
            self.width = width
        }

        var hasPlace: Bool { halt == nil && inWork < width }
        /// Whether nothing will be begun any more.
        var isDone: Bool { halt != nil || isAtEnd && waiting.isEmpty }

        /// The next row to begin; lines that are no prompts go to the window at once.
        mutating func take(
            within limits: Limits,
            _ window: inout OrderedWindow,
            _ next: () throws -> PromptFile.Entry?,
            _ finished: (SynthesisLine) -> Void
        ) throws -> Work? {
            if !waiting.isEmpty {
                inWork += 1
                return waiting.removeFirst()
            }
            while !isAtEnd, window.hasRoom(limits) {
                guard let entry = try next() else {
                    isAtEnd = true
                    return nil
                }
                let place = window.reserve()
                switch entry.row {
                case .failure(let error):
                    let line = SynthesisLine(line: entry.line, error)
                    finished(line)
                    window.add(line, at: place)
                case .success(let row):
                    inWork += 1
                    return Work(place: place, line: entry.line, row: row)
                }
            }
            return nil
        }

        /// Whether a row has to be begun again, or never ends; notes what ends the job.
        mutating func holdsBack(_ done: Done) -> Bool {
            guard let reason = done.halt else { return false }
            guard case .failed(.budget) = reason.reason else {
                halt = reason
                return false
            }
            waiting.append(done.work)
            if inWork > 0 { width = inWork } else { halt = reason }
            return true
        }
    }
}

/// Lines that wait for one before them.
private struct OrderedWindow {
    private var ready: [Int: SynthesisLine] = [:]
    private var first = 0
    private var end = 0
    private var bytes = 0

    func hasRoom(_ limits: SynthesisJob.Limits) -> Bool {
        end - first < limits.rowsHeld && bytes < limits.bytesHeld
    }

    /// The place of the next row.
    mutating func reserve() -> Int {
        end += 1
        return end - 1
    }

    mutating func add(_ line: SynthesisLine, at place: Int) {
        ready[place] = line
        bytes += line.byteCount
    }

    /// Hands on what is next.
    mutating func emit(_ body: (SynthesisLine) throws -> Void) throws {
        while let line = ready.removeValue(forKey: first) {
            bytes -= line.byteCount
            first += 1
            try body(line)
        }
    }

    /// Hands on all that is left, past rows that have no line.
    mutating func emitAll(_ body: (SynthesisLine) throws -> Void) throws {
        for place in ready.keys.sorted() {
            if let line = ready.removeValue(forKey: place) { try body(line) }
        }
    }
}
