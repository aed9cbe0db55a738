// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

/// A rubric of four criteria, one of each importance; the pitfall is worded as a fault.
private let task = RubricTask(
    id: "t",
    prompt: [],
    criteria: [
        Criterion(id: "c1", description: "", importance: .essential, weight: 5),
        Criterion(id: "c2", description: "", importance: .important, weight: 4),
        Criterion(id: "c3", description: "", importance: .optional, weight: 1),
        Criterion(id: "c4", description: "", importance: .pitfall, weight: -2, polarity: .negative),
    ]
)

private func unjudged(_ cause: JudgeFailure.Cause) -> Verdict.Outcome {
    .unjudged(JudgeFailure(cause: cause, detail: "detail"))
}

private func assessment(_ outcomes: [Verdict.Outcome], of task: RubricTask = task) -> Assessment {
    Assessment(
        verdicts: zip(task.criteria, outcomes).map {
            Verdict(criterion: $0.id, outcome: $1, reason: "", judge: "scripted")
        }
    )
}

@Suite("RaR-Explicit")
struct ExplicitRewardTests {
    private func value(_ method: ExplicitReward, _ outcomes: [Verdict.Outcome]) throws -> Double? {
        try method.outcome(of: assessment(outcomes), for: task).value
    }

    // Computed by hand: categorical weights 1.0, 0.7, 0.3, 0.9 sum to 2.9, the positive ones to 2.0.
    @Test(
        "Hand-computed credit",
        arguments: [
            (.categorical, [.met, .met, .met, .unmet], 1.0),
            (.categorical, [.met, .met, .met, .met], 2.0 / 2.9),
            (.categorical, [.unmet, .unmet, .unmet, .met], 0.0),
            (.categorical, [.unmet, .unmet, .unmet, .unmet], 0.9 / 2.9),
            (.categorical, [.met, .unmet, .met, .unmet], 2.2 / 2.9),
            (.categorical, [.cannotAssess, .met, .met, .cannotAssess], 1.0 / 2.9),
            (.numeric, [.met, .unmet, .unmet, .unmet], 7.0 / 12.0),
            (.numeric, [.unmet, .met, .met, .met], 5.0 / 12.0),
            (.uniform, [.met, .unmet, .unmet, .unmet], 0.5),
            (.custom([.essential: 2, .important: 1, .optional: 0, .pitfall: 1]), [.met, .unmet, .met, .met], 0.5),
        ] as [(Weighting, [Verdict.Outcome], Double)]
    )
    func credit(weighting: Weighting, outcomes: [Verdict.Outcome], expected: Double) throws {
        let value = try #require(try value(ExplicitReward(weighting: weighting), outcomes))
        #expect(abs(value - expected) < 1e-12)
    }

    @Test(
        "Hand-computed penalty",
        arguments: [
            ([.met, .met, .met, .unmet], 1.0, 1.0),
            ([.met, .met, .met, .met], 1.1 / 2.0, 1.1 / 2.0),
            ([.unmet, .unmet, .unmet, .met], 0.0, -0.9 / 2.0),
            ([.unmet, .unmet, .unmet, .unmet], 0.0, 0.0),
            ([.unmet, .unmet, .met, .met], 0.0, -0.6 / 2.0),
            ([.met, .unmet, .unmet, .cannotAssess], 0.1 / 2.0, 0.1 / 2.0),
            ([.met, .met, .unjudged(JudgeFailure(cause: .timeout, detail: "")), .met], 0.8 / 1.7, 0.8 / 1.7),
        ] as [([Verdict.Outcome], Double, Double)]
    )
    func penalty(outcomes: [Verdict.Outcome], clipped: Double, unclipped: Double) throws {
        for (clip, expected) in [(true, clipped), (false, unclipped)] {
            let value = try #require(try value(ExplicitReward(negative: .penalty, clip: clip), outcomes))
            #expect(abs(value - expected) < 1e-12)
        }
    }

    @Test("With nothing positive, penalty is the share of faults avoided")
    func nothingPositive() throws {
        var faults = task
        for index in faults.criteria.indices { faults.criteria[index].polarity = .negative }
        let method = ExplicitReward(negative: .penalty, clip: false)
        let outcome = try method.outcome(of: assessment([.unmet, .met, .met, .met], of: faults), for: faults)
        #expect(abs(try #require(outcome.value) - 1.0 / 2.9) < 1e-12)
    }

