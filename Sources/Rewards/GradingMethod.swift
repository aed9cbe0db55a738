// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// A way to grade: what a judge is asked, about which criteria, and what its answers are worth.
public struct GradingMethod: Sendable, Hashable {
    /// The methods by name.
    public enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        /// Each criterion decided, summed by weight (equation 1).
        case rarExplicit = "rar-explicit"
        /// One rating given the whole rubric (equation 2).
        case rarImplicit = "rar-implicit"
        /// One rating given the prompt alone (v1: Simple-Likert).
        case directLikert = "direct-likert"
        /// One rating given the reference answer.
        case referenceLikert = "reference-likert"
        /// Four generic criteria, weighing alike (RaR-Predefined).
        case predefined
        /// The checks of a row, or its reference answer as the final answer; no judge is asked.
        case rlvr
        /// Better than the reference answer, as good, or worse.
        case pairwise
        /// The rank in the group.
        case listwise
        /// What a program of the user's says.
        case command
    }

    /// The method's name.
    public var name: Name
    /// What a judge is asked.
    public var question: JudgeQuestion
    /// What its answers are worth.
    public var reward: RewardMethod

    /// Makes a method.
    ///
    /// - Parameters:
    ///   - settings: How verdicts or ratings become rewards.
    ///   - criteriaPerCall: How many criteria one call asks about; 0 for all.
    public init(_ settings: RewardSettings, criteriaPerCall: Int) {
        let perCall = criteriaPerCall == 0 ? Int.max : criteriaPerCall
        name = settings.method
        switch settings.method {
        case .rarExplicit:
            (question, reward) = (.criteria(perCall: perCall), .explicit(settings.explicit))
        case .predefined, .rlvr:
            var uniform = settings.explicit
            uniform.weighting = .uniform
            (question, reward) = (.criteria(perCall: perCall), .explicit(uniform))
        case .rarImplicit: (question, reward) = (.rating(.rubric), .rating(settings.rating))
        case .directLikert: (question, reward) = (.rating(.prompt), .rating(settings.rating))
        case .referenceLikert: (question, reward) = (.rating(.reference), .rating(settings.rating))
        case .pairwise: (question, reward) = (.comparison, .rating(RatingReward(normalization: nil)))
        case .command: (question, reward) = (.rating(.prompt), .rating(RatingReward(normalization: nil)))
        case .listwise: (question, reward) = (.ranking, .rating(RatingReward(normalization: nil)))
        }
    }

    /// Whether the method's reward goes by a criterion of a row's own rubric, so that its polarity has to be decided.
    public func counts(_ criterion: Criterion) -> Bool {
        switch name {
        case .rarExplicit, .rarImplicit: true
        case .rlvr: criterion.check != nil
        case .directLikert, .referenceLikert, .predefined, .pairwise, .listwise, .command: false
        }
    }

    /// A task as the method judges it: with the criteria that it asks about.
    public func prepared(_ task: RubricTask) -> RubricTask {
        var task = task
        switch name {
        case .predefined: task.criteria = GenericRubric.predefined
        case .rlvr:
            let checked = task.criteria.filter { $0.check != nil }
            task.criteria = checked.isEmpty ? task.referenceAnswer.map(GenericRubric.verifiable) ?? [] : checked
        case .directLikert, .referenceLikert, .pairwise: task.criteria = []
        case .rarExplicit, .rarImplicit, .listwise, .command: break
        }
        return task
    }

    /// A prepared task as a judge sees it: with a tree's leaves where the method sums over a tree.
    public func judgedTask(for task: RubricTask) -> RubricTask {
        if case .explicit(let reward) = reward { reward.judgedTask(for: task) } else { task }
    }

    /// Why a prepared task can have no reward by the method: it has no reference answer to compare with.
    public func obstacle(of task: RubricTask) -> UnscoredReason? {
        guard question.needsReference && task.referenceAnswer == nil || name == .rlvr && task.criteria.isEmpty else {
            return nil
        }
        let lacks = name == .rlvr ? "neither a \"check\" nor a \"reference_answer\"" : "no \"reference_answer\""
        return UnscoredReason(reason: "no_reference", detail: "the task has \(lacks), which \(name.rawValue) needs")
    }

    /// Makes sure that every prepared task can have a reward, before any work starts.
    ///
    /// - Throws: ``RewardError`` naming the first task that cannot, and the remedy.
    public func validate(_ tasks: [RubricTask]) throws {
        for task in tasks {
            guard let obstacle = obstacle(of: task) else { continue }
            let message = "\(obstacle.detail): add one, or choose another method"
            throw RewardError(.missingReference, message, task: task.id)
        }
        try reward.validate(tasks)
    }
}
