// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rewards
import Rubrics
import Testing

/// Ten criteria: three essential, three important, two optional, two pitfalls.
private let task = RubricTask(
    id: "t",
    prompt: [],
    criteria: ([Importance.essential, .essential, .essential, .important, .important, .important]
        + [.optional, .optional, .pitfall, .pitfall])
        .enumerated().map { Criterion(id: "c\($0)", description: "", importance: $1) }
)

private func moment(seed: UInt64 = 1, step: Int = 1, steps: Int = 100) -> TrainingMoment {
    TrainingMoment(seed: seed, step: step, steps: steps)
}

/// A member as `method` would have recorded it; `nil` is a criterion that was not judged.
private func member(_ credited: [Bool?], by method: ExplicitReward = ExplicitReward()) throws -> GroupMember {
    let weights = try method.weighting.weights(of: task)
    let judged = zip(zip(task.criteria, weights), credited).compactMap { weighed, credited in
        credited.map { isCredited in
            JudgedCriterion(
                id: weighed.0.id,
                polarity: .positive,
                importance: weighed.0.importance,
                weight: weighed.1,
                isCredited: isCredited
            )
        }
    }
    return GroupMember(reward: method.value(of: judged), judged: judged)
}

private func group(seed: UInt64, by method: ExplicitReward = ExplicitReward()) throws -> [GroupMember] {
    var generator = SplitMix64(seed: seed)
    return try (0..<8).map { _ in try member(task.criteria.map { _ in Bool.random(using: &generator) }, by: method) }
}

@Suite("Shaping over a group")
struct GroupShapingTests {
    @Test("With nothing set, advantages are made of recorded rewards")
    func identity() throws {
        var members = try group(seed: 1)
        members[2].reward = nil
        members[3].reward = 0.123
        let values = try GroupShaping().values(of: members, for: task, by: ExplicitReward(), at: moment())
        #expect(values == members.map(\.reward))
    }

    @Test("Unscored members stay so, whatever their verdicts")
    func unscored() throws {
        var members = try group(seed: 2)
        members[0].reward = nil
        for shaping in [GroupShaping(normalizesCriteria: true), GroupShaping(dropout: CriterionDropout(protected: []))]
        {
            let values = try shaping.values(of: members, for: task, by: ExplicitReward(), at: moment())
            #expect(values[0] == nil)
            #expect(values.dropFirst().allSatisfy { $0 != nil })
            let others = try shaping.values(
                of: Array(members.dropFirst()),
                for: task,
                by: ExplicitReward(),
                at: moment()
            )
            #expect(Array(values.dropFirst()) == others)
        }
    }

    @Test("An empty completion keeps its floor")
    func empty() throws {
        let method = ExplicitReward(negative: .penalty, clip: false)
        var members = try group(seed: 3, by: method)
        members[0] = GroupMember(reward: 0, judged: members[0].judged, completionIsEmpty: true)
        let shaping = GroupShaping(dropout: CriterionDropout(), curriculum: [.init(until: 1, weights: .uniform)])
        #expect(try shaping.values(of: members, for: task, by: method, at: moment())[0] == 0)
    }

    @Test("Normalizing criteria is the group's normalization of what was recorded", arguments: 0..<50)
    func normalized(seed: UInt64) throws {
        let members = try group(seed: seed)
        let values = try GroupShaping(normalizesCriteria: true)
            .values(of: members, for: task, by: ExplicitReward(), at: moment())
        #expect(values == GroupRewards.normalized(members.map(\.judged)))
    }

    @Test("Dropout aggregates what is left by the method", arguments: 0..<200)
    func dropout(seed: UInt64) throws {
        let method = ExplicitReward(aggregation: .essentialGated())
        let members = try group(seed: seed, by: method)
        let dropout = CriterionDropout(share: 0.3)
        let values = try GroupShaping(dropout: dropout)
            .values(of: members, for: task, by: method, at: moment(seed: seed))
        let dropped = dropout.dropped(from: task, at: moment(seed: seed))
        #expect(dropped.count == 3)
        let expected = members.map { member in
            method.value(of: member.judged.filter { !dropped.contains($0.id) })
        }
        #expect(values == expected)
    }

