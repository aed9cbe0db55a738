// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// The wording rules for one criterion at a time, for those who write criteria and want to do it better.
package enum CriterionWording {
    /// Something about a criterion's wording.
    package struct Defect: Sendable, Hashable {
        /// The rule.
        package var rule: LintRule
        /// What is wrong.
        package var message: String
        /// What to do about it.
        package var suggestion: String?
    }

    /// What is wrong with a criterion's wording.
    ///
    /// - Parameters:
    ///   - criterion: The criterion; it need not be one of the task's.
    ///   - task: The task, for what belongs to its question.
    /// - Returns: The defects, none for most criteria.
    package static func defects(of criterion: Criterion, in task: RubricTask) -> [Defect] {
        var task = task
        task.criteria = [criterion]
        let row = LintedRow(task)
        let findings = WordingRules.findings(in: row) + AnchorRules.findings(in: row) + ReferenceRules.findings(in: row)
        return findings.filter { $0.criterion != nil }.map {
            Defect(rule: $0.rule, message: $0.message, suggestion: $0.suggestion)
        }
    }
}
