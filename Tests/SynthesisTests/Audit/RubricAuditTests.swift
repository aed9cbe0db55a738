// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

/// Rewards and verdicts written by hand, and what follows from them.
@Suite("Audits of a rubric")
struct RubricAuditTests {
    private static func task(_ criteria: [Criterion]) -> RubricTask {
        RubricTask(id: "t", prompt: [Message(role: .user, content: "Why?")], criteria: criteria)
    }

    private static func grade(
        _ kind: AuditProbe.Kind,
        _ reward: Double?,
        _ credited: [Bool?] = [],
        kept: Double? = nil
    ) -> ProbeGrade {
        let probe = AuditProbe(id: kind.rawValue, kind: kind, text: "text", kept: kept)
        return ProbeGrade(
            probe: probe,
            reward: reward,
            credited: credited,
            unscored: reward == nil ? "timeout: 1 s" : nil
        )
    }

    private static func audit(_ grades: [ProbeGrade], _ criteria: [Criterion] = []) -> RubricAudit {
        let task = task(criteria)
        return RubricAudit(task, parts: task.criteria.map { .init($0, weight: $0.weight ?? 1) }, grades: grades)
    }

    @Test("Rewards give the measures that are found by hand")
    func measures() throws {
        let audit = Self.audit([
            Self.grade(.reference, 1), Self.grade(.plain, 0.5), Self.grade(.degraded, 0.75, kept: 0.75),
            Self.grade(.degraded, 0.75, kept: 0.25), Self.grade(.nothing, 0.25), Self.grade(.keywords, 0.5),
            Self.grade(.echo, 0.25), Self.grade(.sample, 0), Self.grade(.sample, 1),
        ])
        let measures = audit.measures
        // Good 1 and 0.5 against bad 0.75, 0.75 and 0.25: the first above all three, the second above the last.
        #expect(measures.discrimination == 4.0 / 6)
        #expect(measures.separation == 0.75 - 1.75 / 3)
        // Of the six pairs of 1, 0.75, 0.75, 0.25 five fall and one is a tie.
        #expect(measures.monotonicity == 5.5 / 6)
        #expect(measures.spread == 0.5.squareRoot())
        // Keywords get (0.5 - 0.25) / (1 - 0.25) of what a good answer gets beyond nothing.
        #expect(measures.hackability == 1.0 / 3)
        let parts = [2 * 4.0 / 6 - 1, 2 * 5.5 / 6 - 1, 2.0 / 3]
        let trust = try #require(audit.trust)
        #expect(abs(trust * trust * trust - parts.reduce(1, *)) < 1e-12)
        #expect(audit.findings.map(\.kind) == [.noSeparation])
    }

    @Test("A policy's equal rewards, a paid hack, a reward that does not fall, and a lost one are named")
    func rewardFindings() {
        let audit = Self.audit([
            Self.grade(.reference, 0.5), Self.grade(.degraded, 0.75, kept: 0.5), Self.grade(.nothing, 0.25),
            Self.grade(.verbosity, 0.75), Self.grade(.formatting, nil), Self.grade(.sample, 0.4),
            Self.grade(.sample, 0.4),
        ])
        #expect(audit.findings.map(\.kind) == [.unscored, .noSeparation, .notMonotone, .flat, .hackableRubric])
        #expect(audit.measures.hackability == 1 && audit.trust == 0)
    }

    @Test("Without a good answer there is no trust, and that is said")
    func noGoodAnswer() {
        let audit = Self.audit([Self.grade(.nothing, 0.5), Self.grade(.echo, 0.5)])
        #expect(audit.trust == nil && audit.findings.map(\.kind) == [.noGoodAnswer])
    }

    /// A criterion with its verdicts on a good answer, another, two bad ones, nothing and a hack.
    private struct Trial: CustomTestStringConvertible {
        let name: String
        let verdicts: [Bool?]
        let expected: [AuditFinding.Kind]
        var importance = Importance.essential
        var kind = CriterionKind.content
        var testDescription: String { name }
    }

