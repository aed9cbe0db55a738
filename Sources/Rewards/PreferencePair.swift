// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Two judged completions of one task, of which somebody preferred one.
public struct PreferencePair: Sendable, Hashable {
    /// The task's identifier; pairs of one task are held out together.
    public var task: String
    /// What was judged of the preferred completion; weights are not looked at.
    public var chosen: [JudgedCriterion]
    /// What was judged of the other.
    public var rejected: [JudgedCriterion]

    /// Makes a pair.
    public init(task: String, chosen: [JudgedCriterion], rejected: [JudgedCriterion]) {
        self.task = task
        self.chosen = chosen
        self.rejected = rejected
    }

    /// For each importance, the credited criteria of that class as a share of all judged ones, chosen minus rejected;
    /// `nil` when a side was not judged or a criterion has no class.
    ///
    /// The share is of *all* judged criteria, so that a weight means what it means in a reward: what one criterion of
    /// the class adds.
    var features: [Double]? {
        guard let chosen = Self.shares(of: chosen), let rejected = Self.shares(of: rejected) else { return nil }
        return zip(chosen, rejected).map { $0 - $1 }
    }

    private static func shares(of judged: [JudgedCriterion]) -> [Double]? {
        guard !judged.isEmpty, judged.allSatisfy({ $0.importance != nil }) else { return nil }
        return Importance.allCases.map { importance in
            Double(judged.count { $0.importance == importance && $0.isCredited }) / Double(judged.count)
        }
    }
}
