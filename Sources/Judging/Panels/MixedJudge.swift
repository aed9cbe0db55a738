// SPDX-License-Identifier: Apache-2.0

import ChatModels
public import Rubrics

/// Grades criteria with a check by it, and sends the others to another judge.
public struct MixedJudge: Judge {
    /// The other judge's name.
    public var name: String { base.name }
    private let checks: CheckJudge
    private let base: any Judge

    /// Joins checks and a judge of criteria.
    public init(checks: CheckJudge, base: any Judge) {
        self.checks = checks
        self.base = base
    }

    /// Asks the other judge about criteria without a check, and puts the verdicts in the rubric's order.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        let checked = task.keeping { $0.check != nil }
        let open = task.keeping { $0.check == nil }
        guard !checked.criteria.isEmpty else { return try await base.assess(completion, for: task) }
        guard !open.criteria.isEmpty else { return try await checks.assess(completion, for: task) }
        let own = try await checks.assess(completion, for: checked)
        var whole = try await base.assess(completion, for: open)
        whole.verdicts = task.inOrder(own.verdicts + whole.verdicts)
        return whole
    }
}

extension RubricTask {
    /// The task with some of its criteria.
    func keeping(_ isKept: (Criterion) -> Bool) -> RubricTask {
        var task = self
        task.criteria = criteria.filter(isKept)
        return task
    }

    /// Verdicts in the rubric's order.
    func inOrder(_ verdicts: [Verdict]) -> [Verdict] {
        criteria.compactMap { criterion in verdicts.first { $0.criterion.isExactly(criterion.id) } }
    }
}
