// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics
import RubricsTesting
import Testing

@Suite("Judges")
struct CheckJudgeTests {
    private let task = RubricTask(
        id: "t1",
        prompt: [Message(role: .user, content: "What helps?")],
        criteria: [
            Criterion(id: "c1", title: "Names water", description: "Names water.", check: .anyOf(["water"])),
            Criterion(id: "c2", description: "Is short.", check: .words(min: nil, max: 5)),
            Criterion(id: "c3", description: "Advises aspirin.", polarity: .negative, check: .anyOf(["aspirin"])),
        ]
    )

    private func outcomes(_ assessment: Assessment) -> [Verdict.Outcome] {
        assessment.verdicts.map(\.outcome)
    }

    @Test("Verdicts are about the statement, whatever the polarity")
    func verdicts() async throws {
        for judge in [CheckJudge(), try CheckJudge(preparing: [task])] {
            let assessment = try await judge.assess("Water and Aspirin.", for: task)
            #expect(outcomes(assessment) == [.met, .met, .met])
            #expect(assessment.verdicts.map(\.evidence) == [["Water"], [], ["Aspirin"]])
            #expect(assessment.verdicts.allSatisfy { $0.judge == "checks" })
            #expect(assessment.usage == .zero)
        }
    }

    @Test("An empty completion meets nothing and says so")
    func empty() async throws {
        let assessment = try await CheckJudge().assess("<think>water</think> ", for: task)
        #expect(assessment.completionIsEmpty)
        #expect(outcomes(assessment) == [.unmet, .unmet, .unmet])
    }

    @Test("Thinking is not judged, and evidence stands in the completion itself")
    func thinking() async throws {
        let assessment = try await CheckJudge().assess(
            "<think>aspirin, aspirin and more</think>Drink water.",
            for: task
        )
        #expect(outcomes(assessment) == [.met, .met, .unmet])
        #expect(assessment.verdicts[0].evidence == ["water"])
    }

    @Test("A task that changed since it was prepared is judged as it is now")
    func changedTask() async throws {
        let judge = try CheckJudge(preparing: [task])
        var changed = task
        changed.criteria[0].check = .anyOf(["tea"])
        #expect(outcomes(try await judge.assess("Tea.", for: changed))[0] == .met)
    }

    @Test("A criterion without a check is found before work starts, and is unjudged if not")
    func missingCheck() async throws {
        var broken = task
        broken.criteria[1].check = nil
        broken.criteria[2].check = nil
        let error = try #require(throws: JudgingError.self) { try CheckJudge.validate([task, broken]) }
        #expect(error.code == .missingCheck)
        #expect(error.description.hasPrefix("task \"t1\": criterion c2: has no check (nor have 1 other criterion)"))
        #expect(error.description.contains("add a \"check\""))
        #expect(throws: JudgingError.self) { try CheckJudge(preparing: [broken]) }
        let assessment = try await CheckJudge().assess("Water.", for: broken)
        guard case .unjudged(let failure) = assessment.verdicts[1].outcome else {
            Issue.record("judged without a check")
            return
        }
        #expect(failure.detail.contains("c2"))
    }

    @Test("A check that cannot be used is found before work starts")
    func invalidCheck() throws {
        var broken = task
        broken.criteria[0].check = .regex("a(")
        let error = try #require(throws: JudgingError.self) { try CheckJudge.validate([broken]) }
        let place = #"task "t1": criterion c1 (Names water): regular expression "a(", character 2: "#
        #expect(error.description.hasPrefix(place))
    }

    @Test("Every judge conforms", .timeLimit(.minutes(10)))
    func conformance() async throws {
        let judges: [any Judge] = [
            CheckJudge(), try CheckJudge(preparing: [task]), FailingJudge(), RecordingJudge(CheckJudge()),
            ScriptedJudge(table: [:]),
            FaultInjectingJudge(CheckJudge(), failing: .seeded(1, rate: 0.5, causes: [.timeout])),
        ]
        for judge in judges {
            #expect(await JudgeConformance.violations(of: judge, tasks: [task]) == [], "\(judge.name)")
        }
    }

    @Test("Conformance finds what is broken")
    func violations() async {
        struct Careless: Judge {
            let name = ""
            func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
                let verdicts = task.criteria.reversed().map {
                    Verdict(criterion: $0.id, outcome: .met, reason: "", evidence: ["invented"], judge: "")
                }
                return Assessment(verdicts: verdicts, usage: CallUsage(tokens: TokenUsage(input: 1, cachedInput: 2)))
            }
        }
        let found = await JudgeConformance.violations(of: Careless(), tasks: [task]).joined(separator: "\n")
        for part in ["no name", "in this order", "names no judge", "invented", "and was judged", "usage", "cancelled"] {
            #expect(found.contains(part))
        }
    }
}

@Suite("Test doubles")
struct DoublesTests {
    private let task = RubricTask(
        id: "t",
        prompt: [],
        criteria: [Criterion(id: "a", description: ""), Criterion(id: "b", description: "")]
    )

    @Test("A scripted judge follows its table sample by sample")
    func scripted() async throws {
        let judge = ScriptedJudge(table: ["t": [["a": .met], ["b": .cannotAssess]]])
        var outcomes: [[Verdict.Outcome]] = []
        for _ in 0..<3 { outcomes.append(try await judge.assess("x", for: task).verdicts.map(\.outcome)) }
        #expect(outcomes == [[.met, .unmet], [.unmet, .cannotAssess], [.unmet, .cannotAssess]])
    }

    @Test("Seeded faults depend on the text, not on the order")
    func seededFaults() async throws {
        let texts = (0..<50).map { "text \($0)" }
        func failures(_ texts: [String]) async throws -> [String: [Verdict.Outcome]] {
            let script = ScriptedJudge { _, _, _, _ in .met }
            let causes: [JudgeFailure.Cause] = [.timeout, .refusal]
            let judge = FaultInjectingJudge(script, failing: .seeded(7, rate: 0.3, causes: causes))
            var outcomes: [String: [Verdict.Outcome]] = [:]
            for text in texts { outcomes[text] = try await judge.assess(text, for: task).verdicts.map(\.outcome) }
            return outcomes
        }
        let forwards = try await failures(texts)
        #expect(try await failures(texts.reversed()) == forwards)
        let failed = forwards.values.joined().filter { $0 != .met }.count
        #expect((10...50).contains(failed))
    }

    @Test("Scheduled faults hit what they name, after the delay on the clock given")
    func scheduledFaults() async throws {
        let clock = ImmediateClock()
        let base = RecordingJudge(ScriptedJudge { _, _, _, _ in .met })
        let judge = FaultInjectingJudge(base, failing: .assessments([1: .quota]), on: clock) { .seconds($0 + 1) }
        let first = try await judge.assess("x", for: task)
        let second = try await judge.assess("y", for: task)
        #expect(first.verdicts.allSatisfy { $0.outcome == .met })
        let failure = JudgeFailure(cause: .quota, detail: "injected")
        #expect(second.verdicts.allSatisfy { $0.outcome == .unjudged(failure) })
        #expect(clock.now.offset == .seconds(3))
        #expect(base.calls.map(\.completion) == ["x", "y"])
        let named = FaultInjectingJudge(base, failing: .criteria(["t": ["b": .malformed]]))
        let outcomes = try await named.assess("z", for: task).verdicts.map(\.outcome)
        #expect(outcomes == [.met, .unjudged(JudgeFailure(cause: .malformed, detail: "injected"))])
    }
}
