// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What commands that need rewards do with criteria of undecided polarity.
public enum UndecidedPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// They are an error, which says how many rows have them.
    case error
    /// They leave their rubric, its weight included.
    case dropCriterion = "drop_criterion"

    /// A criterion that left its rubric.
    public struct Dropped: Sendable, Hashable {
        /// The task's identifier.
        public var task: String
        /// The criterion's identifier.
        public var criterion: String
    }

    /// Tasks whose every criterion has a polarity.
    ///
    /// - Returns: The tasks, in order, and what was dropped, for the report. A task that lost all its criteria stays;
    ///   its samples are unscored.
    /// - Throws: ``RewardError`` under ``error``, naming the first criterion, how many rows there are, and the way out.
    public func settled(_ tasks: [RubricTask]) throws -> (tasks: [RubricTask], dropped: [Dropped]) {
        let undecided = tasks.filter { $0.criteria.contains(where: \.isUndecided) }
        if self == .error, let task = undecided.first, let criterion = task.criteria.first(where: \.isUndecided) {
            let rows = undecided.count == 1 ? "1 row has" : "\(undecided.count) rows have"
            let remedy = "decide it, or set undecided: drop_criterion"
            let message = "its polarity is undecided (\(rows) such criteria); \(remedy)"
            throw RewardError(.undecidedPolarity, message, task: task.id, criterion)
        }
        let dropped = undecided.flatMap { task in
            task.criteria.filter(\.isUndecided).map { Dropped(task: task.id, criterion: $0.id) }
        }
        let settled = tasks.map { task in
            var task = task
            task.criteria.removeAll(where: \.isUndecided)
            return task
        }
        return (settled, dropped)
    }
}

extension Criterion {
    fileprivate var isUndecided: Bool { polarity == .undecided }
}
