// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// What attacks are compared with.
enum HonestAnswers {
    /// A row's plain answer, else its reference answer.
    case best
    /// Rows' plain answers.
    case plain
    /// Rows' reference answers.
    case reference
    /// Responses of a file.
    case file(String)

    /// Reads what a user wrote; `nil` for nothing.
    init(_ argument: String?) {
        switch argument {
        case nil: self = .best
        case "plain": self = .plain
        case "reference": self = .reference
        case let path?: self = .file(path)
        }
    }

    /// One answer for each task.
    ///
    /// - Parameters:
    ///   - tasks: The tasks.
    ///   - rubrics: Their file, for errors.
    /// - Returns: The answers, in the order of the tasks.
    /// - Throws: ``CommandFailure`` naming the first task without one, `DocumentError`.
    func answers(for tasks: [RubricTask], rubrics: String) throws -> [String] {
        switch self {
        case .best:
            return try Self.answers(of: tasks, lacking: "neither \"plain_answer\" nor \"reference_answer\"", rubrics) {
                $0.plainAnswer ?? $0.referenceAnswer
            }
        case .plain: return try Self.answers(of: tasks, lacking: "no \"plain_answer\"", rubrics, \.plainAnswer)
        case .reference:
            return try Self.answers(of: tasks, lacking: "no \"reference_answer\"", rubrics, \.referenceAnswer)
        case .file(let path):
            let rows = try Self.responses(at: path)
            return try tasks.map { task in
                guard let row = rows.first(where: { $0.task.isExactly(task.id) }) else {
                    throw CommandFailure("\(path) has no answer for task \(task.id): write a line with that \"id\"")
                }
                return row.response
            }
        }
    }

    private static func answers(
        of tasks: [RubricTask],
        lacking: String,
        _ rubrics: String,
        _ answer: (RubricTask) -> String?
    ) throws -> [String] {
        try tasks.map { task in
            guard let text = answer(task) else {
                throw CommandFailure(
                    "\(rubrics): task \(task.id) has \(lacking) to compare attacks with: add one, or name a file of "
                        + "honest answers with --against"
                )
            }
            return text
        }
    }

    private static func responses(at path: String) throws -> [ResponseRow] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("--against \(path) cannot be read: write plain, reference, or a file of responses")
        }
        return try ResponseFile.rows(in: Array(data), file: path)
    }
}
