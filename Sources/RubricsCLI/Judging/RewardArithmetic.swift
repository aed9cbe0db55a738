// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Runs

/// The sum behind a reward, written out.
struct RewardArithmetic {
    private let completion: GradedCompletion
    private let settings: RewardSettings

    init(_ completion: GradedCompletion, settings: RewardSettings) {
        self.completion = completion
        self.settings = settings
    }

    /// The steps from verdicts or a rating to the reward.
    var lines: [String] {
        if completion.verdicts.isEmpty { return ratingLines }
        let judged = completion.verdicts.filter { $0.credited != nil }
        if judged.isEmpty { return ["the completion is empty: the method's lowest reward"] }
        return settings.negative == .penalty && judged.contains { $0.polarity == .positive && $0.weight > 0 }
            ? penaltyLines(judged) : creditLines(judged)
    }

    private func creditLines(_ judged: [VerdictRecord]) -> [String] {
        let earned = judged.filter { $0.credited == true }
        let share = Self.sum(earned) / Self.sum(judged)
        return [
            "weights earned: \(Self.terms(earned)) = \(Explanation.number(Self.sum(earned)))",
            "weights judged: \(Self.terms(judged)) = \(Explanation.number(Self.sum(judged)))",
            "earned / judged = \(Explanation.number(share))",
        ] + aggregationLines
    }

    private func penaltyLines(_ judged: [VerdictRecord]) -> [String] {
        let positive = judged.filter { $0.polarity == .positive }
        let earned = positive.filter { $0.credited == true }
        let faults = judged.filter { $0.polarity == .negative && $0.credited == false }
        let share = (Self.sum(earned) - Self.sum(faults)) / Self.sum(positive)
        return [
            "virtues earned: \(Self.terms(earned)) = \(Explanation.number(Self.sum(earned)))",
            "faults committed: \(Self.terms(faults)) = \(Explanation.number(Self.sum(faults)))",
            "virtues judged: \(Self.terms(positive)) = \(Explanation.number(Self.sum(positive)))",
            "(earned − faults) / virtues = \(Explanation.number(share))",
        ] + (settings.clip && !(0...1).contains(share) ? ["kept within 0 and 1"] : []) + aggregationLines
    }

    private var aggregationLines: [String] {
        guard settings.aggregation != .weightedMean else { return [] }
        return ["aggregated as \(settings.aggregation.name) (Docs/rewards.md)"]
    }

    private var ratingLines: [String] {
        guard let rating = completion.rating?.value else {
            return ["no rating: the method's lowest reward, because the completion is empty or broke the judge"]
        }
        switch (settings.method, settings.normalization) {
        case (.command, _): return ["the command's own number"]
        case (.pairwise, _): return ["mean over both orders of win 1, tie ½, loss 0"]
        case (.listwise, _): return ["mean over two orders of (answers − rank) / (answers − 1)"]
        case (_, .span): return ["(rating − 1) / 9 = (\(Explanation.number(rating)) − 1) / 9"]
        case (_, .tenth): return ["rating / 10 = \(Explanation.number(rating)) / 10"]
        }
    }

    private static func sum(_ verdicts: [VerdictRecord]) -> Double {
        verdicts.reduce(0) { $0 + $1.weight }
    }

    private static func terms(_ verdicts: [VerdictRecord]) -> String {
        verdicts.isEmpty ? "none" : verdicts.map { Explanation.number($0.weight) }.joined(separator: " + ")
    }
}
