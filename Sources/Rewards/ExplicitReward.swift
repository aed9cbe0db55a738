// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics

/// RaR-Explicit (equation 1 of the paper): the weighted share of a rubric's criteria that a completion is credited for,
/// or another ``Aggregation`` of them.
///
/// With `credit` the weighted mean is Σ|w|·credited / Σ|w|. With `penalty` it is (Σ₊ w·credited − Σ₋ |w|·(1 − credited)) / Σ₊ w,
/// clipped to [0, 1] unless `clip` is off; a rubric with nothing positive falls back on `credit`. All sums run over the
/// criteria that were judged.
public struct ExplicitReward: Sendable, Hashable {
    /// How much each criterion weighs.
    public var weighting: Weighting
    /// How judged criteria become one number.
    public var aggregation: Aggregation
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
        aggregation: Aggregation = .weightedMean,
        negative: NegativeTreatment = .credit,
        cannotAssess: CannotAssessPolicy = .notCredited,
        minimumJudgedWeight: Double = 0.75,
        clip: Bool = true
    ) {
        self.weighting = weighting
        self.aggregation = aggregation
        self.negative = negative
        self.cannotAssess = cannotAssess
        self.minimumJudgedWeight = minimumJudgedWeight
        self.clip = clip
    }

    /// The rewards this method can give; an empty completion's 0 is one of them.
    public var range: ClosedRange<Double> {
        negative == .penalty && !clip ? -.infinity...1 : 0...1
    }

    /// The task as judges have to see it: with ``Aggregation/hierarchical`` its criteria are the leaves of its tree.
    public func judgedTask(for task: RubricTask) -> RubricTask {
        aggregation == .hierarchical ? CriteriaTree.leaves(of: task) : task
    }

    /// Makes sure that every task can have a reward, before any work starts.
    ///
    /// - Throws: ``RewardError`` naming the first task and criterion that cannot.
    public func validate(_ tasks: [RubricTask]) throws {
        try validateSettings()
        for task in tasks { _ = try weighed(task) }
    }

    /// The reward of one assessment, or why there is none. A pure function.
    ///
    /// - Parameters:
    ///   - assessment: One verdict for each criterion of ``judgedTask(for:)``, in order.
    ///   - task: The rubric, with its children.
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
        try validateSettings()
        let rubric = try weighed(task)
        try match(assessment.verdicts, with: rubric.criteria, of: task)
        guard !rubric.criteria.isEmpty else {
            let detail = "dropping criteria of undecided polarity left none"
            return .unscored(UnscoredReason(reason: "undecided_polarity", detail: detail))
        }
        let items = rubric.criteria.indices.map { index in
            let (criterion, outcome) = (rubric.criteria[index], assessment.verdicts[index].outcome)
            let isAttributed = outcome.isUnjudged && attributed.contains(criterion.id)
            let credited = isAttributed ? false : credited(outcome, polarity: criterion.polarity)
            let credit = Credit(criterion: criterion.id, weight: rubric.weights[index], credited: credited)
            return WeighedVerdict(criterion: criterion, credit: credit, outcome: outcome)
        }
        return assessment.completionIsEmpty ? floor(of: items) : outcome(of: items, tree: rubric.tree)
    }

    /// The reward that judged criteria come to; `nil` when their weight is 0.
    ///
    /// Of a tree's leaves this sees effective weights alone; ``value(of:in:)`` sees the tree.
    public func value(of judged: [JudgedCriterion]) -> Double? {
        aggregation.value(of: judged, negative: negative, clip: clip)
    }

    /// The reward that judged criteria of a task come to; `nil` when nothing that weighs anything was judged.
    ///
    /// - Parameters:
    ///   - judged: What was judged, found by identifier where the rubric is a tree.
    ///   - task: The rubric, with its children.
    /// - Returns: The reward.
    /// - Throws: ``RewardError`` when the rubric's tree cannot be weighed.
    public func value(of judged: [JudgedCriterion], in task: RubricTask) throws -> Double? {
        guard aggregation == .hierarchical else { return value(of: judged) }
        return try CriteriaTree(of: task, weighting: weighting).value(of: judged)
    }

    // MARK: - Preparation

    /// What is judged of a task, with weights, and the tree above it where there is one.
    struct WeighedRubric {
        var criteria: [Criterion]
        var weights: [Double]
        var tree: CriteriaTree?
    }

    /// Weighs a task's judged criteria.
    ///
    /// - Throws: ``RewardError`` naming the criterion that makes a reward impossible.
    func weighed(_ task: RubricTask) throws -> WeighedRubric {
        let judged = judgedTask(for: task)
        if let criterion = judged.criteria.first(where: { $0.polarity == .undecided }) {
            let message = "its polarity is undecided; decide it, or drop such criteria (data.undecided: drop_criterion)"
            throw RewardError(.undecidedPolarity, message, task: task.id, criterion)
        }
        try aggregation.validate(judged)
        guard aggregation == .hierarchical else {
            return try WeighedRubric(criteria: judged.criteria, weights: weighting.weights(of: judged))
        }
        let tree = try CriteriaTree(of: task, weighting: weighting)
        return WeighedRubric(criteria: tree.leaves, weights: tree.weights, tree: tree)
    }

    private func validateSettings() throws {
        guard (0...1).contains(minimumJudgedWeight) else {
            throw RewardError(.invalidSetting, "minimum_judged_weight \(minimumJudgedWeight) is no share from 0 to 1")
        }
        try aggregation.validate(negative: negative)
    }

    private func match(_ verdicts: [Verdict], with criteria: [Criterion], of task: RubricTask) throws {
        guard verdicts.count == criteria.count else {
            let message = "\(verdicts.count) verdicts for \(criteria.count) criteria"
            throw RewardError(.mismatchedVerdicts, message, task: task.id)
        }
        for (criterion, verdict) in zip(criteria, verdicts) where !criterion.id.isExactly(verdict.criterion) {
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
}
