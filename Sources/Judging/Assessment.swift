// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Rubrics

/// What a judge said of one completion: verdicts on the rubric's criteria, or one rating.
public struct Assessment: Sendable, Hashable {
    /// One verdict for each criterion, in the rubric's order; none from a judge that rates.
    public var verdicts: [Verdict]
    /// The rating of a judge that rates.
    public var rating: Rating?
    /// What the calls came to; zero where nothing was called.
    public var usage: CallUsage
    /// The calls that failed in the end, so that a replay can fail in the same way.
    public var failures: [CallKey: ChatModelError]
    /// Whether there was nothing to judge: such a completion costs no call and gets a reward method's floor.
    public var completionIsEmpty: Bool

    /// Makes an assessment.
    public init(
        verdicts: [Verdict] = [],
        rating: Rating? = nil,
        usage: CallUsage = .zero,
        failures: [CallKey: ChatModelError] = [:],
        completionIsEmpty: Bool = false
    ) {
        self.verdicts = verdicts
        self.rating = rating
        self.usage = usage
        self.failures = failures
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
