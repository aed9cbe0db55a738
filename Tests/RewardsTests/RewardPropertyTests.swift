// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

/// A random rubric with random verdicts.
private struct Sample {
    var task: RubricTask
    var outcomes: [Verdict.Outcome]
    var method: ExplicitReward

    init(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let count = Int.random(in: 1...12, using: &rng)
        let choices: [Verdict.Outcome] = [
            .met, .met, .unmet, .unmet, .cannotAssess, .unjudged(JudgeFailure(cause: .timeout, detail: "")),
        ]
        task = RubricTask(
            id: "t",
            prompt: [],
            criteria: (0..<count).map { index in
                Criterion(
                    id: "c\(index)",
                    description: "",
                    importance: Importance.allCases[Int.random(in: 0..<4, using: &rng)],
                    weight: Double.random(in: -5...5, using: &rng),
                    polarity: Bool.random(using: &rng) ? .positive : .negative
                )
            }
        )
        outcomes = (0..<count).map { _ in choices[Int.random(in: 0..<choices.count, using: &rng)] }
        let weightings: [Weighting] = [.categorical, .numeric, .uniform]
        method = ExplicitReward(
            weighting: weightings[Int.random(in: 0..<3, using: &rng)],
            negative: Bool.random(using: &rng) ? .credit : .penalty,
            minimumJudgedWeight: 0.3,
            clip: Bool.random(using: &rng)
        )
    }

    func outcome() throws -> RewardOutcome {
        let verdicts = zip(task.criteria, outcomes).map {
            Verdict(criterion: $0.id, outcome: $1, reason: "", judge: "scripted")
        }
        return try method.outcome(of: Assessment(verdicts: verdicts), for: task)
    }
}

@Suite("Properties of rewards")
struct RewardPropertyTests {
    @Test("A reward lies in the method's range", arguments: 0..<200)
    func range(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        guard case .scored(let reward) = try sample.outcome() else { return }
        #expect(sample.method.range.contains(reward.value))
        #expect((0.3 - 1e-9...1).contains(reward.coverage))
    }

    @Test("Crediting one more criterion never lowers a reward", arguments: 0..<200)
    func monotone(seed: UInt64) throws {
        var sample = Sample(seed: seed)
        guard let before = try sample.outcome().value else { return }
        for (index, criterion) in sample.task.criteria.enumerated() {
            if case .unjudged = sample.outcomes[index] { continue }
            let kept = sample.outcomes[index]
            sample.outcomes[index] = criterion.polarity == .positive ? .met : .unmet
            #expect(try #require(try sample.outcome().value) >= before - 1e-12)
            sample.outcomes[index] = kept
        }
    }

    @Test("The order of criteria does not matter", arguments: 0..<200)
    func permutation(seed: UInt64) throws {
        var sample = Sample(seed: seed)
        let before = try sample.outcome()
        var rng = SplitMix64(seed: seed, path: 1)
        let order = sample.outcomes.indices.shuffled(using: &rng)
        sample.task.criteria = order.map { sample.task.criteria[$0] }
        sample.outcomes = order.map { sample.outcomes[$0] }
        let after = try sample.outcome()
        #expect((before.value == nil) == (after.value == nil))
        #expect(abs((before.value ?? 0) - (after.value ?? 0)) < 1e-12)
    }

    @Test("Flipping every polarity and every verdict changes nothing under credit", arguments: 0..<200)
    func polarity(seed: UInt64) throws {
        var sample = Sample(seed: seed)
        sample.method.negative = .credit
        let before = try sample.outcome()
        for index in sample.task.criteria.indices {
            let flipped: Polarity = sample.task.criteria[index].polarity == .positive ? .negative : .positive
            sample.task.criteria[index].polarity = flipped
            switch sample.outcomes[index] {
            case .met: sample.outcomes[index] = .unmet
            case .unmet: sample.outcomes[index] = .met
            case .cannotAssess, .unjudged: break
            }
        }
        #expect(try sample.outcome() == before)
    }

    @Test(
        "One essential criterion with a check is RLVR, exactly",
        arguments: [
            ("Answer: 42", 1.0), ("Answer: 41", 0.0), ("", 0.0),
        ]
    )
    func subsumesRLVR(completion: String, expected: Double) async throws {
        let criterion = Criterion(
            id: "c1",
            description: "The final answer is 42.",
            importance: .essential,
            weight: 1,
            check: .finalAnswer("42")
        )
        let task = RubricTask(id: "t", prompt: [], criteria: [criterion])
        let assessment = try await CheckJudge().assess(completion, for: task)
        for weighting in [Weighting.categorical, .numeric, .uniform] {
            for negative in NegativeTreatment.allCases {
                let method = ExplicitReward(weighting: weighting, negative: negative)
                #expect(try method.outcome(of: assessment, for: task).value == expected)
            }
        }
    }
}

