// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rewards
import Rubrics

/// Responses joined to their tasks, read and checked before any call is made.
struct JudgedRows: Sendable {
    /// The responses.
    let rows: [ResponseRow]
    /// Each response's task, as the method judges it.
    let tasks: [RubricTask]
    /// What the reader should know.
    let notes: [String]

    /// Each task once.
    var distinctTasks: [RubricTask] {
        var seen: Set<ExactText> = []
        return tasks.filter { seen.insert(ExactText($0.id)).inserted }
    }

    init(
        _ path: String,
        rubrics: String?,
        limit: Int?,
        undecided: UndecidedPolarity,
        settings: GradingSettings
    ) throws {
        let all = try ResponseFile.rows(in: Self.bytes(of: path, what: "responses"), file: path)
        rows = Array(all.prefix(limit ?? .max))
        guard !rows.isEmpty else { throw CommandFailure("\(path) holds no responses: write one a line") }
        var known: [ExactText: RubricTask] = [:]
        var notes: [String] = []
        if let rubrics {
            let file = try RubricFile(reading: Self.text(of: rubrics), file: rubrics)
            for task in file.tasks { known[ExactText(task.id)] = task }
            notes = file.notes
        }
        let joined = try rows.map { row in
            guard let task = row.ownTask ?? known[ExactText(row.task)] else { throw Self.missing(row, path, rubrics) }
            return task
        }
        let method = settings.method
        let resolution = try undecided.resolve(joined, where: method.counts)
        if let note = resolution.note { notes.append(note) }
        tasks = resolution.tasks.map(method.prepared)
        self.notes = notes
        try method.reward.validate(tasks)
        try JudgeComposition.validate(settings, tasks: distinctTasks.map(method.judgedTask))
    }

    private static func missing(_ row: ResponseRow, _ path: String, _ rubrics: String?) -> CommandFailure {
        guard let rubrics else {
            return CommandFailure(
                "\(path): the response \(row.id) has no prompt of its own: name its rubrics with --rubrics"
            )
        }
        return CommandFailure(
            "\(path): the response \(row.id) belongs to task \(row.task), which \(rubrics) does not have"
        )
    }

    private static func bytes(of path: String, what: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path) cannot be read: name a file of \(what)")
        }
        return Array(data)
    }

    private static func text(of path: String) throws -> String {
        guard let text = String(validating: try bytes(of: path, what: "rubric rows"), as: UTF8.self) else {
            throw CommandFailure("\(path) is not UTF-8: save it as UTF-8")
        }
        return text
    }
}
