// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The checks of one task's criteria, prepared.
struct PreparedChecks: Sendable {
    let criteria: [Criterion]
    let checks: [PreparedCheck]

    init(_ task: RubricTask) throws {
        criteria = task.criteria
        checks = try task.criteria.map { try Self.prepare($0, in: task) }
    }

    static func prepare(_ criterion: Criterion, in task: RubricTask) throws -> PreparedCheck {
        guard let check = criterion.check else { throw missingCheck(of: criterion, in: task, others: 0) }
        do {
            return try PreparedCheck(check)
        } catch let error as JudgingError {
            throw JudgingError(error.code, error.message, task: task.id, criterion: place(of: criterion))
        }
    }

    static func missingCheck(of criterion: Criterion, in task: RubricTask, others: Int) -> JudgingError {
        let more = others == 0 ? "" : " (nor have \(Wording.count(others, "other criterion", "other criteria")))"
        let message = "has no check\(more), and no other judge can grade it; add a \"check\""
        return JudgingError(.missingCheck, message, task: task.id, criterion: place(of: criterion))
    }

    private static func place(of criterion: Criterion) -> String {
        criterion.title.isEmpty ? criterion.id : "\(criterion.id) (\(criterion.title))"
    }
}
