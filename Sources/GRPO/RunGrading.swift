// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Judging
public import Rewards

/// Who grades a run's completions, and what is kept of it besides the rollouts.
public struct RunGrading: Sendable {
    /// Keeps the calls that failed in the end for a subject: ``Runs/RolloutRecord/subject`` or
    /// ``Runs/HeldOutRecord/subject``.
    public typealias KeepFailures =
        @Sendable (_ subject: String, _ failures: [CallKey: ChatModelError]) async throws -> Void

    /// What is asked, who is asked, and what answers are worth.
    public var grader: Grader
    /// Told when a step begins.
    public var beginStep: @Sendable () -> Void
    /// Keeps the calls that failed, so that a replay can fail in the same way.
    public var keepFailures: KeepFailures

    /// Makes a grading.
    public init(
        _ grader: Grader,
        beginStep: @escaping @Sendable () -> Void = {},
        keepFailures: @escaping KeepFailures = { _, _ in }
    ) {
        self.grader = grader
        self.beginStep = beginStep
        self.keepFailures = keepFailures
    }

    /// Grading by a recipe's method and one judge, of which nothing is kept.
    public init(_ judge: any Judge, recipe: TrainingRecipe) {
        self.init(Grader(recipe.grading.method, judge: judge, contentFailures: recipe.reward.contentFailures))
    }
}
