// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

@Suite("Grading methods")
struct GradingMethodTests {
    private static func task(reference: String? = "42", checked: Bool = true) -> RubricTask {
        RubricTask(
            id: "t",
            prompt: [Message(role: .user, content: "6 × 7?")],
            referenceAnswer: reference,
            criteria: [
                Criterion(
                    id: "a",
                    description: "Says 42.",
                    importance: .essential,
                    check: checked ? .anyOf(["42"]) : nil
                ),
                Criterion(id: "b", description: "Is kind.", importance: .optional),
            ]
        )
    }

    private func method(_ name: GradingMethod.Name, perCall: Int = 1) -> GradingMethod {
        var settings = RewardSettings()
        settings.method = name
        return GradingMethod(settings, criteriaPerCall: perCall)
    }

    @Test(
        "Each method has its question, its range and its criteria",
        arguments: [
            (.rarExplicit, .criteria(perCall: 1), ["a", "b"]), (.rarImplicit, .rating(.rubric), ["a", "b"]),
            (.directLikert, .rating(.prompt), []), (.referenceLikert, .rating(.reference), []),
            (.predefined, .criteria(perCall: 1), ["correct", "complete", "concise", "helpful"]),
            (.rlvr, .criteria(perCall: 1), ["a"]), (.pairwise, .comparison, []), (.listwise, .ranking, ["a", "b"]),
        ] as [(GradingMethod.Name, JudgeQuestion, [String])]
    )
    func questions(name: GradingMethod.Name, question: JudgeQuestion, criteria: [String]) {
        let method = method(name)
        #expect(method.name == name && method.question == question && method.reward.range == 0...1)
        #expect(method.prepared(Self.task()).criteria.map(\.id) == criteria)
        let counted: [GradingMethod.Name: [String]] = [
            .rarExplicit: ["a", "b"], .rarImplicit: ["a", "b"], .rlvr: ["a"],
        ]
        #expect(Self.task().criteria.filter(method.counts).map(\.id) == counted[name, default: []])
    }

    @Test(
        "All criteria in one call are asked for with nought",
        arguments: [.rarExplicit, .predefined, .rlvr] as [GradingMethod.Name]
    )
    func perCall(name: GradingMethod.Name) {
        #expect(method(name, perCall: 0).question == .criteria(perCall: .max))
        #expect(method(name, perCall: 3).question == .criteria(perCall: 3))
    }

    @Test("Ratings from 1 to 10 are normalised as the settings say; comparisons and ranks are rewards already")
    func normalization() {
        var settings = RewardSettings()
        settings.normalization = .tenth
        for name in GradingMethod.Name.allCases {
            settings.method = name
            let reward = GradingMethod(settings, criteriaPerCall: 1).reward
            switch name {
            case .rarImplicit, .directLikert, .referenceLikert: #expect(reward == .rating(.init(normalization: .tenth)))
            case .pairwise, .listwise, .command: #expect(reward == .rating(.init(normalization: nil)))
            case .rarExplicit, .predefined, .rlvr: #expect(reward.range == 0...1)
            }
        }
    }

    @Test("Generic criteria weigh alike, whatever the weighting of the rows' own")
    func uniform() throws {
        var settings = RewardSettings()
        settings.method = .predefined
        settings.weighting = .categorical
        let method = GradingMethod(settings, criteriaPerCall: 0)
        let task = method.prepared(Self.task())
        try method.validate([task])
        let verdicts = zip(task.criteria, [.met, .unmet, .met, .met] as [Verdict.Outcome]).map {
            Verdict(criterion: $0.id, outcome: $1, reason: "", judge: "j")
        }
        #expect(try method.reward.outcome(of: Assessment(verdicts: verdicts), for: task).value == 0.75)
    }

    @Test("Without a check of its own a row is verified by its reference answer")
    func verifiable() async throws {
        let method = method(.rlvr)
        let task = method.prepared(Self.task(checked: false))
        #expect(task.criteria.map(\.check) == [.finalAnswer("42")] && task.criteria[0].importance == .essential)
        let grader = Grader(method, judge: CheckJudge())
        #expect(try await grader.grade("The final answer is 42.", for: task).outcome.value == 1)
        #expect(try await grader.grade("The final answer is 41.", for: task).outcome.value == 0)
    }

    @Test(
        "A task without what a method compares with is an obstacle, alone, in a group and before work starts",
        arguments: [
            (.referenceLikert, "no \"reference_answer\""), (.pairwise, "no \"reference_answer\""),
            (.rlvr, "neither a \"check\" nor a \"reference_answer\""),
        ] as [(GradingMethod.Name, String)]
    )
    func obstacles(name: GradingMethod.Name, lacks: String) async throws {
        let method = method(name)
        let task = method.prepared(Self.task(reference: nil, checked: false))
        let obstacle = UnscoredReason(
            reason: "no_reference",
            detail: "the task has \(lacks), which \(name.rawValue) needs"
        )
        #expect(method.obstacle(of: task) == obstacle)
        let grader = Grader(method, judge: CheckJudge())
        #expect(try await grader.grade("42", for: task).outcome == .unscored(obstacle))
        #expect(
            try await grader.grade(group: ["42", ""], for: task).map(\.outcome) == [
                .unscored(obstacle), .unscored(obstacle),
            ]
        )
        let error = #expect(throws: RewardError.self) { try method.validate([Self.task(), task]) }
        #expect(error?.code == .missingReference)
        #expect(error?.description == "task \"t\": \(obstacle.detail): add one, or choose another method")
    }

    @Test(
        "With what they compare with, and for the other methods, there is none",
        arguments: GradingMethod.Name.allCases
    )
    func noObstacle(name: GradingMethod.Name) throws {
        let method = method(name)
        let task = method.prepared(Self.task())
        #expect(method.obstacle(of: task) == nil)
        try method.validate([task])
        let needs: Set<GradingMethod.Name> = [.referenceLikert, .pairwise, .rlvr]
        let bare = method.prepared(Self.task(reference: nil, checked: false))
        #expect((method.obstacle(of: bare) != nil) == needs.contains(name))
    }

    @Test("A grader's grade is the judge's assessment and what it is worth")
    func grades() async throws {
        var settings = RewardSettings()
        settings.weighting = .uniform
        let method = GradingMethod(settings, criteriaPerCall: 1)
        var task = Self.task()
        task.criteria[1].check = .anyOf(["please"])
        let grader = Grader(method, judge: CheckJudge())
        let grade = try await grader.grade("42", for: task)
        #expect(grade.outcome.value == 0.5 && grade.assessment.verdicts.map(\.outcome) == [.met, .unmet])
        let grades = try await grader.grade(group: ["42, please", "", "no"], for: task)
        #expect(grades.map(\.outcome.value) == [1, 0, 0])
        #expect(grades.map(\.assessment.completionIsEmpty) == [false, true, false])
    }
}