    // Until step 30 of 100 essential criteria alone; until step 60 uniform; then the paper's: 3·1 + 3·0.7 + 2·0.3 +
    // 2·0.9 = 7.5. The member earns one essential, all important and nothing else.
    @Test(
        "A curriculum's weights are in force up to the end of its stage",
        arguments: [
            (1, 1.0 / 3), (30, 1.0 / 3), (31, 0.4), (60, 0.4), (61, 3.1 / 7.5), (100, 3.1 / 7.5),
        ] as [(Int, Double)]
    )
    func curriculum(step: Int, expected: Double) throws {
        let first: [Importance: Double] = [.essential: 1, .important: 0, .optional: 0, .pitfall: 0]
        let shaping = GroupShaping(
            curriculum: [.init(until: 0.3, weights: .custom(first)), .init(until: 0.6, weights: .uniform)]
        )
        let credited = [true, false, false, true, true, true, false, false, false, false]
        let members = [try member(credited)]
        try shaping.validate([task], for: ExplicitReward())
        let values = try shaping.values(of: members, for: task, by: ExplicitReward(), at: moment(step: step))
        #expect(abs(try #require(values[0]) - expected) < 1e-12)
        #expect(abs(try #require(members[0].reward) - 3.1 / 7.5) < 1e-12)
    }

    // Without the dropped leaf b: node 1 is a alone, node 2 is c: (1 + 0) / 2. With a flat list of effective weights
    // it would be 0.25 / 0.75.
    @Test("What is left of a tree is a tree")
    func tree() throws {
        let nodes = [["a", "b"], ["c"]].map { ids in
            Criterion(
                id: ids.joined(),
                description: "",
                weight: 1,
                children: ids.map { Criterion(id: $0, description: "", importance: .optional, weight: 1) }
            )
        }
        let tree = RubricTask(id: "tree", prompt: [], criteria: nodes)
        let method = ExplicitReward(weighting: .numeric, aggregation: .hierarchical)
        let judged = zip(["a", "b", "c"], [0.25, 0.25, 0.5]).map {
            JudgedCriterion(id: $0, polarity: .positive, weight: $1, isCredited: $0 == "a")
        }
        let member = GroupMember(reward: 0.25, judged: judged)
        let dropout = CriterionDropout(share: 0.4, minimum: 2)
        let seed = try #require(
            (0..<50).first {
                dropout.dropped(from: method.judgedTask(for: tree), at: moment(seed: $0)) == ["b"]
            }
        )
        let values = try GroupShaping(dropout: dropout)
            .values(of: [member], for: tree, by: method, at: moment(seed: UInt64(seed)))
        #expect(values == [0.5])
    }
}

@Suite("Criterion dropout")
struct CriterionDropoutTests {
    @Test("The mask follows from seed, step and task alone, and spares what is protected", arguments: 0..<200)
    func mask(seed: UInt64) {
        let dropout = CriterionDropout(share: 0.5, protected: [.essential, .pitfall])
        let dropped = dropout.dropped(from: task, at: moment(seed: seed))
        #expect(dropped == dropout.dropped(from: task, at: moment(seed: seed, steps: 7)))
        // Five wanted, five droppable.
        #expect(dropped == ["c3", "c4", "c5", "c6", "c7"])
        let half = CriterionDropout(share: 0.35).dropped(from: task, at: moment(seed: seed))
        #expect(half.count == 3)
        #expect(Set(half).isDisjoint(with: ["c0", "c1", "c2"]))
        #expect(half == half.sorted())
    }

    @Test("Steps and tasks have masks of their own, and every criterion's turn comes equally")
    func spread() {
        let dropout = CriterionDropout(share: 0.3, protected: [])
        let masks = (1...2_000).map { dropout.dropped(from: task, at: moment(step: $0)) }
        #expect(Set(masks).count > 100)
        var other = task
        other.id = "u"
        #expect((1...20).contains { dropout.dropped(from: other, at: moment(step: $0)) != masks[$0 - 1] })
        for criterion in task.criteria {
            // 600 of 2,000 expected, deviation 20.
            #expect((500...700).contains(masks.count { $0.contains(criterion.id) }))
        }
    }

