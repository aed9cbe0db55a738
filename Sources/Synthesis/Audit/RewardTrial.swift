// SPDX-License-Identifier: Apache-2.0

/// What the rewards of a rubric's probes say about it.
struct RewardTrial {
    private let grades: [ProbeGrade]

    /// Below this, a rubric does not tell good answers from bad ones.
    private static let leastDiscrimination = 0.75
    /// Below this, a reward does not follow an answer's content.
    private static let leastMonotonicity = 0.75
    /// Above this, a rubric pays for answers that say nothing.
    private static let mostHackability = 0.5
    /// Below this deviation a group teaches next to nothing.
    private static let leastSpread = 0.01

    init(_ grades: [ProbeGrade]) {
        self.grades = grades
    }

    /// The measures that follow from rewards.
    var measures: AuditMeasures {
        var measures = AuditMeasures()
        let (good, bad) = (rewards(.good), rewards(.bad))
        if !good.isEmpty, !bad.isEmpty {
            measures.discrimination = Self.shareAbove(good, bad)
            measures.separation = Self.mean(good) - Self.mean(bad)
        }
        measures.monotonicity = monotonicity
        measures.spread = spread
        measures.hackability = hackability
        return measures
    }

    /// What is wrong with the rubric as a whole.
    func findings(_ measures: AuditMeasures) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        let lost = grades.filter { $0.reward == nil }
        if let first = lost.first {
            findings.append(
                .init(
                    .unscored,
                    evidence: "\(lost.count) probes have no reward; \(first.probe.id): \(first.unscored ?? "")"
                )
            )
        }
        if !grades.contains(where: { $0.probe.kind.standing == .good }) {
            findings.append(.init(.noGoodAnswer, evidence: "the row has no reference answer and no plain answer"))
        }
        if let share = measures.discrimination, share < Self.leastDiscrimination {
            findings.append(
                .init(.noSeparation, evidence: "a good answer gets more than a bad one in \(share.percent)")
            )
        }
        if let share = measures.monotonicity, share < Self.leastMonotonicity {
            findings.append(.init(.notMonotone, evidence: "\(ladderText): less content does not get less"))
        }
        if let spread = measures.spread, spread < Self.leastSpread {
            findings.append(.init(.flat, evidence: "the policy's answers all get \(rewards(.open).first?.short ?? "")"))
        }
        if let share = measures.hackability, share > Self.mostHackability, let hack = worstHack {
            let evidence =
                "\(hack.probe.id) gets \(hack.reward?.short ?? "") where a good answer gets \(bestGood?.short ?? "")"
            findings.append(.init(.hackableRubric, evidence: evidence))
        }
        return findings
    }

    private func rewards(_ standing: AuditProbe.Standing) -> [Double] {
        grades.filter { $0.probe.kind.standing == standing }.compactMap(\.reward)
    }

    // MARK: - Less content, less reward

    /// The rewards from the whole answer down to none.
    private var ladder: [(kept: Double, reward: Double)] {
        let steps = grades.compactMap { grade -> (kept: Double, reward: Double)? in
            guard let reward = grade.reward else { return nil }
            switch grade.probe.kind {
            case .reference: return (1, reward)
            case .degraded: return grade.probe.kept.map { ($0, reward) }
            case .nothing: return (0, reward)
            default: return nil
            }
        }
        return steps.sorted { $0.kept > $1.kept }
    }

    private var ladderText: String {
        ladder.map { "\($0.kept.percent) of the answer gets \($0.reward.short)" }.joined(separator: ", ")
    }

    private var monotonicity: Double? {
        let ladder = ladder
        guard ladder.count > 2, ladder.first?.kept == 1 else { return nil }
        var (pairs, right) = (0.0, 0.0)
        for (place, more) in ladder.enumerated() {
            for less in ladder[(place + 1)...] {
                pairs += 1
                right += more.reward > less.reward ? 1 : more.reward == less.reward ? 0.5 : 0
            }
        }
        return right / pairs
    }

    // MARK: - The policy's answers

    private var spread: Double? {
        let rewards = rewards(.open)
        guard rewards.count > 1 else { return nil }
        let mean = Self.mean(rewards)
        return (rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rewards.count - 1)).squareRoot()
    }

    // MARK: - Answers that say nothing

    private var bestGood: Double? { rewards(.good).max() }

    private var worstHack: ProbeGrade? {
        grades.filter { $0.probe.kind.standing == .hack && $0.reward != nil }
            .max { ($0.reward ?? 0) < ($1.reward ?? 0) }
    }

    private var hackability: Double? {
        guard let best = bestGood, let hack = worstHack?.reward else { return nil }
        let floor = grades.first { $0.probe.kind == .nothing }?.reward ?? 0
        guard best > floor else { return 1 }
        return min(1, max(0, (hack - floor) / (best - floor)))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    private static func shareAbove(_ upper: [Double], _ lower: [Double]) -> Double {
        var sum = 0.0
        for high in upper {
            for low in lower { sum += high > low ? 1 : high == low ? 0.5 : 0 }
        }
        return sum / Double(upper.count * lower.count)
    }
}

extension Double {
    /// A share as whole percents.
    var percent: String { "\(Int((self * 100).rounded()))%" }

    /// A reward with two digits.
    var short: String {
        let hundredths = Int((self * 100).rounded())
        let digits = abs(hundredths) % 100
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
}
