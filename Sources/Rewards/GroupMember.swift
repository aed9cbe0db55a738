// SPDX-License-Identifier: Apache-2.0

/// One completion of a group as it was recorded.
public struct GroupMember: Sendable, Hashable {
    /// The recorded reward; `nil` for an unscored completion.
    public var reward: Double?
    /// What was judged, with the recorded weights; not looked at in an unscored completion.
    public var judged: [JudgedCriterion]
    /// Whether there was nothing to judge: such a completion keeps its method's floor.
    public var completionIsEmpty: Bool

    /// Makes a member.
    public init(reward: Double?, judged: [JudgedCriterion], completionIsEmpty: Bool = false) {
        self.reward = reward
        self.judged = judged
        self.completionIsEmpty = completionIsEmpty
    }
}
