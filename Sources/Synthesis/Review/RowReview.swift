// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// What was decided about one row.
package struct RowReview: Sendable, Hashable {
    /// What was decided about a criterion.
    package struct Finding: Sendable, Hashable {
        /// The last thing that was done.
        package var action: ReviewDecision.Action
        /// The last edit; it stays when the criterion is accepted or rejected after it.
        package var edit: CriterionEdit?
        /// Who did the last thing.
        package var reviewer: String?
    }

    /// What was decided about the rubric as a whole.
    package private(set) var rubric: Finding?
    private var criteria: [ExactText: Finding] = [:]

    /// Takes decisions about one row, oldest first.
    package init(_ decisions: [ReviewDecision] = []) {
        for decision in decisions {
            var finding = Finding(action: decision.action, edit: decision.edit, reviewer: decision.reviewer)
            guard let id = decision.criterion else {
                rubric = finding
                continue
            }
            finding.edit = finding.edit ?? criteria[ExactText(id)]?.edit
            criteria[ExactText(id)] = finding
        }
    }

    /// Whether nothing was decided.
    package var isEmpty: Bool { rubric == nil && criteria.isEmpty }

    /// What was decided about a criterion.
    package func finding(about id: String) -> Finding? {
        criteria[ExactText(id)]
    }

    /// Whether nothing is left to decide: the rubric as a whole or each of its criteria was decided.
    package func isComplete(for task: RubricTask) -> Bool {
        rubric != nil || task.criteria.allSatisfy { criteria[ExactText($0.id)] != nil }
    }

    /// A criterion with the edit made that was made to it.
    package func edited(_ criterion: Criterion) -> Criterion {
        guard let finding = finding(about: criterion.id), let edit = finding.edit else { return criterion }
        return edit.applied(to: criterion, ground: "settled in review\(Self.by(finding.reviewer))")
    }

    /// Whether a criterion that stays has a polarity that nobody has decided.
    package func leavesUndecided(_ task: RubricTask) -> Bool {
        rubric?.action != .rejected
            && task.criteria.contains {
                finding(about: $0.id)?.action != .rejected && edited($0).polarity == .undecided
            }
    }

    private static func by(_ reviewer: String?) -> String {
        reviewer.map { " by \($0)" } ?? ""
    }
}

extension RowReview {
    /// The row with what was decided done to it, and noted in its provenance.
    ///
    /// - Parameter task: The row as it was reviewed.
    /// - Returns: The row; `nil` where it is rejected, or no criterion with a weight is left.
    package func applied(to task: RubricTask) -> RubricTask? {
        guard !isEmpty else { return task }
        guard rubric?.action != .rejected else { return nil }
        var reviewed = task
        var changes: [Provenance.Change] = []
        reviewed.criteria = task.criteria.compactMap { criterion in
            guard let finding = finding(about: criterion.id) else { return criterion }
            let edited = edited(criterion)
            changes.append(change(finding, criterion, edited))
            return finding.action == .rejected ? nil : edited
        }
        guard reviewed.criteria.contains(where: { $0.weight != 0 }) else { return nil }
        if let rubric { changes.append(.init(by: "review", action: "accepted", reason: reason(rubric))) }
        var provenance = task.provenance ?? Provenance()
        if reviewed.criteria != task.criteria { provenance.parents.append(task.contentHash) }
        provenance.changes += changes
        reviewed.provenance = provenance
        return reviewed
    }

    private func change(_ finding: Finding, _ old: Criterion, _ new: Criterion) -> Provenance.Change {
        let keys = finding.edit?.changedKeys(of: old) ?? []
        let action = finding.action == .rejected ? "removed" : keys.isEmpty ? "accepted" : "edited"
        let what = action == "edited" ? ": " + keys.joined(separator: ", ") : ""
        return .init(by: "review", action: action, criterion: old.id, reason: reason(finding) + what)
    }

    private func reason(_ finding: Finding) -> String {
        "reviewed" + Self.by(finding.reviewer)
    }
}
