// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A criterion's verdict with what the reward made of it.
struct WeighedVerdict {
    var criterion: Criterion
    var credit: Credit
    var outcome: Verdict.Outcome

    var judged: JudgedCriterion? {
        credit.credited.map {
            JudgedCriterion(
                id: criterion.id,
                polarity: criterion.polarity,
                importance: criterion.importance,
                weight: credit.weight,
                isCredited: $0
            )
        }
    }
}

extension ExplicitReward {
    /// The reward of a completion that says nothing: 0, whatever pitfalls it avoids by that.
    func floor(of items: [WeighedVerdict]) -> RewardOutcome {
        let credits = items.map { Credit(criterion: $0.credit.criterion, weight: $0.credit.weight, credited: false) }
        return .scored(Reward(value: 0, coverage: 1, credits: credits))
    }

    func outcome(of items: [WeighedVerdict], tree: CriteriaTree?) -> RewardOutcome {
        let credits = items.map(\.credit)
        let judged = items.compactMap(\.judged)
        let coverage = judged.weight / items.reduce(0) { $0 + $1.credit.weight }
        // Sums of decimal weights are not exact in binary; a share of exactly the minimum is enough.
        let value = if let tree { tree.value(of: credits.map(\.credited)) } else { value(of: judged) }
        guard coverage >= minimumJudgedWeight - 1e-9, let value else {
            return .unscored(reason(for: items, coverage: coverage))
        }
        return .scored(Reward(value: value, coverage: coverage, credits: credits))
    }

    /// The cause that cost most weight; `incomplete` when every criterion had a verdict.
    private func reason(for items: [WeighedVerdict], coverage: Double) -> UnscoredReason {
        var weights: [JudgeFailure.Cause: Double] = [:]
        var failures: [JudgeFailure.Cause: (criteria: [String], first: String)] = [:]
        for item in items {
            guard item.credit.credited == nil, case .unjudged(let failure) = item.outcome else { continue }
            weights[failure.cause, default: 0] += item.credit.weight
            failures[failure.cause, default: ([], failure.detail)].criteria.append(item.credit.criterion)
        }
        let details = JudgeFailure.Cause.allCases.compactMap { cause in
            failures[cause].map { "\($0.criteria.joined(separator: ", ")): \(cause.rawValue): \($0.first)" }
        }
        let most = weights.values.max()
        let cause = JudgeFailure.Cause.allCases.first { weights[$0] != nil && weights[$0] == most } ?? .incomplete
        let judged = "\(percent(coverage)) of the rubric's weight was judged, \(percent(minimumJudgedWeight)) is needed"
        return UnscoredReason(reason: cause.rawValue, detail: ([judged] + details).joined(separator: "; "))
    }

    private func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded()))%"
    }
}

extension Verdict.Outcome {
    var isUnjudged: Bool {
        if case .unjudged = self { true } else { false }
    }
}