@Suite("Content-bound failures in training")
struct ContentFailureTests {
    private let task = RubricTask(
        id: "t",
        prompt: [],
        criteria: [
            Criterion(id: "a", description: "", importance: .essential),
            Criterion(id: "b", description: "", importance: .essential, polarity: .negative),
        ]
    )

    private func assessment(_ outcomes: [Verdict.Outcome]) -> Assessment {
        Assessment(
            verdicts: zip(task.criteria, outcomes).map {
                Verdict(criterion: $0.id, outcome: $1, reason: "", judge: "scripted")
            }
        )
    }

    private func unjudged(_ cause: JudgeFailure.Cause) -> Verdict.Outcome {
        .unjudged(JudgeFailure(cause: cause, detail: ""))
    }

    @Test("Breaking the judge where others did not is not credited, even for an avoided fault")
    func attributed() throws {
        let group = [
            assessment([.met, unjudged(.refusal)]), assessment([.met, .met]), assessment([.met, .unmet]),
        ]
        #expect(ContentFailurePolicy.notCredited.attributed(in: group) == [["b"], [], []])
        let outcomes = try ExplicitReward().outcomes(of: group, for: task)
        #expect(outcomes.map(\.value) == [0.5, 0.5, 1])
        guard case .scored(let reward) = outcomes[0] else {
            Issue.record("unscored")
            return
        }
        #expect(reward.coverage == 1)
        #expect(reward.credits.map(\.credited) == [true, false])
        let excluded = try ExplicitReward().outcomes(of: group, for: task, contentFailures: .exclude)
        #expect(excluded.map(\.value) == [nil, 0.5, 1])
    }

    @Test(
        "Half of the others must have been judged",
        arguments: [
            (0, 3, false), (1, 3, false), (2, 3, true), (1, 2, true), (1, 1, true), (0, 1, false), (0, 0, false),
        ]
    )
    func half(judged: Int, others: Int, isAttributed: Bool) {
        let group = (0...others).map { index in
            assessment([(1...max(judged, 1)).contains(index) && judged > 0 ? .met : unjudged(.malformed), .met])
        }
        let attributed = ContentFailurePolicy.notCredited.attributed(in: group)
        #expect(attributed[0].contains("a") == isAttributed)
    }

    @Test("Empty completions, which no judge was asked about, prove nothing about a judge")
    func empties() {
        let broken = assessment([unjudged(.contentFilter), .met])
        let empty = Assessment.empty(for: task, judge: "scripted")
        let policy = ContentFailurePolicy.notCredited
        #expect(policy.attributed(in: [broken, empty, empty])[0].isEmpty)
        #expect(policy.attributed(in: [broken, empty, empty, empty, assessment([.met, .met])])[0] == ["a"])
        let failure = JudgeFailure(cause: .contentFilter, detail: "")
        let unrated = Assessment(rating: Rating(.unrated(failure), judge: "scripted"))
        let rated = Assessment(rating: Rating(.rated(7), judge: "scripted"))
        let nothing = Assessment(completionIsEmpty: true)
        #expect(!policy.attributedRatings(in: [unrated, nothing, nothing])[0])
        #expect(policy.attributedRatings(in: [unrated, nothing, nothing, nothing, rated])[0])
    }

    @Test("Only what the content causes is attributed", arguments: JudgeFailure.Cause.allCases)
    func causes(cause: JudgeFailure.Cause) {
        let content: Set<JudgeFailure.Cause> = [.refusal, .contentFilter, .contextOverflow, .malformed]
        let group = [assessment([unjudged(cause), .met]), assessment([.met, .met])]
        let attributed = ContentFailurePolicy.notCredited.attributed(in: group)
        #expect(attributed[0] == (content.contains(cause) ? ["a"] : []))
        #expect(ContentFailurePolicy.exclude.attributed(in: group) == [[], []])
    }

    @Test("Under penalty an attributed fault counts as committed")
    func penalty() throws {
        let group = [assessment([.met, unjudged(.contentFilter)]), assessment([.met, .unmet])]
        let outcomes = try ExplicitReward(negative: .penalty, clip: false).outcomes(of: group, for: task)
        #expect(outcomes.map(\.value) == [0, 1])
    }
}
