// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// How judged criteria become one number: the named scheme of ``ExplicitReward``.
///
/// Every scheme takes verdicts with polarity applied and weights that are not negative, and renormalizes over what was
/// judged. Below, p = w / Σw over the judged criteria, and s = Σ p·credited is the weighted mean. None falls when one
/// more criterion is credited. ``softMin(temperature:)`` and ``geometricMean(floor:)`` follow from s alone, because
/// verdicts are binary: they change the distance between two rewards, never their order.
public enum Aggregation: Sendable, Hashable {
    /// s itself, as in the paper (equation 1). In [0, 1]; with ``NegativeTreatment/penalty`` as HealthBench scores.
    case weightedMean
    /// The weighted mean, at most `cap` where an essential criterion was judged and not credited. In [0, 1].
    case essentialGated(cap: Double = 0.3)
    /// −τ·ln Σ p·exp(−credited / τ) = −τ·ln(1 − s + s·exp(−1 / τ)): s for a high temperature, the worst criterion for a
    /// low one, never above s. In [0, 1].
    case softMin(temperature: Double = 0.5)
    /// Π value^p, where a credited criterion has the value 1 and a missed one `floor`: floor^(1 − s). In [floor, 1].
    case geometricMean(floor: Double = 0.01)
    /// Weighted means up a tree of criteria, whose leaves are what is judged (``CriteriaTree``). In [0, 1].
    case hierarchical

    /// The rewards this scheme can give to judged criteria, with ``NegativeTreatment/credit``.
    public var range: ClosedRange<Double> {
        guard case .geometricMean(let floor) = self, problem == nil else { return 0...1 }
        return floor...1
    }

    /// What judged criteria come to. A pure function of them, whatever their order.
    ///
    /// ``hierarchical`` takes the weights for effective ones here and renormalizes over all at once, which is the
    /// tree's value where every leaf was judged; ``ExplicitReward/value(of:in:)`` knows the tree.
    ///
    /// - Parameters:
    ///   - judged: The criteria that were judged.
    ///   - negative: What negative criteria do to the weighted mean.
    ///   - clip: Whether a penalized mean stays within [0, 1].
    /// - Returns: The value; `nil` when the criteria weigh nothing.
    public func value(
        of judged: [JudgedCriterion],
        negative: NegativeTreatment = .credit,
        clip: Bool = true
    ) -> Double? {
        let weight = judged.weight
        guard weight > 0 else { return nil }
        let missed = judged.filter { !$0.isCredited }
        let mean = negative == .penalty ? judged.penalizedMean(clip: clip) : judged.creditedWeight / weight
        switch self {
        case .weightedMean, .hierarchical: return mean
        case .essentialGated(let cap):
            return missed.contains { $0.importance == .essential } ? min(mean, cap) : mean
        case .softMin(let temperature):
            // expm1 and log1p keep the digits at high temperatures; at low ones the logarithm may overflow.
            let value = -temperature * log1p(judged.creditedWeight / weight * expm1(-1 / temperature))
            return missed.weight > 0 ? min(max(value, 0), 1) : 1
        case .geometricMean(let floor): return pow(floor, missed.weight / weight)
        }
    }
}

// MARK: - Settings

extension Aggregation {
    /// What is wrong with the scheme's number; `nil` when nothing is.
    var problem: String? {
        switch self {
        case .weightedMean, .hierarchical: nil
        case .essentialGated(let cap): (0...1).contains(cap) ? nil : "cap \(cap) is no number from 0 to 1"
        case .softMin(let temperature):
            temperature > 0 && temperature.isFinite ? nil : "temperature \(temperature) is no finite number above 0"
        case .geometricMean(let floor):
            floor > 0 && floor < 1 ? nil : "floor \(floor) is no number between 0 and 1: 0 would make one miss the end"
        }
    }

    /// Makes sure that the scheme can work with these settings.
    ///
    /// - Throws: ``RewardError`` for a number out of its range, and for a combination that means nothing.
    func validate(negative: NegativeTreatment) throws {
        if let problem { throw RewardError(.invalidSetting, "aggregation \(word.rawValue): \(problem)") }
        let reason: String
        switch self {
        case .weightedMean, .essentialGated: return
        case .softMin, .geometricMean: reason = "it grades what each criterion earns, and a penalty earns nothing"
        case .hierarchical: reason = "a node is the mean of its children, and a penalty has no place in a mean"
        }
        guard negative == .credit else {
            let remedy = "set reward.negative to credit, or reward.aggregation to weighted_mean or essential_gated"
            let message = "aggregation \(word.rawValue) with negative penalty means nothing: \(reason); \(remedy)"
            throw RewardError(.invalidSetting, message)
        }
    }

    /// Makes sure that the scheme can work with a rubric.
    ///
    /// - Throws: ``RewardError`` naming the first criterion that may or may not be essential.
    func validate(_ task: RubricTask) throws {
        guard case .essentialGated = self, let unclear = task.criteria.first(where: { $0.importance == nil }) else {
            return
        }
        let remedy = "give it an \"importance\", or set reward.aggregation to weighted_mean"
        let message = "has no importance, which aggregation essential_gated needs; \(remedy)"
        throw RewardError(.missingImportance, message, task: task.id, unclear)
    }
}

extension [JudgedCriterion] {
    var weight: Double { reduce(0) { $0 + $1.weight } }

    fileprivate var creditedWeight: Double { filter(\.isCredited).weight }

    /// (Σ₊ w·credited − Σ₋ |w|·(1 − credited)) / Σ₊ w; with nothing positive, the share of faults avoided.
    fileprivate func penalizedMean(clip: Bool) -> Double {
        let positive = filter { $0.polarity == .positive }
        guard positive.weight > 0 else { return creditedWeight / weight }
        let faults = filter { $0.polarity == .negative && !$0.isCredited }
        let value = (positive.creditedWeight - faults.weight) / positive.weight
        return clip ? Swift.min(Swift.max(value, 0), 1) : value
    }
}