    @Test("Credits keep what polarity made of each verdict")
    func credits() throws {
        let outcome = try ExplicitReward().outcome(
            of: assessment([.met, .cannotAssess, unjudged(.timeout), .met]),
            for: task
        )
        guard case .scored(let reward) = outcome else {
            Issue.record("unscored")
            return
        }
        #expect(reward.credits.map(\.credited) == [true, false, nil, false])
        #expect(reward.credits.map(\.weight) == [1.0, 0.7, 0.3, 0.9])
        #expect(abs(reward.coverage - 2.6 / 2.9) < 1e-12)
        #expect(abs(reward.value - 1.0 / 2.6) < 1e-12)
    }

    @Test(
        "Flipping polarity flips the credit of every verdict but cannot assess",
        arguments: [
            (.met, true, false), (.unmet, false, true), (.cannotAssess, false, false),
        ] as [(Verdict.Outcome, Bool, Bool)]
    )
    func polarity(outcome: Verdict.Outcome, positive: Bool, negative: Bool) throws {
        for (polarity, expected) in [(Polarity.positive, positive), (.negative, negative)] {
            let single = RubricTask(
                id: "t",
                prompt: [],
                criteria: [Criterion(id: "c", description: "", importance: .pitfall, weight: -1, polarity: polarity)]
            )
            for treatment in NegativeTreatment.allCases {
                let method = ExplicitReward(negative: treatment)
                let result = try method.outcome(of: assessment([outcome], of: single), for: single)
                #expect(result.value == (expected ? 1 : 0))
            }
        }
    }

    @Test("Excluding cannot assess renormalises and lowers the coverage")
    func exclude() throws {
        let method = ExplicitReward(cannotAssess: .exclude, minimumJudgedWeight: 0.5)
        let outcomes: [Verdict.Outcome] = [.met, .cannotAssess, .unmet, .met]
        guard case .scored(let reward) = try method.outcome(of: assessment(outcomes), for: task) else {
            Issue.record("unscored")
            return
        }
        #expect(abs(reward.value - 1.0 / 2.2) < 1e-12)
        #expect(abs(reward.coverage - 2.2 / 2.9) < 1e-12)
        let all = try ExplicitReward(cannotAssess: .exclude, minimumJudgedWeight: 0)
            .outcome(of: assessment(Array(repeating: .cannotAssess, count: 4)), for: task)
        guard case .unscored(let reason) = all else {
            Issue.record("scored")
            return
        }
        #expect(reason.reason == "incomplete")
    }

    @Test("Below the minimum of judged weight a sample is unscored, with the cause that cost most weight")
    func unscored() throws {
        let outcomes = [.met, unjudged(.timeout), unjudged(.quota), .unmet]
        // 1.9 of 2.9 judged: 65.5%.
        guard case .unscored(let reason) = try ExplicitReward().outcome(of: assessment(outcomes), for: task) else {
            Issue.record("scored")
            return
        }
        #expect(reason.reason == "timeout")
        #expect(reason.detail.hasPrefix("66% of the rubric's weight was judged, 75% is needed; c2: timeout: detail"))
        let lenient = ExplicitReward(minimumJudgedWeight: 0.65)
        #expect(try lenient.outcome(of: assessment(outcomes), for: task).value == 1)
    }

    @Test(
        "Exactly the minimum is enough",
        arguments: [
            (0.75, [0.1, 0.2, 0.1, 0.4 / 3], 3), (0.5, [0.3, 0.6], 1), (0.7, [0.1, 0.2, 0.3, 0.1, 0.3], 4),
        ]
    )
    func exactMinimum(minimum: Double, weights: [Double], judged: Int) throws {
        var total = weights
        let share = weights.prefix(judged).reduce(0, +)
        total[weights.count - 1] = share / minimum - share
        let rubric = RubricTask(
            id: "t",
            prompt: [],
            criteria: total.enumerated().map { Criterion(id: "c\($0)", description: "", weight: $1) }
        )
        let outcomes = total.indices.map { $0 < judged ? Verdict.Outcome.met : unjudged(.connection) }
        let method = ExplicitReward(weighting: .numeric, minimumJudgedWeight: minimum)
        #expect(try method.outcome(of: assessment(outcomes, of: rubric), for: rubric).value == 1)
    }

