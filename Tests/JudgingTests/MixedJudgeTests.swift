// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Checks beside a judge")
struct MixedJudgeTests {
    /// The task with checks on its criteria at some places.
    private func task(checked places: Set<Int>) -> RubricTask {
        var task = JudgedTask.task
        for place in places { task.criteria[place].check = .anyOf(["water"]) }
        return task
    }

    private func judge() -> (MixedJudge, RecordingJudge) {
        let base = ScriptedJudge(name: "base", usage: CallUsage(calls: 1)) { _, criterion, _, _ in
            criterion.id == "kind" ? .cannotAssess : .unmet
        }
        let recorded = RecordingJudge(base)
        return (MixedJudge(checks: CheckJudge(), base: recorded), recorded)
    }

    @Test(
        "Criteria with a check are decided by it, the others by the judge, in the rubric's order",
        arguments: [[], [0], [1, 3], [0, 1, 2, 3]] as [Set<Int>]
    )
    func division(places: Set<Int>) async throws {
        let (judge, recorded) = judge()
        let task = task(checked: places)
        let assessment = try await judge.assess("Drink water.", for: task)
        #expect(assessment.verdicts.map(\.criterion) == task.criteria.map(\.id))
        #expect(assessment.verdicts.map(\.judge) == (0..<4).map { places.contains($0) ? "checks" : "base" })
        for place in places { #expect(assessment.verdicts[place].outcome == .met) }
        #expect(recorded.calls.count == (places.count == 4 ? 0 : 1))
        #expect(assessment.usage.calls == recorded.calls.count)
        #expect(judge.name == "base")
    }

    @Test("A judge that fails leaves the checked criteria judged")
    func failure() async throws {
        let judge = MixedJudge(checks: CheckJudge(), base: FailingJudge(cause: .timeout))
        let verdicts = try await judge.assess("Drink water.", for: task(checked: [0, 2])).verdicts
        #expect(verdicts.map { $0.failure?.cause } == [nil, .timeout, nil, .timeout])
    }

    @Test("An empty completion meets nothing and costs nothing")
    func empty() async throws {
        let (judge, _) = judge()
        let assessment = try await judge.assess("", for: task(checked: [1]))
        #expect(assessment.completionIsEmpty && assessment.usage == .zero)
        #expect(assessment.verdicts.map(\.outcome) == Array(repeating: .unmet, count: 4))
    }
}
