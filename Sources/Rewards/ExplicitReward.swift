// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// RaR-Explicit (equation 1 of the paper): the weighted share of a rubric's criteria that a completion is credited for.
///
/// With `credit` the reward is Σ|w|·credited / Σ|w|. With `penalty` it is (Σ₊ w·credited − Σ₋ |w|·(1 − credited)) / Σ₊ w,
/// clipped to [0, 1] unless `clip` is off; a rubric with nothing positive falls back on `credit`. All sums run over the
/// criteria that were judged.
public struct ExplicitReward: Sendable, Hashable {
    /// How much each criterion weighs.
    public var weighting: Weighting
    /// What negative criteria do.
    public var negative: NegativeTreatment
    /// What `cannot assess` does.
    public var cannotAssess: CannotAssessPolicy
    /// The least share of the rubric's weight that must have been judged for a reward, in [0, 1].
    public var minimumJudgedWeight: Double
    /// Whether `penalty` ends at 0; `credit` never leaves [0, 1].
    public var clip: Bool

    /// Makes a method; the defaults are the paper's.
    public init(
        weighting: Weighting = .categorical,
        negative: NegativeTreatment = .credit,
        cannotAssess: CannotAssessPolicy = .notCredited,
        minimumJudgedWeight: Double = 0.75,
        clip: Bool = true
    ) {
        self.weighting = weighting
        self.negative = negative
        self.cannotAssess = cannotAssess
        self.minimumJudgedWeight = minimumJudgedWeight
        self.clip = clip
    }

    /// The rewards this method can give.
    public var range: ClosedRange<Double> {
        negative == .penalty && !clip ? -.infinity...1 : 0...1
    }

    /// Makes sure that every task can have a reward, before any work starts.
    ///
    /// - Throws: ``RewardError`` naming the first task and criterion that cannot.
    public func validate(_ tasks: [RubricTask]) throws {
        for task in tasks { _ = try weights(of: task) }
    }

    /// The reward of one assessment, or why there is none. A pure function.
    ///
    /// - Parameters:
    ///   - assessment: One verdict for each criterion, in order.
    ///   - task: The rubric.
    ///   - attributed: The criteria whose failed judging is the policy's doing (``ContentFailurePolicy``): judged, not
    ///     credited.
    /// - Returns: The reward with its coverage and credits; or, when less than ``minimumJudgedWeight`` of the weight
    ///   was judged, the failure that cost most weight.
    /// - Throws: ``RewardError`` when the rubric, the verdicts or a setting make a reward impossible.
    public func outcome(
        of assessment: Assessment,
        for task: RubricTask,
        policyAttributed attributed: Set<String> = []
    ) throws -> RewardOutcome {
        let weights = try weights(of: task)
        try match(assessment.verdicts, with: task)
        guard !task.criteria.isEmpty else {
            let detail = "dropping criteria of undecided polarity left none"
            return .unscored(UnscoredReason(reason: "undecided_polarity", detail: detail))
        }
        let items = task.criteria.indices.map { index in
            let (criterion, outcome) = (task.criteria[index], assessment.verdicts[index].outcome)
            let isAttributed = outcome.isUnjudged && attributed.contains(criterion.id)
            let credited = isAttributed ? false : credited(outcome, polarity: criterion.polarity)
            let credit = Credit(criterion: criterion.id, weight: weights[index], credited: credited)
            return Item(polarity: criterion.polarity, credit: credit, outcome: outcome)
        }
        return assessment.completionIsEmpty ? floor(of: items) : outcome(of: items)
    }

    /// The reward that judged criteria come to; `nil` when their weight is 0.
    public func value(of judged: [JudgedCriterion]) -> Double? {
        let weight = judged.weight
        guard weight > 0 else { return nil }
        let positive = judged.filter { $0.polarity == .positive }
        guard negative == .penalty, positive.weight > 0 else { return judged.filter(\.isCredited).weight / weight }
        let faults = judged.filter { $0.polarity == .negative && !$0.isCredited }
        let value = (positive.filter(\.isCredited).weight - faults.weight) / positive.weight
        return clip ? min(max(value, 0), 1) : value
    }

    // MARK: - Preparation

    private func weights(of task: RubricTask) throws -> [Double] {
        guard (0...1).contains(minimumJudgedWeight) else {
            throw RewardError(.invalidSetting, "minimum_judged_weight \(minimumJudgedWeight) is no share from 0 to 1")
        }
        if let criterion = task.criteria.first(where: { $0.polarity == .undecided }) {
            let message = "its polarity is undecided; decide it, or drop such criteria (data.undecided: drop_criterion)"
            throw RewardError(.undecidedPolarity, message, task: task.id, criterion)
        }
        return try weighting.weights(of: task)
    }

    private func match(_ verdicts: [Verdict], with task: RubricTask) throws {
        guard verdicts.count == task.criteria.count else {
            let message = "\(verdicts.count) verdicts for \(task.criteria.count) criteria"
            throw RewardError(.mismatchedVerdicts, message, task: task.id)
        }
        for (criterion, verdict) in zip(task.criteria, verdicts) where !criterion.id.isExactly(verdict.criterion) {
            let message = "the verdict in its place is on \(verdict.criterion)"
            throw RewardError(.mismatchedVerdicts, message, task: task.id, criterion)
        }
    }

    /// A verdict with polarity applied; `nil` when the criterion counts as not judged.
    private func credited(_ outcome: Verdict.Outcome, polarity: Polarity) -> Bool? {
        switch outcome {
        case .met: polarity == .positive
        case .unmet: polarity == .negative
        case .cannotAssess: cannotAssess == .notCredited ? false : nil
        case .unjudged: nil
        }
    }

    // MARK: - Sums

    /// A criterion as the sums see it.
    private struct Item {
        var polarity: Polarity
        var credit: Credit
        var outcome: Verdict.Outcome

        var judged: JudgedCriterion? {
            credit.credited.map { JudgedCriterion(polarity: polarity, weight: credit.weight, isCredited: $0) }
        }
    }

    /// The reward of a completion that says nothing: 0, whatever pitfalls it avoids by that.
    private func floor(of items: [Item]) -> RewardOutcome {
        let credits = items.map { Credit(criterion: $0.credit.criterion, weight: $0.credit.weight, credited: false) }
        return .scored(Reward(value: 0, coverage: 1, credits: credits))
    }

    private func outcome(of items: [Item]) -> RewardOutcome {
        let credits = items.map(\.credit)
        let judged = items.compactMap(\.judged)
        let coverage = judged.weight / items.reduce(0) { $0 + $1.credit.weight }
        // Sums of decimal weights are not exact in binary; a share of exactly the minimum is enough.
        guard coverage >= minimumJudgedWeight - 1e-9, let value = value(of: judged) else {
            return .unscored(reason(for: items, coverage: coverage))
        }
        return .scored(Reward(value: value, coverage: coverage, credits: credits))
    }

    /// The cause that cost most weight; `incomplete` when every criterion had a verdict.
    private func reason(for items: [Item], coverage: Double) -> UnscoredReason {
        var weights: [JudgeFailure.Cause: Double] = [:]
        var details: [String] = []
        for item in items {
            guard item.credit.credited == nil, case .unjudged(let failure) = item.outcome else { continue }
            weights[failure.cause, default: 0] += item.credit.weight
            details.append("\(item.credit.criterion): \(failure.cause.rawValue): \(failure.detail)")
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

extension [JudgedCriterion] {
    fileprivate var weight: Double { reduce(0) { $0 + $1.weight } }
}

extension Verdict.Outcome {
    var isUnjudged: Bool {
        if case .unjudged = self { true } else { false }
    }
}
