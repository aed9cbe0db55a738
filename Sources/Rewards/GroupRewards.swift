// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Pure functions over what was judged of a group's members.
public enum GroupRewards {
    /// The addition to a deviation, so that nearly equal values do not explode; as in advantages.
    static let deviationFloor = 1e-4

    /// Rewards whose criteria are normalized over the group before they are summed, as GDPO (arXiv 2601.05242) does
    /// with reward components: a criterion that most members meet then counts as much as one that few do.
    ///
    /// Each criterion's credits (1 or 0), over the members for which it was judged, are centered and divided by their
    /// Bessel-corrected deviation + 1e-4; where all are equal they become exactly 0. A member's value is the weighted
    /// mean of its own. Where everything was judged the values sum to 0.
    ///
    /// - Parameter group: For each member its judged criteria, told apart by identifier; none for one without a reward.
    /// - Returns: For each member its value; `nil` where nothing that weighs anything was judged.
    public static func normalized(_ group: [[JudgedCriterion]]) -> [Double?] {
        var columns: [ExactText: Column] = [:]
        for criterion in group.joined() {
            columns[ExactText(criterion.id), default: Column()].add(criterion.isCredited)
        }
        return group.map { member in
            let weight = member.weight
            guard weight > 0 else { return nil }
            let sum = member.reduce(0) { sum, criterion in
                sum + criterion.weight * (columns[ExactText(criterion.id)]?.normalized(criterion.isCredited) ?? 0)
            }
            return sum / weight
        }
    }

    /// One criterion over the group.
    private struct Column {
        private var credited = 0.0
        private var count = 0.0

        mutating func add(_ isCredited: Bool) {
            credited += isCredited ? 1 : 0
            count += 1
        }

        func normalized(_ isCredited: Bool) -> Double {
            guard credited > 0, credited < count else { return 0 }
            let mean = credited / count
            // Σ(x − mean)² of a binary column is count · mean · (1 − mean).
            let deviation = (count * mean * (1 - mean) / (count - 1)).squareRoot()
            return ((isCredited ? 1 : 0) - mean) / (deviation + GroupRewards.deviationFloor)
        }
    }
}
