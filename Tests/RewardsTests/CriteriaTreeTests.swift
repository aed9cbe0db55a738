// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

/// Two nodes and a leaf:
///
/// ```
/// diagnosis (essential 1.0): sepsis (essential 1.0), source (important 0.7)
/// treatment (important 0.7): fluids (essential 1.0), drugs (essential 1.0): dose (optional 0.3)
/// tone (optional 0.3)
/// ```
private let task = RubricTask(
    id: "t",
    prompt: [],
    criteria: [
        Criterion(
            id: "diagnosis",
            description: "",
            importance: .essential,
            children: [
                Criterion(id: "sepsis", description: "", importance: .essential),
                Criterion(id: "source", description: "", importance: .important, polarity: .negative),
            ]
        ),
        Criterion(
            id: "treatment",
            description: "",
            importance: .important,
            children: [
                Criterion(id: "fluids", description: "", importance: .essential),
                Criterion(
                    id: "drugs",
                    description: "",
                    importance: .essential,
                    children: [Criterion(id: "dose", description: "", importance: .optional)]
                ),
            ]
        ),
        Criterion(id: "tone", description: "", importance: .optional),
    ]
)

private let method = ExplicitReward(aggregation: .hierarchical, minimumJudgedWeight: 0)

@Suite("Trees of criteria")
struct CriteriaTreeTests {
    private func reward(_ credited: [Bool?]) throws -> Reward? {
        let judged = method.judgedTask(for: task)
        let verdicts = zip(judged.criteria, credited).map { criterion, credited in
            let outcome: Verdict.Outcome =
                credited.map { $0 == (criterion.polarity == .positive) ? .met : .unmet }
                ?? .unjudged(JudgeFailure(cause: .timeout, detail: ""))
            return Verdict(criterion: criterion.id, outcome: outcome, reason: "", judge: "scripted")
        }
        guard case .scored(let reward) = try method.outcome(of: Assessment(verdicts: verdicts), for: task) else {
            return nil
        }
        return reward
    }

    @Test("The leaves are judged, in order and with their identifiers")
    func leaves() {
        let leaves = CriteriaTree.leaves(of: task)
        #expect(leaves.id == "t")
        #expect(leaves.criteria.map(\.id) == ["sepsis", "source", "fluids", "dose", "tone"])
        #expect(method.judgedTask(for: task) == leaves)
        #expect(ExplicitReward().judgedTask(for: task) == task)
    }

    // Levels are normalized by 2.0 (1.0 + 0.7 + 0.3), 1.7 and 2.0: sepsis 1/2 · 1/1.7, source 1/2 · 0.7/1.7,
    // fluids 0.7/2 · 1/2, dose 0.7/2 · 1/2 · 1, tone 0.3/2.
    @Test("Credits list the leaves with the products of normalized weights")
    func weights() throws {
        let reward = try #require(try reward([true, true, true, true, true]))
        let expected = [0.5 / 1.7, 0.35 / 1.7, 0.175, 0.175, 0.15]
        #expect(reward.credits.map(\.criterion) == ["sepsis", "source", "fluids", "dose", "tone"])
        #expect(zip(reward.credits.map(\.weight), expected).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(reward.value == 1)
        #expect(abs(reward.coverage - 1) < 1e-12)
    }

    @Test(
        "Hand-computed values",
        arguments: [
            ([true, false, true, false, true], 0.5 / 1.7 + 0.175 + 0.15),
            ([false, false, false, false, false], 0),
            // source unjudged: diagnosis is sepsis alone, 1. treatment = 1/2. (1 + 0.7/2 + 0) / 2 = 0.675.
            ([true, nil, true, false, false], 0.675),
            // All of diagnosis unjudged: (0.7 · 1 + 0.3 · 0) / 1.0 = 0.7.
            ([nil, nil, true, true, false], 0.7),
            // fluids and tone unjudged: treatment is drugs, 0. (1 · 0.7/1.7 + 0.7 · 0) / 1.7.
            ([false, true, nil, false, nil], 0.7 / 1.7 / 1.7),
        ] as [([Bool?], Double)]
    )
    func values(credited: [Bool?], expected: Double) throws {
        let reward = try #require(try reward(credited))
        #expect(abs(reward.value - expected) < 1e-12)
        let coverage = zip(reward.credits, credited).reduce(0) { $0 + ($1.1 == nil ? 0 : $1.0.weight) }
        #expect(abs(reward.coverage - coverage) < 1e-12)
    }

    @Test("What is judged can be found by identifier, whatever its order")
    func byIdentifier() throws {
        let judged = [("fluids", true), ("dose", false), ("sepsis", true)].map {
            JudgedCriterion(id: $0.0, polarity: .positive, weight: 1, isCredited: $0.1)
        }
        // (1 · 1 + 0.7 · 1/2) / 1.7.
        #expect(abs(try #require(try method.value(of: judged, in: task)) - 1.35 / 1.7) < 1e-12)
        #expect(try method.value(of: [], in: task) == nil)
    }

    @Test("A weight that is missing or means nothing at any level is a located error")
    func errors() throws {
        var missing = task
        missing.criteria[1].children[1].importance = nil
        let first = try #require(throws: RewardError.self) { try method.validate([missing]) }
        #expect(first.code == .missingImportance)
        #expect(first.criterion == "drugs")
        var zero = task
        for index in 0..<2 { zero.criteria[0].children[index].weight = 0 }
        zero.criteria[0].weight = 1
        let numeric = ExplicitReward(weighting: .numeric, aggregation: .hierarchical)
        zero.criteria.removeSubrange(1...)
        let second = try #require(throws: RewardError.self) { try numeric.validate([zero]) }
        #expect(second.description.contains("criterion diagnosis: no criterion below it weighs anything"))
    }

    @Test("Only the leaves need a polarity")
    func polarity() throws {
        var undecided = task
        undecided.criteria[0].polarity = .undecided
        try method.validate([undecided])
        undecided.criteria[0].children[0].polarity = .undecided
        let error = try #require(throws: RewardError.self) { try method.validate([undecided]) }
        #expect(error.code == .undecidedPolarity)
        #expect(error.criterion == "sepsis")
    }

    @Test("A tree without children is the weighted mean", arguments: 0..<200)
    func flat(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let criteria = (0..<Int.random(in: 1...9, using: &generator)).map { index in
            Criterion(id: "c\(index)", description: "", weight: Double.random(in: 0.1...3, using: &generator))
        }
        let flat = RubricTask(id: "t", prompt: [], criteria: criteria)
        let tree = try CriteriaTree(of: flat, weighting: .numeric)
        let credited: [Bool?] = criteria.map { _ in [true, false, nil].randomElement(using: &generator) ?? nil }
        let judged = zip(criteria, credited).compactMap { criterion, credited in
            credited.map { JudgedCriterion(polarity: .positive, weight: criterion.weight ?? 0, isCredited: $0) }
        }
        let (left, right) = (tree.value(of: credited), Aggregation.weightedMean.value(of: judged))
        #expect((left == nil) == (right == nil))
        #expect(abs((left ?? 0) - (right ?? 0)) < 1e-12)
    }
}
