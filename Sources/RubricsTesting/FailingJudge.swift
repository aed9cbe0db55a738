// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// A judge that never answers: every criterion is unjudged.
public struct FailingJudge: Judge {
    /// The name that verdicts carry.
    public let name: String
    private let failure: JudgeFailure

    /// Makes a judge that fails with `cause`.
    public init(name: String = "failing", cause: JudgeFailure.Cause = .serverError, detail: String = "injected") {
        self.name = name
        failure = JudgeFailure(cause: cause, detail: detail)
    }

    /// Answers that every criterion is unjudged.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try Task.checkCancellation()
        if Thinking.standard.leavesNothing(of: completion) { return .empty(for: task, judge: name) }
        let verdicts = task.criteria.map {
            Verdict(criterion: $0.id, outcome: .unjudged(failure), reason: "", judge: name)
        }
        return Assessment(verdicts: verdicts)
    }
}