    @Test("Nothing judged is unscored even when nothing is required")
    func nothingJudged() throws {
        let outcomes = Array(repeating: unjudged(.auth), count: 4)
        let outcome = try ExplicitReward(minimumJudgedWeight: 0).outcome(of: assessment(outcomes), for: task)
        guard case .unscored(let reason) = outcome else {
            Issue.record("scored")
            return
        }
        #expect(reason.reason == "auth")
    }

    @Test("An empty completion gets 0, whatever pitfalls it avoids", arguments: NegativeTreatment.allCases)
    func empty(treatment: NegativeTreatment) throws {
        let method = ExplicitReward(negative: treatment, clip: false)
        guard case .scored(let reward) = try method.outcome(of: .empty(for: task, judge: "checks"), for: task) else {
            Issue.record("unscored")
            return
        }
        #expect(reward.value == 0)
        #expect(reward.coverage == 1)
        #expect(reward.credits.allSatisfy { $0.credited == false })
    }

    @Test("A rubric that lost all criteria is unscored, not an error")
    func noCriteria() throws {
        var empty = task
        empty.criteria = []
        let outcome = try ExplicitReward().outcome(of: Assessment(verdicts: []), for: empty)
        guard case .unscored(let reason) = outcome else {
            Issue.record("scored")
            return
        }
        #expect(reason.reason == "undecided_polarity")
    }

    @Test("Every method states its range")
    func range() {
        #expect(ExplicitReward().range == 0...1)
        #expect(ExplicitReward(negative: .penalty).range == 0...1)
        #expect(ExplicitReward(negative: .penalty, clip: false).range == -.infinity...1)
    }
}

@Suite("Reward errors")
struct RewardErrorTests {
    private func error(_ method: ExplicitReward, _ change: (inout RubricTask) -> Void) throws -> RewardError {
        var changed = task
        change(&changed)
        let error = try #require(throws: RewardError.self) { try method.validate([task, changed]) }
        #expect(throws: error) {
            try method.outcome(of: assessment(Array(repeating: .met, count: 4), of: changed), for: changed)
        }
        return error
    }

    @Test("Weights that are missing or mean nothing are located errors")
    func weights() throws {
        let missing = try error(ExplicitReward()) { $0.criteria[1].importance = nil }
        #expect(missing.code == .missingImportance)
        #expect(missing.description.hasPrefix("task \"t\": criterion c2: has no importance"))
        #expect(try error(ExplicitReward(weighting: .numeric)) { $0.criteria[2].weight = nil }.code == .missingWeight)
        #expect(try error(ExplicitReward(weighting: .numeric)) { $0.criteria[2].weight = .nan }.code == .invalidWeight)
        let zero = try error(ExplicitReward(weighting: .numeric)) {
            for index in $0.criteria.indices { $0.criteria[index].weight = 0 }
        }
        #expect(zero.code == .invalidWeight)
    }

    @Test("Custom weights need an entry that is not negative")
    func custom() throws {
        let partial = ExplicitReward(weighting: .custom([.essential: 1]))
        #expect(#expect(throws: RewardError.self) { try partial.validate([task]) }?.code == .missingWeight)
        let signed = ExplicitReward(weighting: .custom([.essential: 1, .important: 1, .optional: 1, .pitfall: -1]))
        #expect(#expect(throws: RewardError.self) { try signed.validate([task]) }?.code == .invalidWeight)
    }

    @Test("Undecided polarity is refused")
    func undecided() throws {
        let error = try error(ExplicitReward()) { $0.criteria[3].polarity = .undecided }
        #expect(error.code == .undecidedPolarity)
        #expect(error.description.contains("drop_criterion"))
    }

    @Test("A share outside [0, 1] is refused", arguments: [-0.1, 1.1, .nan])
    func setting(minimum: Double) throws {
        let method = ExplicitReward(minimumJudgedWeight: minimum)
        #expect(#expect(throws: RewardError.self) { try method.validate([task]) }?.code == .invalidSetting)
    }

    @Test("Verdicts on other criteria are refused")
    func mismatch() throws {
        var swapped = assessment([.met, .met, .met, .met])
        swapped.verdicts.swapAt(0, 1)
        let short = Assessment(verdicts: Array(swapped.verdicts.prefix(2)))
        for wrong in [swapped, short] {
            let error = #expect(throws: RewardError.self) { try ExplicitReward().outcome(of: wrong, for: task) }
            #expect(error?.code == .mismatchedVerdicts)
        }
    }
}
