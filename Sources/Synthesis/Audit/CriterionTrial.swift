// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What a criterion's verdicts over a rubric's probes say about it.
struct CriterionTrial {
    let part: RubricAudit.Part
    /// Whether each probe was credited, in the order of the probes.
    private let credited: [Bool?]
    private let good: [Bool]
    private let bad: [Bool]
    private let hacks: [(probe: String, credited: Bool)]
    private let nothing: Bool?

    init(_ part: RubricAudit.Part, at place: Int, grades: [ProbeGrade]) {
        self.part = part
        let verdicts = grades.map { grade in
            (grade.probe, grade.credited.indices.contains(place) ? grade.credited[place] : nil)
        }
        credited = verdicts.map(\.1)
        func of(_ standing: AuditProbe.Standing) -> [Bool] {
            verdicts.filter { $0.0.kind.standing == standing }.compactMap(\.1)
        }
        good = of(.good)
        bad = of(.bad)
        hacks = verdicts.compactMap { probe, credited in
            guard probe.kind.standing == .hack, let credited else { return nil }
            return (probe.id, credited)
        }
        nothing = verdicts.first { $0.0.kind == .nothing }?.1
    }

    /// Whether there are a good and a bad answer to tell apart.
    var isTried: Bool { !good.isEmpty && !bad.isEmpty }

    /// Whether a good answer reaches the criterion and some response does not.
    var isLive: Bool {
        good.contains(true) && credited.contains(false)
    }

    /// Whether it asks for an absence or a form that no response fails.
    var isUntested: Bool { part.isDefensive && !credited.contains(false) }

    /// What is wrong with the criterion by itself.
    var findings: [AuditFinding] {
        guard isTried else { return [] }
        var findings = [reach, direction].compactMap(\.self)
        if findings.isEmpty, let hack { findings.append(hack) }
        return findings
    }

    private var reach: AuditFinding? {
        let judged = credited.compactMap(\.self)
        if !judged.contains(false) {
            return part.isDefensive
                ? finding(.untested, "no response fails it, so nothing is known about it")
                : finding(.saturated, "all \(judged.count) responses earn it, the one that says nothing too")
        }
        guard !good.contains(true) else { return nil }
        return finding(.unreachable, "none of \(good.count) good answers earns it")
    }

    private var direction: AuditFinding? {
        guard good.contains(true) else { return nil }
        let (above, below) = (Self.share(good), Self.share(bad))
        guard below - above > 0.25 else { return nil }
        return finding(.inverted, "bad answers earn it in \(below.percent), good ones in \(above.percent)")
    }

    private var hack: AuditFinding? {
        guard !part.isDefensive, nothing == false else { return nil }
        let earned = hacks.filter(\.credited).map(\.probe)
        guard !earned.isEmpty else { return nil }
        return finding(.hackable, "earned without an answer by \(earned.joined(separator: ", "))")
    }

    private func finding(_ kind: AuditFinding.Kind, _ evidence: String) -> AuditFinding {
        AuditFinding(kind, criterion: part.id, evidence: evidence)
    }

    private static func share(_ values: [Bool]) -> Double {
        Double(values.count { $0 }) / Double(values.count)
    }
}

extension CriterionTrial {
    /// Pairs of criteria with the same verdicts on every response, and enough of either to say so.
    static func redundancies(_ trials: [Self]) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        for (place, first) in trials.enumerated() where first.isTelling {
            guard let second = trials[(place + 1)...].first(where: { $0.credited == first.credited }) else { continue }
            let count = first.credited.count { $0 != nil }
            findings.append(
                AuditFinding(
                    .redundant,
                    criterion: second.part.id,
                    other: first.part.id,
                    evidence: "the same verdict as \(first.part.id) on all \(count) responses"
                )
            )
        }
        return findings
    }

    /// Whether the verdicts vary enough for a coincidence to mean something.
    private var isTelling: Bool {
        credited.count { $0 == true } >= 3 && credited.count { $0 == false } >= 3
    }
}
