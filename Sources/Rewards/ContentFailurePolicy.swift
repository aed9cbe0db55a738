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
    /// A content-bound failure is the completion's when the same criterion was judged for at least half of the group's
    /// other completions; so a judge that refuses a *criterion* costs nobody anything. A group of one has no others.
    ///
    /// - Parameter group: The assessments of one task's completions.
    /// - Returns: For each assessment the identifiers of its criteria to be counted as not credited.
    public func attributed(in group: [Assessment]) -> [Set<String>] {
        guard self == .notCredited, group.count > 1 else { return group.map { _ in [] } }
        var judged: [ExactText: Int] = [:]
        for verdict in group.flatMap(\.verdicts) where !verdict.outcome.isUnjudged {
            judged[ExactText(verdict.criterion), default: 0] += 1
        }
        return group.map { assessment in
            let broken = assessment.verdicts.filter { verdict in
                verdict.outcome.isContentFailure
                    && 2 * judged[ExactText(verdict.criterion), default: 0] >= group.count - 1
            }
            return Set(broken.map(\.criterion))
        }
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

extension Verdict.Outcome {
    /// Whether there is no answer because of what the completion says, not because of a connection or an account.
    var isContentFailure: Bool {
        guard case .unjudged(let failure) = self else { return false }
        switch failure.cause {
        case .refusal, .contentFilter, .contextOverflow, .malformed: return true
        case .timeout, .connection, .rateLimited, .serverError, .auth, .quota, .budget, .incomplete, .cancelled:
            return false
        }
    }
}
