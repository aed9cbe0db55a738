// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// Grades completions: a judge and what its answers are worth.
public struct Grader: Sendable {
    /// What is asked and what answers are worth.
    public let method: GradingMethod
    /// Who is asked.
    public let judge: any Judge
    /// What failures that completions themselves caused do in training.
    public let contentFailures: ContentFailurePolicy

    /// Makes a grader.
    public init(_ method: GradingMethod, judge: any Judge, contentFailures: ContentFailurePolicy = .notCredited) {
        self.method = method
        self.judge = judge
        self.contentFailures = contentFailures
    }

    /// Grades one completion by itself.
    ///
    /// - Parameters:
    ///   - completion: The completion.
    ///   - task: Its task, as ``GradingMethod/prepared(_:)`` gives it.
    /// - Returns: What was found and what it is worth.
    /// - Throws: What judging throws, and ``RewardError``.
    public func grade(_ completion: String, for task: RubricTask) async throws -> Grade {
        if let obstacle = method.obstacle(of: task) {
            return Grade(assessment: Assessment(), outcome: .unscored(obstacle))
        }
        let assessment = try await judge.assess(completion, for: method.judgedTask(for: task))
        return Grade(assessment: assessment, outcome: try method.reward.outcome(of: assessment, for: task))
    }

    /// Grades the completions of one prompt, which are judged against one another where the method asks for it.
    ///
    /// - Returns: One grade for each, in order.
    /// - Throws: What judging throws, and ``RewardError``.
    public func grade(group: [String], for task: RubricTask) async throws -> [Grade] {
        if let obstacle = method.obstacle(of: task) {
            return group.map { _ in Grade(assessment: Assessment(), outcome: .unscored(obstacle)) }
        }
        return try await judge.assess(group: group, for: method.judgedTask(for: task)).map { assessment in
            Grade(assessment: assessment, outcome: try method.reward.outcome(of: assessment, for: task))
        }
    }
}

/// An assessment and what it is worth.
public struct Grade: Sendable, Hashable {
    /// What was found.
    public var assessment: Assessment
    /// The reward, or why there is none.
    public var outcome: RewardOutcome

    /// Makes a grade.
    public init(assessment: Assessment, outcome: RewardOutcome) {
        self.assessment = assessment
        self.outcome = outcome
    }
}
