// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

private func failed(_ cause: JudgeFailure.Cause, isConfirmed: Bool = false) -> Verdict.Outcome {
    .unjudged(JudgeFailure(cause: cause, detail: "\(cause)", isConfirmed: isConfirmed))
}

private func unrated(_ cause: JudgeFailure.Cause) -> Rating.Outcome {
    .unrated(JudgeFailure(cause: cause, detail: ""))
}

@Suite("Panels of judges")
struct JudgePanelTests {
    private static let task = RubricTask(
        id: "t",
        prompt: [Message(role: .user, content: "Why?")],
        criteria: [Criterion(id: "c1", description: "It is so.")]
    )

    private func verdict(_ votes: [Verdict.Outcome], weights: [Double]? = nil) async throws -> Verdict {
        let members = votes.enumerated().map { place, vote in
            JudgePanel.Member(
                ScriptedJudge(name: "j\(place)", usage: CallUsage(calls: 1)) { _, _, _, _ in vote },
                weight: weights?[place] ?? 1
            )
        }
        let assessment = try await JudgePanel(members).assess("Because.", for: Self.task)
        #expect(assessment.usage.calls == votes.count)
        return assessment.verdicts[0]
    }

    // MARK: Verdicts

    @Test(
        "The finding with most votes counts; met and unmet in balance cannot be told",
        arguments: [
            ([.met], .met), ([.met, .met, .unmet], .met), ([.unmet, .unmet, .met], .unmet),
            ([.met, .unmet], .cannotAssess),
            ([.met, .unmet, .cannotAssess], .cannotAssess), ([.met, .met, .cannotAssess, .unmet], .met),
            ([.cannotAssess, .cannotAssess, .met], .cannotAssess), ([.met, .cannotAssess], .cannotAssess),
            ([.met, .met, .unmet, .unmet], .cannotAssess), ([.met, failed(.timeout)], .met),
            ([.unmet, failed(.malformed), failed(.refusal)], .unmet),
        ] as [([Verdict.Outcome], Verdict.Outcome)]
    )
    func majority(votes: [Verdict.Outcome], expected: Verdict.Outcome) async throws {
        #expect(try await verdict(votes).outcome == expected)
    }

    @Test(
        "Votes count by their weight",
        arguments: [
            ([3, 1, 1], [.met, .unmet, .unmet], .met), ([2, 1, 1], [.met, .unmet, .unmet], .cannotAssess),
            ([1.5, 1, 1], [.met, .unmet, .unmet], .unmet), ([0.5, 0.25], [.unmet, .met], .unmet),
        ] as [([Double], [Verdict.Outcome], Verdict.Outcome)]
    )
    func weights(weights: [Double], votes: [Verdict.Outcome], expected: Verdict.Outcome) async throws {
        #expect(try await verdict(votes, weights: weights).outcome == expected)
    }

    @Test("The votes are counted, and how far they agree is the confidence")
    func counts() async throws {
        let verdict = try await verdict([.met, .met, .unmet, .cannotAssess, failed(.timeout)])
        #expect(verdict.votes == VoteCount(met: 2, unmet: 1, cannotAssess: 1, unjudged: 1))
        #expect(verdict.votes?.agreement == 0.5 && verdict.confidence == 0.5)
        #expect(verdict.judge == "j0+j1+j2+j3+j4" && verdict.reason == "scripted")
        #expect(try await self.verdict([.met, .unmet], weights: [3, 1]).confidence == 0.75)
        #expect(try await self.verdict([.met]).votes == nil)
    }

    @Test("A tie says that it is one, and shows nobody's evidence")
    func tie() async throws {
        let member = EvidentJudge(outcome: .met)
        let panel = JudgePanel([.init(member), .init(EvidentJudge(outcome: .unmet))])
        let verdict = try await panel.assess("Because.", for: Self.task).verdicts[0]
        #expect(verdict.reason == "the votes are tied" && verdict.evidence.isEmpty)
        let agreed = try await JudgePanel([.init(member), .init(member)]).assess("Because.", for: Self.task).verdicts[0]
        #expect(agreed.reason == "met" && agreed.evidence == ["Because"])
    }

    @Test(
        "Where all fail, a failure in transport stands before a content-bound one, and two of those confirm each other",
        arguments: [
            ([failed(.malformed), failed(.timeout)], failed(.timeout)),
            ([failed(.timeout), failed(.quota)], failed(.timeout)),
            ([failed(.malformed), failed(.refusal)], failed(.malformed, isConfirmed: true)),
            ([failed(.malformed)], failed(.malformed)),
            ([failed(.refusal, isConfirmed: true)], failed(.refusal, isConfirmed: true)),
        ] as [([Verdict.Outcome], Verdict.Outcome)]
    )
    func allFailed(votes: [Verdict.Outcome], expected: Verdict.Outcome) async throws {
        let verdict = try await verdict(votes)
        #expect(verdict.outcome == expected)
        #expect(verdict.confidence == nil && verdict.reason != "the votes are tied")
    }

