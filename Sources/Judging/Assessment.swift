// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Rubrics

/// What a judge said of one completion against one rubric.
public struct Assessment: Sendable, Hashable {
    /// One verdict for each criterion, in the rubric's order.
    public var verdicts: [Verdict]
    /// What the calls cost; zero where nothing was called.
    public var usage: TokenUsage
    /// Whether there was nothing to judge: such a completion costs no call and gets a reward method's floor.
    public var completionIsEmpty: Bool

    /// Makes an assessment.
    public init(verdicts: [Verdict], usage: TokenUsage = .zero, completionIsEmpty: Bool = false) {
        self.verdicts = verdicts
        self.usage = usage
        self.completionIsEmpty = completionIsEmpty
    }

    /// The assessment of a completion that is empty after trimming and removing thinking: nothing met, no call made.
    public static func empty(for task: RubricTask, judge: String) -> Assessment {
        let verdicts = task.criteria.map {
            Verdict(criterion: $0.id, outcome: .unmet, reason: "the completion is empty", judge: judge)
        }
        return Assessment(verdicts: verdicts, completionIsEmpty: true)
    }
}
