// SPDX-License-Identifier: Apache-2.0

extension RubricTask {
    /// The task with the polarity of its undecided criteria decided by rules, as far as they tell.
    ///
    /// The ground and the confidence are stored with each criterion that was undecided, children included. A polarity
    /// that is there is kept, whoever set it.
    ///
    /// - Returns: The task.
    package func decidingPolarity() -> RubricTask {
        guard !undecidedCriteria.isEmpty else { return self }
        let rules = PolarityRules(self)
        return decidingPolarity { rules.decision(on: $0) }
    }

    /// The task with the polarity of its undecided criteria decided.
    ///
    /// - Parameter decision: Decides about a criterion; called in the order of ``undecidedCriteria``.
    /// - Returns: The task; decided criteria are as they were.
    package func decidingPolarity(by decision: (Criterion) throws -> PolarityDecision) rethrows -> RubricTask {
        var task = self
        task.criteria = try criteria.map { try $0.decidingPolarity(by: decision) }
        return task
    }

    /// The criteria of undecided polarity, each before its children.
    package var undecidedCriteria: [Criterion] {
        criteria.flatMap(\.withDescendants).filter { $0.polarity == .undecided }
    }
}

extension Criterion {
    fileprivate var withDescendants: [Criterion] { [self] + children.flatMap(\.withDescendants) }

    fileprivate func decidingPolarity(by decision: (Criterion) throws -> PolarityDecision) rethrows -> Criterion {
        var criterion = self
        if polarity == .undecided {
            let decided = try decision(self)
            criterion.polarity = decided.polarity
            criterion.polarityGround = decided.ground
            criterion.polarityConfidence = decided.polarity == .undecided ? nil : decided.confidence
        }
        criterion.children = try children.map { try $0.decidingPolarity(by: decision) }
        return criterion
    }
}
