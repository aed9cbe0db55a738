// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rewards
import Rubrics

/// Rows of a rubric file, made ready for a method before any call is made.
struct PreparedTasks: Sendable {
    /// The rows as their file has them, without criteria of undecided polarity.
    let originals: [RubricTask]
    /// The rows as the method judges them, in the same order.
    let tasks: [RubricTask]
    /// What the reader should know.
    let notes: [String]

    /// Prepares the rows that are needed.
    ///
    /// - Parameters:
    ///   - file: The rows.
    ///   - path: Their file, for errors.
    ///   - isNeeded: Tells the rows that are graded; the others may be unfit.
    ///   - undecided: What to do about criteria of undecided polarity.
    ///   - settings: How they are graded.
    /// - Throws: ``CommandFailure`` naming the file and the row that can have no reward.
    init(
        _ file: RubricFile,
        path: String,
        where isNeeded: (RubricTask) -> Bool,
        undecided: UndecidedPolarity,
        settings: GradingSettings
    ) throws {
        let method = settings.method
        var notes = file.notes
        do {
            let resolution = try undecided.resolve(file.tasks.filter(isNeeded), where: method.counts)
            if let note = resolution.note { notes.append(note) }
            originals = resolution.tasks
            tasks = originals.map(method.prepared)
            try method.validate(tasks)
            try JudgeComposition.validate(settings, tasks: tasks.map(method.judgedTask))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
        self.notes = notes
    }
}

extension PolarityResolution {
    /// Says how many criteria were dropped; `nil` for none.
    var note: String? {
        dropped.isEmpty ? nil : "\(dropped.count) criteria are left out: nobody decided their polarity"
    }
}

extension RubricFile {
    /// Reads a file.
    ///
    /// - Throws: ``CommandFailure`` when there is none, `DocumentError` at the first thing that is wrong.
    init(at path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path) cannot be read: name a file of rubric rows")
        }
        try self.init(reading: Array(data), file: path)
    }
}
