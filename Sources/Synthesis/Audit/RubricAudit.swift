// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A rubric tried with probes: what it measures, and what is wrong with it.
package struct RubricAudit: Sendable {
    /// A criterion as the audit saw it.
    package struct Part: Sendable, Hashable {
        /// The criterion's identifier.
        package var id: String
        /// Its title, or its statement where it has none.
        package var title: String
        /// Its importance.
        package var importance: Importance?
        /// The weight that the reward gives it.
        package var weight: Double
        /// Whether it asks for something to be absent or for a form, which an answer can have without saying anything.
        package var isDefensive: Bool
        /// Its statement.
        package var statement: String

        /// Makes a part.
        package init(_ criterion: Criterion, weight: Double) {
            id = criterion.id
            title = criterion.title.isEmpty ? criterion.description : criterion.title
            importance = criterion.importance
            isDefensive =
                criterion.polarity == .negative || criterion.importance == .pitfall || criterion.kind == .form
            statement = criterion.description
            self.weight = weight
        }
    }

    /// The row's identifier.
    package let task: String
    /// The content hash of the rubric that was tried.
    package let contentHash: String
    /// The question, for pages.
    package let question: String
    /// The criteria; none for methods that rate.
    package let parts: [Part]
    /// The probes with their rewards and verdicts.
    package let grades: [ProbeGrade]
    /// What was measured.
    package let measures: AuditMeasures
    /// What is wrong.
    package let findings: [AuditFinding]

    /// How far the rubric can be trusted, in [0, 1]; `nil` where it could not be tried.
    package var trust: Double? { measures.trust }

    /// Makes an audit of what was found.
    ///
    /// - Parameters:
    ///   - task: The row.
    ///   - parts: The criteria that were judged, in the order of the grades' verdicts; none for methods that rate.
    ///   - grades: The probes, graded.
    ///   - again: How verdicts stayed when the same was asked again; `nil` where it was not.
    ///   - turned: How verdicts stayed when the rubric was turned round; `nil` where it was not.
    package init(
        _ task: RubricTask,
        parts: [Part],
        grades: [ProbeGrade],
        again: VerdictAgreement? = nil,
        turned: VerdictAgreement? = nil
    ) {
        self.task = task.id
        contentHash = task.contentHash
        question = (task.prompt.last { $0.role == .user } ?? task.prompt.last)?.content ?? ""
        self.parts = parts
        self.grades = grades
        let trials = parts.indices.map { CriterionTrial(parts[$0], at: $0, grades: grades) }
        var measures = RewardTrial(grades).measures
        measures.liveWeight = Self.liveWeight(trials)
        measures.stability = again?.share
        measures.orderInvariance = turned?.share
        self.measures = measures
        findings =
            RewardTrial(grades).findings(measures) + trials.flatMap(\.findings) + CriterionTrial.redundancies(trials)
            + Self.changes(parts, again, .unstable, "when asked again")
            + Self.changes(parts, turned, .orderDependent, "when the rubric is turned round")
    }

    private static func liveWeight(_ trials: [CriterionTrial]) -> Double? {
        // What no response has done is not known to be dead.
        let tested = trials.filter { $0.isTried && !$0.isUntested }
        let total = tested.reduce(0) { $0 + $1.part.weight }
        return total > 0 ? tested.filter(\.isLive).reduce(0) { $0 + $1.part.weight } / total : nil
    }

    private static func changes(
        _ parts: [Part],
        _ agreement: VerdictAgreement?,
        _ kind: AuditFinding.Kind,
        _ occasion: String
    ) -> [AuditFinding] {
        zip(parts, agreement?.counts ?? []).compactMap { part, count in
            let changed = count.compared - count.same
            guard changed > 0 else { return nil }
            return AuditFinding(
                kind,
                criterion: part.id,
                evidence: "\(changed) of \(count.compared) verdicts change \(occasion)"
            )
        }
    }
}
