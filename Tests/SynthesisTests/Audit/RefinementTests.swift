// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Refinement by an audit")
struct RefinementTests {
    private static let task = RubricTask(
        id: "t",
        prompt: [Message(role: .user, content: "What helps against a fever?")],
        criteria: [
            Criterion(id: "rest", description: "Advises plenty of rest in bed.", importance: .essential),
            Criterion(id: "rest2", description: "Advises bed rest.", importance: .important),
            Criterion(id: "water", description: "Advises drinking water.", importance: .important),
            Criterion(id: "doctor", description: "Says when a doctor is needed.", importance: .optional),
        ]
    )

    private static func verdict(_ findings: [AuditFinding], trust: Double? = 0.6) -> AuditVerdict {
        AuditVerdict(task: "t", contentHash: task.contentHash, trust: trust, findings: findings)
    }

    @Test(
        "Only what the evidence settles is taken out",
        arguments: AuditFinding.Kind.allCases
    )
    func kinds(kind: AuditFinding.Kind) {
        let finding = AuditFinding(kind, criterion: "water", other: "rest", evidence: "seen")
        let outcome = Refinement().refine(Self.task, by: Self.verdict([finding]))
        guard [.unreachable, .saturated, .inverted].contains(kind) else {
            #expect(outcome == .unchanged)
            return
        }
        guard case .refined(let refined) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(refined.criteria.map(\.id) == ["rest", "rest2", "doctor"])
        #expect(refined.provenance?.parents == [Self.task.contentHash])
        #expect(
            refined.provenance?.changes == [
                .init(by: "refine", action: "removed", criterion: "water", reason: "\(kind.rawValue): seen")
            ]
        )
        #expect(refined.contentHash != Self.task.contentHash)
    }

    @Test("Of two that agree and say the same the lesser goes; two that only agree stay")
    func redundant() {
        let same = AuditFinding(.redundant, criterion: "rest", other: "rest2", evidence: "")
        guard case .refined(let refined) = Refinement().refine(Self.task, by: Self.verdict([same])) else {
            Issue.record("nothing was taken out")
            return
        }
        #expect(refined.criteria.map(\.id) == ["rest", "water", "doctor"])
        let other = AuditFinding(.redundant, criterion: "water", other: "doctor", evidence: "")
        #expect(Refinement().refine(Self.task, by: Self.verdict([other])) == .unchanged)
    }

    @Test("A rubric without enough left is set aside, with the reason")
    func shortage() {
        let two = ["rest", "water"].map { AuditFinding(.saturated, criterion: $0, evidence: "") }
        #expect(
            Refinement().refine(Self.task, by: Self.verdict(two)) == .setAside("only 2 of 4 criteria would be left")
        )
        let weighty = ["rest", "rest2", "water"].map { AuditFinding(.saturated, criterion: $0, evidence: "") }
        #expect(
            Refinement(minimumCriteria: 1).refine(Self.task, by: Self.verdict(weighty))
                == .setAside("no essential or important criterion would be left")
        )
    }

    @Test("A rubric that cannot be trusted is set aside; one that nobody tried is not")
    func trust() {
        let refinement = Refinement(minimumTrust: 0.7)
        #expect(refinement.refine(Self.task, by: Self.verdict([])) == .setAside("trust 0.60 is below 0.70"))
        #expect(refinement.refine(Self.task, by: Self.verdict([], trust: nil)) == .unchanged)
    }

    @Test("A rubric that was edited since is left alone")
    func outdated() {
        var edited = Self.task
        edited.criteria[0].description += " For a week."
        let finding = AuditFinding(.saturated, criterion: "water", evidence: "")
        #expect(Refinement().refine(edited, by: Self.verdict([finding])) == .outdated)
    }
}