    @Test("Every criterion is decided by itself, in the rubric's order")
    func criteria() async throws {
        let outcomes: [[String: Verdict.Outcome]] = [
            ["fluids": .met, "rest": .met], ["fluids": .met, "rest": .unmet], ["kind": .met, "rest": .unmet],
        ]
        let panel = JudgePanel(outcomes.map { .init(ScriptedJudge(table: ["fever": [$0]])) })
        let verdicts = try await panel.assess("Drink.", for: JudgedTask.task).verdicts
        #expect(verdicts.map(\.criterion) == JudgedTask.task.criteria.map(\.id))
        #expect(verdicts.map(\.outcome) == [.met, .unmet, .unmet, .unmet])
    }

    @Test("An empty completion is empty for the panel too")
    func empty() async throws {
        let member = JudgePanel.Member(ScriptedJudge { _, _, _, _ in .met })
        #expect(try await JudgePanel([member, member]).assess(" ", for: Self.task).completionIsEmpty)
    }

    // MARK: Ratings

    private func rating(
        _ ratings: [Rating.Outcome],
        weights: [Double]? = nil,
        _ combination: JudgePanel.Combination = .mean
    ) async throws -> Rating? {
        let members = ratings.enumerated().map {
            JudgePanel.Member(RatingJudge(outcome: $1), weight: weights?[$0] ?? 1)
        }
        return try await JudgePanel(members, combination: combination).assess("Because.", for: Self.task).rating
    }

    @Test(
        "Ratings are combined by weighted mean or by median; those that failed do not count",
        arguments: [
            ([.rated(4), .rated(7)], nil, .mean, 5.5), ([.rated(4), .rated(7)], [1, 2], .mean, 6),
            ([.rated(1), .rated(9), .rated(8)], nil, .median, 8),
            ([.rated(1), .rated(9), .rated(8), .rated(6)], nil, .median, 7),
            ([unrated(.timeout), .rated(3)], [5, 1], .mean, 3),
            ([.rated(2), unrated(.malformed), .rated(6)], [1, 9, 3], .mean, 5),
            ([.rated(1), .rated(9), .rated(8)], [100, 1, 1], .median, 8),
        ] as [([Rating.Outcome], [Double]?, JudgePanel.Combination, Double)]
    )
    func combined(
        ratings: [Rating.Outcome],
        weights: [Double]?,
        combination: JudgePanel.Combination,
        expected: Double
    ) async throws {
        #expect(try await rating(ratings, weights: weights, combination)?.value == expected)
    }

    @Test("Where no rating is there, the failure stands as it does for verdicts")
    func noRating() async throws {
        #expect(try await rating([unrated(.malformed), unrated(.timeout)])?.failure?.cause == .timeout)
        let confirmed = try await rating([unrated(.malformed), unrated(.refusal)])?.failure
        #expect(confirmed?.cause == .malformed && confirmed?.isConfirmed == true)
    }

    // MARK: The panel

    @Test("A panel is named for its members, each once, and votes of one model are told apart")
    func votes() async throws {
        let model = ScriptedChatModel.agreeable()
        let members = try (0..<3).map { vote in
            var configuration = JudgedTask.configuration
            configuration.vote = vote
            return JudgePanel.Member(try LLMJudge(.criteria(perCall: 4), of: model, configuration: configuration))
        }
        let panel = JudgePanel(members)
        #expect(panel.name == "agreeable" && !panel.needsWholeGroup)
        _ = try await panel.assess("Drink.", for: JudgedTask.task)
        #expect(Set(model.requests).count == 3 && Set(model.requests.map(\.messages)).count == 1)
    }

    @Test("A group goes to every member, and each completion's findings are combined")
    func group() async throws {
        let ranking = try LLMJudge(.ranking, of: ScriptedChatModel.agreeable(), configuration: JudgedTask.configuration)
        let panel = JudgePanel([.init(ranking), .init(ranking)])
        #expect(panel.needsWholeGroup)
        let assessments = try await panel.assess(group: ["a", "b", "c"], for: JudgedTask.task)
        #expect(assessments.map { $0.rating?.value } == [0.5, 0.5, 0.5])
        #expect(assessments.reduce(0) { $0 + $1.usage.calls } == 4)
    }
}

/// A judge that rates as it is told.
private struct RatingJudge: Judge {
    let name = "rating"
    var outcome: Rating.Outcome

    func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        Assessment(rating: Rating(outcome, judge: name))
    }
}

/// A judge that quotes what decided it.
private struct EvidentJudge: Judge {
    let name = "evident"
    var outcome: Verdict.Outcome

    func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        let verdict = Verdict(
            criterion: "c1",
            outcome: outcome,
            reason: "\(outcome)",
            evidence: ["Because"],
            judge: name
        )
        return Assessment(verdicts: [verdict])
    }
}
