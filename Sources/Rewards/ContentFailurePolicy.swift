// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// What training makes of criteria whose judging a completion broke: by text that judges refuse, filter or choke on.
public enum ContentFailurePolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// Such a criterion is not credited, so that breaking the judge never pays.
    case notCredited = "not_credited"
    /// It stays unjudged like a failure in transport.
    case exclude

    /// The failures in a group that the completions themselves caused.
    ///
    /// A content-bound failure is the completion's when a second attempt or judge failed too, or when the same criterion
    /// was judged for at least half of the group's other completions. A group of one has no others; empty completions,
    /// which no judge is asked about, are none of them.
    ///
    /// - Parameter group: The assessments of one task's completions.
    /// - Returns: For each assessment the identifiers of its criteria to be counted as not credited.
    public func attributed(in group: [Assessment]) -> [Set<String>] {
        guard self == .notCredited else { return group.map { _ in [] } }
        let asked = group.filter { !$0.completionIsEmpty }
        var judged: [ExactText: Int] = [:]
        for verdict in asked.flatMap(\.verdicts) where !verdict.outcome.isUnjudged {
            judged[ExactText(verdict.criterion), default: 0] += 1
        }
        return group.map { assessment in
            let broken = assessment.verdicts.filter { verdict in
                guard case .unjudged(let failure) = verdict.outcome else { return false }
                return failure.isAttributed(judged: judged[ExactText(verdict.criterion), default: 0], of: asked.count)
            }
            return Set(broken.map(\.criterion))
        }
    }

    /// Which completions of a group caused their own failed ratings; such a rating counts as the lowest.
    public func attributedRatings(in group: [Assessment]) -> [Bool] {
        guard self == .notCredited else { return group.map { _ in false } }
        let asked = group.filter { !$0.completionIsEmpty }
        let rated = asked.count { $0.rating?.value != nil }
        return group.map { $0.rating?.failure?.isAttributed(judged: rated, of: asked.count) ?? false }
    }
}

extension JudgeFailure {
    /// Whether the completion caused the failure, in a group of `size` of which `judged` got an answer to the question.
    fileprivate func isAttributed(judged: Int, of size: Int) -> Bool {
        cause.isContentBound && (isConfirmed || size > 1 && 2 * judged >= size - 1)
    }
}

extension ExplicitReward {
    /// The rewards of a group in training: content-bound failures that completions caused count against them.
    ///
    /// - Throws: ``RewardError`` as ``outcome(of:for:policyAttributed:)`` does.
    public func outcomes(
        of group: [Assessment],
        for task: RubricTask,
        contentFailures: ContentFailurePolicy = .notCredited
    ) throws -> [RewardOutcome] {
        try zip(group, contentFailures.attributed(in: group)).map { assessment, attributed in
            try outcome(of: assessment, for: task, policyAttributed: attributed)
        }
    }
}
