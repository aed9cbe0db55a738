// SPDX-License-Identifier: Apache-2.0

/// What commands that need rewards do about criteria whose polarity is undecided.
public enum UndecidedPolarity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Refuse to start.
    case error
    /// Leave the criteria out and say which.
    case dropCriterion = "drop_criterion"

    /// Settles the criteria of undecided polarity before rewards are made.
    ///
    /// A task that loses all its criteria is kept without any, so that it counts as unscored rather than vanishes.
    ///
    /// - Parameters:
    ///   - tasks: The tasks.
    ///   - counts: Whether a criterion counts for the rewards; those that do not are left as they are.
    /// - Returns: The tasks without undecided criteria, and what was dropped.
    /// - Throws: ``UndecidedPolarityError`` when this is ``error`` and a polarity is undecided.
    public func resolve(
        _ tasks: [RubricTask],
        where counts: (Criterion) -> Bool = { _ in true }
    ) throws -> PolarityResolution {
        var resolution = PolarityResolution(tasks: tasks, dropped: [])
        for index in tasks.indices {
            resolution.tasks[index].criteria = Self.decided(
                tasks[index].criteria,
                of: tasks[index].id,
                where: counts,
                dropped: &resolution.dropped
            )
        }
        guard self == .dropCriterion || resolution.dropped.isEmpty else {
            throw UndecidedPolarityError(undecided: resolution.dropped, taskCount: tasks.count)
        }
        return resolution
    }

    private static func decided(
        _ criteria: [Criterion],
        of task: String,
        where counts: (Criterion) -> Bool,
        dropped: inout [PolarityResolution.Dropped]
    ) -> [Criterion] {
        criteria.compactMap { criterion in
            guard criterion.polarity != .undecided || !counts(criterion) else {
                dropped.append(.init(task: task, criterion: criterion.id))
                return nil
            }
            guard !criterion.children.isEmpty else { return criterion }
            var criterion = criterion
            criterion.children = decided(criterion.children, of: task, where: counts, dropped: &dropped)
            return criterion
        }
    }
}

/// Tasks without undecided criteria, and which criteria that cost.
public struct PolarityResolution: Sendable, Hashable {
    /// A criterion that was left out.
    public struct Dropped: Sendable, Hashable {
        /// The task's identifier.
        public var task: String
        /// The criterion's identifier.
        public var criterion: String
    }

    /// The tasks; one that lost all its criteria has none.
    public var tasks: [RubricTask]
    /// What was dropped, in task order.
    public var dropped: [Dropped]

    /// Makes a resolution; by default one that dropped nothing.
    public init(tasks: [RubricTask], dropped: [Dropped] = []) {
        self.tasks = tasks
        self.dropped = dropped
    }
}

/// Criteria have no polarity yet, and rewards need one.
public struct UndecidedPolarityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The criteria, in task order.
    public let undecided: [PolarityResolution.Dropped]
    /// The number of tasks looked at.
    public let taskCount: Int

    /// One line with the number of rows, the first place and the way out.
    public var description: String {
        let rows = undecided.reduce(into: [ExactText]()) { rows, dropped in
            if rows.last != ExactText(dropped.task) { rows.append(ExactText(dropped.task)) }
        }
        let first = undecided.first.map { ", the first is \($0.criterion) of \"\($0.task)\"" } ?? ""
        return "\(rows.count) of \(taskCount) rows have criteria whose polarity is undecided "
            + "(\(undecided.count) criteria\(first)); set \"polarity\" to positive or negative in each, "
            + "or leave them out: data.undecided: drop_criterion in a recipe, --undecided drop_criterion on the command line"
    }
}
