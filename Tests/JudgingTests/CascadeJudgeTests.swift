// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Cascades of judges")
struct CascadeJudgeTests {
    private static let malformed = JudgeFailure(cause: .malformed, detail: "first")

    /// A judge that finds the same outcome of every criterion, with the same confidence.
    private struct SureJudge: Judge {
        var name: String
        var outcomes: [String: Verdict.Outcome]
        var confidence: Double?

        func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
            if Thinking.standard.leavesNothing(of: completion) { return .empty(for: task, judge: name) }
            let verdicts = task.criteria.map {
                Verdict(
                    criterion: $0.id,
                    outcome: outcomes[$0.id] ?? .met,
                    reason: name,
                    judge: name,
                    confidence: confidence
                )
            }
            return Assessment(
                verdicts: verdicts,
                usage: CallUsage(calls: task.criteria.count),
                failures: [CallKey(bytes: Array(name.utf8)): ChatModelError(.timeout, name)]
            )
        }
    }

    private func verdict(
        _ first: Verdict.Outcome,
        confidence: Double? = nil,
        then second: Verdict.Outcome
    ) async throws -> Verdict {
        var task = JudgedTask.task
        task.criteria = [task.criteria[0]]
        let cascade = CascadeJudge(
            SureJudge(name: "first", outcomes: ["fluids": first], confidence: confidence),
            then: SureJudge(name: "second", outcomes: ["fluids": second], confidence: 1),
            below: 0.8
        )
        return try await cascade.assess("Drink.", for: task).verdicts[0]
    }

    @Test(
        "The first judge's verdict stands where it is sure or gives no confidence, the second's elsewhere",
        arguments: [
            (.met, nil, "first"), (.met, 0.8, "first"), (.unmet, 0.95, "first"), (.met, 0.79, "second"),
            (.unmet, 0.5, "second"), (.cannotAssess, 1, "second"), (.unjudged(malformed), nil, "second"),
        ] as [(Verdict.Outcome, Double?, String)]
    )
    func escalation(first: Verdict.Outcome, confidence: Double?, expected: String) async throws {
        let verdict = try await verdict(first, confidence: confidence, then: .unmet)
        #expect(verdict.judge == expected && verdict.outcome == (expected == "first" ? first : .unmet))
    }

    @Test(
        "Where the second judge fails, the first's finding stands, its own failure confirmed if both are content-bound"
    )
    func failures() async throws {
        let refusal = Verdict.Outcome.unjudged(JudgeFailure(cause: .refusal, detail: "second"))
        let timeout = Verdict.Outcome.unjudged(JudgeFailure(cause: .timeout, detail: "second"))
        #expect(try await verdict(.met, confidence: 0.1, then: refusal).outcome == .met)
        #expect(try await verdict(.cannotAssess, then: timeout).outcome == .cannotAssess)
        let confirmed = try await verdict(.unjudged(Self.malformed), then: refusal).failure
        #expect(confirmed == JudgeFailure(cause: .malformed, detail: "first", isConfirmed: true))
        let alone = try await verdict(.unjudged(Self.malformed), then: timeout).failure
        #expect(alone == Self.malformed)
        let late = try await verdict(timeout, then: refusal).failure
        #expect(late?.cause == .timeout && late?.isConfirmed == false)
    }

    @Test("The second judge is asked about the doubtful criteria alone, and everything is added up in order")
    func rest() async throws {
        let recorded = RecordingJudge(SureJudge(name: "second", outcomes: [:]))
        let first = SureJudge(
            name: "first",
            outcomes: ["rest": .cannotAssess, "antibiotics": .unjudged(Self.malformed)]
        )
        let cascade = CascadeJudge(first, then: recorded, below: 0.8)
        #expect(cascade.name == "first>second")
        let assessment = try await cascade.assess("Drink.", for: JudgedTask.task)
        #expect(assessment.verdicts.map(\.criterion) == JudgedTask.task.criteria.map(\.id))
        #expect(assessment.verdicts.map(\.judge) == ["first", "second", "first", "second"])
        #expect(recorded.calls.map { $0.assessment.verdicts.map(\.criterion) } == [["rest", "antibiotics"]])
        #expect(assessment.usage.calls == 6 && assessment.failures.count == 2)
    }

    @Test("A sure first judge and an empty completion cost no second call", arguments: ["Drink.", ""])
    func unasked(completion: String) async throws {
        let recorded = RecordingJudge(SureJudge(name: "second", outcomes: [:]))
        let cascade = CascadeJudge(SureJudge(name: "first", outcomes: [:]), then: recorded, below: 0.8)
        let assessment = try await cascade.assess(completion, for: JudgedTask.task)
        #expect(recorded.calls.isEmpty && assessment.verdicts.count == 4)
        #expect(assessment.completionIsEmpty == completion.isEmpty)
    }

    @Test("A panel's divided votes are asked about again, its agreed ones are not")
    func panel() async throws {
        let votes: [Verdict.Outcome] = [.met, .met, .unmet]
        let panel = JudgePanel(
            votes.map { vote in .init(ScriptedJudge { _, criterion, _, _ in criterion.id == "rest" ? vote : .met }) }
        )
        let cascade = CascadeJudge(panel, then: SureJudge(name: "second", outcomes: [:]), below: 0.8)
        let verdicts = try await cascade.assess("Drink.", for: JudgedTask.task).verdicts
        #expect(verdicts.map(\.judge) == ["scripted", "second", "scripted", "scripted"])
    }
}
