// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

@Suite("Rewards by rating")
struct RatingRewardTests {
    private func rated(_ value: Double) -> Assessment { Assessment(rating: Rating(.rated(value), judge: "j")) }

    private func unrated(_ cause: JudgeFailure.Cause, isConfirmed: Bool = false) -> Assessment {
        let failure = JudgeFailure(cause: cause, detail: "why", isConfirmed: isConfirmed)
        return Assessment(rating: Rating(.unrated(failure), judge: "j"))
    }

    @Test(
        "A rating from 1 to 10 becomes a reward by its span or by tenths",
        arguments: [
            (.span, 1, 0), (.span, 10, 1), (.span, 5.5, 0.5), (.span, 4, 1.0 / 3), (.tenth, 1, 0.1), (.tenth, 10, 1),
            (.tenth, 7, 0.7), (nil, 0, 0), (nil, 1, 1), (nil, 0.25, 0.25),
        ] as [(RatingReward.Normalization?, Double, Double)]
    )
    func values(normalization: RatingReward.Normalization?, rating: Double, expected: Double) {
        let method = RatingReward(normalization: normalization)
        #expect(method.outcome(of: rated(rating)) == .scored(Reward(value: expected, coverage: 1, credits: [])))
        #expect(method.range.contains(expected))
    }

    @Test("Every method states its range, and its floor is the reward of the lowest rating")
    func ranges() {
        #expect(RatingReward(normalization: .span).range == 0...1)
        #expect(RatingReward(normalization: .tenth).range == 0.1...1)
        #expect(RatingReward(normalization: nil).range == 0...1)
        for normalization in RatingReward.Normalization.allCases {
            let method = RatingReward(normalization: normalization)
            #expect(method.floor == method.value(of: 1))
        }
    }

    @Test(
        "An empty completion gets the floor",
        arguments: [(.span, 0), (.tenth, 0.1), (nil, 0)]
            as [(RatingReward.Normalization?, Double)]
    )
    func empty(normalization: RatingReward.Normalization?, floor: Double) {
        let outcome = RatingReward(normalization: normalization).outcome(of: Assessment(completionIsEmpty: true))
        #expect(outcome.value == floor)
    }

    @Test("A failed rating is unscored with its cause, never a number", arguments: JudgeFailure.Cause.allCases)
    func failures(cause: JudgeFailure.Cause) {
        let outcome = RatingReward(normalization: .span).outcome(of: unrated(cause))
        #expect(outcome == .unscored(UnscoredReason(reason: cause.rawValue, detail: "why")))
    }

    @Test("An assessment without a rating is incomplete")
    func missing() {
        guard case .unscored(let reason) = RatingReward(normalization: .span).outcome(of: Assessment()) else {
            Issue.record("scored")
            return
        }
        #expect(reason.reason == "incomplete")
    }

    @Test("In training a failure that the completion caused counts as the lowest rating")
    func attributed() throws {
        let method = RewardMethod.rating(RatingReward(normalization: .tenth))
        let group = [rated(8), unrated(.refusal), rated(4), unrated(.timeout), Assessment(completionIsEmpty: true)]
        let task = RubricTask(id: "t", prompt: [], criteria: [])
        let values = try method.outcomes(of: group, for: task, contentFailures: .notCredited).map(\.value)
        #expect(values == [0.8, 0.1, 0.4, nil, 0.1])
        let excluded = try method.outcomes(of: group, for: task, contentFailures: .exclude).map(\.value)
        #expect(excluded == [0.8, nil, 0.4, nil, 0.1])
        #expect(try method.outcome(of: group[1], for: task).value == nil)
    }

    @Test(
        "A rating's failure is the completion's when confirmed, or when half of the others were rated",
        arguments: [
            ([false, false, false], false, false), ([true, false, false], false, false),
            ([true, true, false], false, true),
            ([], false, false), ([], true, true), ([false, false], true, true), ([true, false], false, true),
        ] as [([Bool], Bool, Bool)]
    )
    func policy(others: [Bool], isConfirmed: Bool, isAttributed: Bool) {
        let group = [unrated(.malformed, isConfirmed: isConfirmed)] + others.map { $0 ? rated(5) : unrated(.quota) }
        #expect(ContentFailurePolicy.notCredited.attributedRatings(in: group)[0] == isAttributed)
        #expect(ContentFailurePolicy.exclude.attributedRatings(in: group).allSatisfy { !$0 })
    }
}
