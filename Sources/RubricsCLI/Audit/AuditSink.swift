// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Runs
import Synthesis

/// Makes an audit of each rubric when its last response is graded, writes it, and counts.
struct AuditSink: ScoredLineSink {
    /// What an audit came to.
    struct Product: Sendable {
        /// All rubrics.
        var set: SetAudit
        /// The rubrics that can be trusted least, the worst first.
        var worst: [RubricAudit]
    }

    /// How many rubrics a page shows one by one.
    static let shown = 40

    private let plan: AuditPlan
    private let again: [ExactText: VerdictAgreement]
    private var file: AuditFile
    private var rubric = 0
    private var lines: [ScoredLine] = []
    private var product = Product(set: SetAudit(), worst: [])

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - plan: What is graded.
    ///   - again: How verdicts stayed when the same was asked again, by the rubric's identifier.
    ///   - file: Where audits are written.
    init(_ plan: AuditPlan, again: [ExactText: VerdictAgreement], file: AuditFile) {
        self.plan = plan
        self.again = again
        self.file = file
    }

    mutating func add(_ line: ScoredLine) throws {
        lines.append(line)
        let rubric = plan.rubrics[self.rubric]
        guard lines.count == rubric.entries.count else { return }
        let audit = AuditedLines(rubric, lines: lines).audit(again: again[ExactText(rubric.original.id)])
        try file.write(audit)
        product.set.add(audit)
        keep(audit)
        lines = []
        self.rubric += 1
    }

    func finish() throws -> Product {
        try file.finish(product.set)
        return product
    }

    private mutating func keep(_ audit: RubricAudit) {
        let place = product.worst.firstIndex { ($0.trust ?? 0) > (audit.trust ?? 0) } ?? product.worst.count
        product.worst.insert(audit, at: place)
        if product.worst.count > Self.shown { product.worst.removeLast() }
    }
}

/// The graded responses of one rubric.
private struct AuditedLines {
    private let original: RubricTask
    private let lines: [(entry: AuditPlan.Entry, line: ScoredLine)]

    init(_ rubric: AuditPlan.Rubric, lines: [ScoredLine]) {
        original = rubric.original
        self.lines = zip(rubric.entries, lines).map { ($0, $1) }
    }

    func audit(again: VerdictAgreement?) -> RubricAudit {
        let straight = lines.filter { !$0.entry.isTurned }
        let judged = straight.first.map { $0.line.method.judgedTask(for: $0.line.task) }
        let records = straight.first?.line.verdicts ?? []
        let parts = zip(judged?.criteria ?? [], records).map { RubricAudit.Part($0, weight: $1.weight) }
        let grades = straight.map { entry, line in
            ProbeGrade(
                probe: entry.probe,
                reward: line.reward,
                credited: line.verdicts.map(\.credited),
                unscored: line.unscored.map { "\($0.reason): \($0.detail)" }
            )
        }
        return RubricAudit(original, parts: parts, grades: grades, again: again, turned: turned(records))
    }

    /// Compares the verdicts of each response with those under the rubric turned round.
    private func turned(_ parts: [VerdictRecord]) -> VerdictAgreement? {
        guard lines.contains(where: \.entry.isTurned) else { return nil }
        var agreement = VerdictAgreement(criteria: parts.count)
        for (entry, line) in lines where entry.isTurned {
            guard let straight = lines.first(where: { !$0.entry.isTurned && $0.entry.probe == entry.probe }) else {
                continue
            }
            for (place, verdict) in straight.line.verdicts.enumerated() {
                let other = line.verdicts.first { $0.id.isExactly(verdict.id) }
                guard let other, verdict.outcome != .unjudged, other.outcome != .unjudged else { continue }
                agreement.count(place, isSame: other.outcome == verdict.outcome)
            }
        }
        return agreement
    }
}

/// Collects how verdicts stayed when the same was asked again.
struct RegradeSink: ScoredLineSink {
    private var agreements: [ExactText: VerdictAgreement] = [:]

    mutating func add(_ line: ScoredLine) throws {
        let task = ExactText(line.task.id)
        var agreement = agreements[task] ?? VerdictAgreement(criteria: line.verdicts.count)
        for (place, verdict) in line.verdicts.enumerated() {
            guard let votes = verdict.votes, let share = votes.agreement else { continue }
            agreement.count(place, isSame: share == 1)
        }
        agreements[task] = agreement
    }

    func finish() throws -> [ExactText: VerdictAgreement] {
        agreements
    }
}