    @Test(
        "At least the minimum is kept",
        arguments: [(10, 0.9, 3, 7), (4, 0.5, 3, 1), (3, 0.9, 3, 0), (2, 0.9, 3, 0), (10, 0.0, 3, 0), (10, 0.3, 3, 3)]
    )
    func minimum(count: Int, share: Double, minimum: Int, expected: Int) {
        var small = task
        small.criteria = Array(task.criteria.prefix(count))
        let dropout = CriterionDropout(share: share, minimum: minimum, protected: [])
        #expect(dropout.dropped(from: small, at: moment()).count == expected)
    }
}

@Suite("Shaping in recipes")
struct GroupShapingCodingTests {
    private func decoded(_ yaml: String) throws -> GroupShaping {
        try Document.yaml(yaml, file: "r.yaml").decode(GroupShaping.self)
    }

    @Test("Every part can be written in a recipe, and what is missing is off")
    func reading() throws {
        let shaping = try decoded(
            """
            normalize_criteria: true
            dropout: {share: 0.5, minimum: 4, protect: [essential, pitfall]}
            curriculum:
              - {until: 0.3, weights: {essential: 1, important: 0.5, optional: 0, pitfall: 1}}
              - {until: 0.6, weights: uniform}
            """
        )
        #expect(shaping.normalizesCriteria)
        #expect(shaping.dropout == CriterionDropout(share: 0.5, minimum: 4, protected: [.essential, .pitfall]))
        #expect(shaping.curriculum.map(\.until) == [0.3, 0.6])
        #expect(shaping.curriculum[1].weights == .uniform)
        #expect(try JSONDecoder().decode(GroupShaping.self, from: JSONEncoder().encode(shaping)) == shaping)
        #expect(try decoded("{}") == GroupShaping())
        #expect(try decoded("dropout: {}").dropout == CriterionDropout(share: 0.4, minimum: 3, protected: [.essential]))
    }

    @Test(
        "What is misspelt or out of range is an error at its place",
        arguments: [
            ("normalise_criteria: true", "did you mean \"normalize_criteria\"?"),
            ("dropout: {shares: 0.4}", "did you mean \"share\"?"), ("dropout: {share: 1}", "dropout.share 1.0"),
            ("dropout: {minimum: 0}", "dropout.minimum 0 is below 1"),
            ("dropout: {protect: [esential]}", "did you mean \"essential\"?"),
            ("curriculum: [{until: 0, weights: uniform}]", "until 0.0 is not above 0.0"),
            ("curriculum: [{until: 0.5, weights: uniform}, {until: 0.5, weights: numeric}]", "is not above 0.5"),
            ("curriculum: [{until: 1.5, weights: uniform}]", "at most 1"),
            ("curriculum: [{until: 0.5}]", "missing key \"weights\""),
        ]
    )
    func errors(yaml: String, message: String) throws {
        let error = try #require(throws: DocumentError.self) { try decoded(yaml) }
        #expect("\(error)".contains(message))
    }

    @Test("What means nothing with the method or the tasks is refused before work starts")
    func validation() throws {
        let normalizing = GroupShaping(normalizesCriteria: true)
        try normalizing.validate([task], for: ExplicitReward(aggregation: .hierarchical))
        let first = try #require(throws: RewardError.self) {
            try normalizing.validate([task], for: ExplicitReward(aggregation: .softMin()))
        }
        #expect(first.description.contains("normalize_criteria with aggregation soft_min means nothing"))
        let partial = GroupShaping(curriculum: [.init(until: 0.5, weights: .custom([.essential: 1]))])
        let second = try #require(throws: RewardError.self) { try partial.validate([task], for: ExplicitReward()) }
        #expect(second.description.hasPrefix("task \"t\": criterion c3: the weights have no entry for important"))
        #expect(second.description.hasSuffix("(in the curriculum's stage until 0.5)"))
        let range = try #require(throws: RewardError.self) {
            try GroupShaping(dropout: CriterionDropout(share: -1)).validate([], for: ExplicitReward())
        }
        #expect(range.code == .invalidSetting)
    }
}
