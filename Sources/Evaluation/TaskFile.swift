// SPDX-License-Identifier: Apache-2.0

import Foundation
public import Rewards
public import Rubrics

/// The tasks of a rubric file, read and made ready for a reward method; every error names the file.
public struct TaskFile: Sendable {
    /// The file.
    public let path: String
    /// The tasks as the method judges them, without criteria of undecided polarity.
    public let tasks: [RubricTask]
    /// What the reader should know: what was assumed in irregular rows, and which criteria were dropped.
    public let notes: [String]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - tags: What a row has to be tagged with to be read; nothing for all rows.
    ///   - undecided: What to do about criteria whose polarity is undecided.
    ///   - method: The method that every task must be able to have a reward by.
    /// - Throws: `DocumentError` for what cannot be read, ``TaskFileError`` for what gives no reward.
    public init(
        _ path: String,
        tags: [String] = [],
        undecided: UndecidedPolarity,
        method: GradingMethod
    ) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TaskFileError(path: path, message: "cannot be read: name a file of rubric rows")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TaskFileError(path: path, message: "is not UTF-8: save it as UTF-8")
        }
        let rows = try RubricFile(reading: text, file: path)
        let chosen = try rows.tasks.tagged(tags, path: path)
        do {
            let resolution = try undecided.resolve(chosen, where: method.counts)
            tasks = resolution.tasks.map(method.prepared)
            try method.validate(tasks)
            notes =
                rows.notes
                + resolution.dropped.map {
                    "\(path): dropped \($0.criterion) of \($0.task), whose polarity is undecided"
                }
        } catch {
            throw TaskFileError(path: path, message: "\(error)")
        }
        self.path = path
    }

    /// Runs a check of the tasks; its errors name the file.
    ///
    /// - Parameter check: Throws for a task that cannot be used.
    /// - Throws: ``TaskFileError``.
    public func validate(_ check: ([RubricTask]) throws -> Void) throws {
        do {
            try check(tasks)
        } catch {
            throw TaskFileError(path: path, message: "\(error)")
        }
    }
}

extension [RubricTask] {
    /// The rows that have all of some tags.
    fileprivate func tagged(_ tags: [String], path: String) throws -> [RubricTask] {
        let chosen = filter { task in tags.allSatisfy { tag in task.tags.contains { $0.isExactly(tag) } } }
        if chosen.isEmpty {
            let list = tags.joined(separator: ", ")
            throw TaskFileError(path: path, message: "no row is tagged \(list): name other tags, or none")
        }
        return chosen
    }
}

/// Why a rubric file cannot be used.
public struct TaskFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// The row, what is wrong and the remedy.
    public var message: String

    /// One line.
    public var description: String { "\(path): \(message)" }
}
