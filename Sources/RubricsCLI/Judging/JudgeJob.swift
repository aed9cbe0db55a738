// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Ledger
import Rewards
import Rubrics

/// Grades the rows of a file, so many at a time, and hands the lines on in the rows' order.
struct JudgeJob: Sendable {
    /// Rows that are graded together: one, or all of a task where the method compares them.
    struct Unit: Sendable {
        var task: RubricTask
        var rows: [(place: Int, row: ResponseRow)]
    }

    let units: [Unit]
    let grader: Grader
    let ledger: Ledger
    /// How many units are in work at the same time.
    let width: Int

    /// Joins rows to their tasks.
    ///
    /// - Parameters:
    ///   - rows: The responses.
    ///   - tasks: Each row's task, as the method judges it.
    ///   - grader: How they are graded.
    ///   - ledger: Where what rewards were made from is kept.
    ///   - calls: The most calls that there is room for.
    init(rows: [ResponseRow], tasks: [RubricTask], grader: Grader, ledger: Ledger, calls: Int) {
        self.grader = grader
        self.ledger = ledger
        var units: [Unit] = []
        var groups: [ExactText: Int] = [:]
        for (place, (row, task)) in zip(rows, tasks).enumerated() {
            if grader.judge.needsWholeGroup, let known = groups[ExactText(task.id)] {
                units[known].rows.append((place, row))
            } else {
                groups[ExactText(task.id)] = units.count
                units.append(Unit(task: task, rows: [(place, row)]))
            }
        }
        self.units = units
        width = Self.width(of: tasks, calls: calls, method: grader.method)
    }

    /// Enough units to keep every call's place taken, with some more beginning while others end.
    private static func width(of tasks: [RubricTask], calls: Int, method: GradingMethod) -> Int {
        var callsEach = 1.0
        if case .criteria(let perCall) = method.question {
            let needed = tasks.map { (Double($0.criteria.count) / Double(perCall)).rounded(.up) }
            callsEach = max(1, needed.reduce(0, +) / Double(max(needed.count, 1)))
        }
        return Int((Double(calls) / callsEach * 1.2).rounded(.up)) + 2
    }

    /// Grades everything.
    ///
    /// - Parameter emit: Takes the lines in the rows' order.
    /// - Throws: What judging and `emit` throw, and `CancellationError`.
    func run(_ emit: (ScoredLine) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: [(Int, ScoredLine)].self) { group in
            var waiting = units.makeIterator()
            for unit in waiting.take(width) { group.addTask { try await grade(unit) } }
            var ready: [Int: ScoredLine] = [:]
            var next = 0
            while let lines = try await group.next() {
                if let unit = waiting.next() { group.addTask { try await grade(unit) } }
                for (place, line) in lines { ready[place] = line }
                while let line = ready.removeValue(forKey: next) {
                    try emit(line)
                    next += 1
                }
            }
        }
    }

    private func grade(_ unit: Unit) async throws -> [(Int, ScoredLine)] {
        let grades: [Grade]
        if grader.judge.needsWholeGroup {
            grades = try await grader.grade(group: unit.rows.map(\.row.response), for: unit.task)
        } else {
            grades = [try await grader.grade(unit.rows[0].row.response, for: unit.task)]
        }
        var lines: [(Int, ScoredLine)] = []
        for ((place, row), grade) in zip(unit.rows, grades) {
            let line = try ScoredLine(id: row.id, method: grader.method, task: unit.task, grade: grade)
            try await record(line)
            lines.append((place, line))
        }
        return lines
    }

    /// Rewards that calls went into are kept with the calls that failed.
    private func record(_ line: ScoredLine) async throws {
        let assessment = line.grade.assessment
        guard assessment.usage.calls > 0 || !assessment.failures.isEmpty else { return }
        try await ledger.record(
            StoredReward(
                subject: line.id,
                method: line.method.name.rawValue,
                reward: line.reward,
                verdicts: .array(line.verdicts.map(\.scoredJSON)),
                failures: assessment.failures
            )
        )
    }
}

extension IteratorProtocol {
    /// Up to `count` elements, which are then behind the iterator; a sequence's `prefix` would leave them before it.
    fileprivate mutating func take(_ count: Int) -> [Element] {
        var elements: [Element] = []
        while elements.count < count, let element = next() { elements.append(element) }
        return elements
    }
}
