// SPDX-License-Identifier: Apache-2.0

import Judging
package import Rubrics

/// Acts on what an audit found: takes out criteria that teach nothing or the wrong thing, and keeps the history.
///
/// Only what the evidence settles is taken out: criteria that no good answer earns, that every response earns or that
/// bad answers earn more often, and of two that always agree and say the same the lesser. The rest of the findings stay
/// with the rubric for a person, or a model, to repair.
package struct Refinement: Sendable {
    /// What became of a rubric.
    package enum Outcome: Sendable, Hashable {
        /// The rubric as it was: nothing was found that asks for a change.
        case unchanged
        /// The rubric without some criteria, its provenance saying which and why.
        case refined(RubricTask)
        /// The rubric cannot be used, and why.
        case setAside(String)
        /// The audit was of another version of the rubric.
        case outdated
    }

    /// The trust below which a rubric is set aside.
    package var minimumTrust: Double
    /// How few criteria a rubric may have left.
    package var minimumCriteria: Int

    /// Makes a refinement.
    package init(minimumTrust: Double = 0, minimumCriteria: Int = 3) {
        self.minimumTrust = minimumTrust
        self.minimumCriteria = minimumCriteria
    }

    /// How much of the lesser criterion's words the other must have for the two to say the same.
    private static let overlap = 0.5

    /// Refines a rubric.
    ///
    /// - Parameters:
    ///   - task: The rubric.
    ///   - verdict: What the audit said of it.
    /// - Returns: What becomes of it.
    package func refine(_ task: RubricTask, by verdict: AuditVerdict) -> Outcome {
        guard verdict.contentHash.isExactly(task.contentHash) else { return .outdated }
        if let trust = verdict.trust, trust < minimumTrust {
            return .setAside("trust \(trust.short) is below \(minimumTrust.short)")
        }
        var refined = task
        var changes: [Provenance.Change] = []
        for finding in verdict.findings {
            guard let id = target(of: finding, in: refined), let place = refined.place(of: id) else { continue }
            refined.criteria.remove(at: place)
            let reason = "\(finding.kind.rawValue): \(finding.evidence)"
            changes.append(.init(by: "refine", action: "removed", criterion: id, reason: reason))
        }
        guard !changes.isEmpty else { return .unchanged }
        if let reason = shortage(of: refined, from: task) { return .setAside(reason) }
        var provenance = task.provenance ?? Provenance()
        provenance.parents.append(task.contentHash)
        provenance.changes += changes
        refined.provenance = provenance
        return .refined(refined)
    }

    /// The criterion that a finding takes out; `nil` where it takes none.
    private func target(of finding: AuditFinding, in task: RubricTask) -> String? {
        switch finding.kind {
        case .unreachable, .saturated, .inverted: finding.criterion
        case .redundant: lesser(finding.criterion, finding.other, in: task)
        default: nil
        }
    }

    /// The lesser of two criteria that say the same.
    private func lesser(_ first: String?, _ second: String?, in task: RubricTask) -> String? {
        guard let first, let second, let place = task.place(of: first), let other = task.place(of: second)
        else { return nil }
        let (one, another) = (task.criteria[place], task.criteria[other])
        guard one.polarity == another.polarity else { return nil }
        let words = RubricTask.keywords(in: [one.description])
        let others = RubricTask.keywords(in: [another.description])
        let shared = words.filter { word in others.contains { $0.isExactly(word) } }
        guard Double(shared.count) >= Self.overlap * Double(max(1, min(words.count, others.count))) else { return nil }
        return one.rank > another.rank ? another.id : one.id
    }

    private func shortage(of refined: RubricTask, from task: RubricTask) -> String? {
        let required = min(minimumCriteria, task.criteria.count)
        if refined.criteria.count < required {
            return "only \(refined.criteria.count) of \(task.criteria.count) criteria would be left"
        }
        let weighty: (Criterion) -> Bool = { [.essential, .important].contains($0.importance) }
        let lost = task.criteria.contains(where: weighty) && !refined.criteria.contains(where: weighty)
        return lost ? "no essential or important criterion would be left" : nil
    }
}

extension RubricTask {
    fileprivate func place(of id: String) -> Int? {
        criteria.firstIndex { $0.id.isExactly(id) }
    }
}

extension Criterion {
    /// How much it matters.
    fileprivate var rank: Double {
        switch importance {
        case .essential?: 4
        case .important?: 3
        case .pitfall?: 2
        case .optional?: 1
        case nil: weight ?? 0
        }
    }
}