    private static let trials = [
        Trial(name: "tells", verdicts: [true, true, false, false, false, false], expected: []),
        Trial(name: "unreachable", verdicts: [false, false, false, true, false, false], expected: [.unreachable]),
        Trial(name: "saturated", verdicts: [true, true, true, true, true, true], expected: [.saturated]),
        Trial(
            name: "avoided by all",
            verdicts: [true, true, true, true, true, true],
            expected: [.untested],
            importance: .pitfall
        ),
        Trial(
            name: "form kept by all",
            verdicts: [true, true, true, true, true, true],
            expected: [.untested],
            kind: .form
        ),
        Trial(name: "inverted", verdicts: [true, false, true, true, true, false], expected: [.inverted]),
        Trial(name: "hackable", verdicts: [true, true, false, false, false, true], expected: [.hackable]),
        Trial(
            name: "a pitfall avoided by a hack",
            verdicts: [true, true, false, false, false, true],
            expected: [],
            importance: .pitfall
        ),
        Trial(name: "unjudged", verdicts: [nil, nil, nil, nil, nil, nil], expected: []),
        Trial(name: "half judged", verdicts: [true, nil, false, nil, nil, nil], expected: []),
    ]

    @Test("A criterion's verdicts say what is wrong with it", arguments: trials)
    private func criterion(_ trial: Trial) {
        let kinds: [AuditProbe.Kind] = [.reference, .plain, .degraded, .offTopic, .nothing, .keywords]
        let grades = zip(kinds, trial.verdicts).map { Self.grade($0, $0.standing == .good ? 1 : 0, [$1]) }
        let criterion = Criterion(description: "d", importance: trial.importance, weight: 1, kind: trial.kind)
        let audit = Self.audit(grades, [criterion])
        #expect(audit.findings.map(\.kind) == trial.expected, "\(audit.findings)")
        #expect(audit.findings.allSatisfy { $0.criterion == "c1" && !$0.evidence.isEmpty })
    }

    @Test("Two criteria that always agree are a redundant pair where verdicts vary enough")
    func redundancy() {
        let criteria = ["a", "b", "c"].map { Criterion(id: $0, description: $0, importance: .essential, weight: 1) }
        let verdicts = [true, true, true, false, false, false]
        let kinds: [AuditProbe.Kind] = [.reference, .plain, .good, .degraded, .offTopic, .nothing]
        let grades = zip(kinds, verdicts).map { Self.grade($0, $1 ? 1 : 0, [$1, $1, $0 != .plain && $1]) }
        let findings = Self.audit(grades, criteria).findings
        #expect(findings.map(\.kind) == [.redundant])
        #expect(findings.first?.criterion == "b" && findings.first?.other == "a")
        let few = grades.dropLast()
        #expect(Self.audit(Array(few), criteria).findings.isEmpty)
    }

    @Test("Live weight leaves out what nothing was learned about")
    func liveWeight() {
        let criteria = [
            Criterion(id: "live", description: "l", importance: .essential, weight: 3),
            Criterion(id: "dead", description: "d", importance: .essential, weight: 1),
            Criterion(id: "untested", description: "u", importance: .pitfall, weight: 5, polarity: .negative),
        ]
        let grades = [
            Self.grade(.reference, 1, [true, false, true]), Self.grade(.nothing, 0, [false, false, true]),
        ]
        #expect(Self.audit(grades, criteria).measures.liveWeight == 0.75)
    }

    @Test("Verdicts that change are counted and named")
    func changes() {
        let task = Self.task([
            Criterion(id: "a", description: "a", weight: 1), Criterion(id: "b", description: "b", weight: 1),
        ])
        var again = VerdictAgreement(criteria: 2)
        for isSame in [true, true, false] { again.count(1, isSame: isSame) }
        again.count(0, isSame: true)
        let audit = RubricAudit(task, parts: task.criteria.map { .init($0, weight: 1) }, grades: [], again: again)
        #expect(audit.measures.stability == 0.75 && audit.measures.orderInvariance == nil)
        let finding = audit.findings.first { $0.kind == .unstable }
        #expect(finding?.criterion == "b" && finding?.evidence == "1 of 3 verdicts change when asked again")
    }

    @Test("An audit's file reads back")
    func file() throws {
        let grades = [Self.grade(.reference, 1, [true]), Self.grade(.nothing, 1, [true])]
        let audit = Self.audit(grades, [Criterion(description: "d", importance: .essential, weight: 1)])
        let text = JSONValue.object(["rubrics": [audit.json]]).serialized()
        let read = try AuditVerdict.all(in: Document.json(text, file: "audit.json"))
        #expect(
            read == [
                AuditVerdict(task: "t", contentHash: audit.contentHash, trust: audit.trust, findings: audit.findings)
            ]
        )
        #expect(!audit.findings.isEmpty)
    }
}
