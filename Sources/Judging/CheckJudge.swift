// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// Grades criteria by their programmatic checks, on this machine, at no cost.
///
/// Checks see the answer: thinking between markers is removed first.
public struct CheckJudge: Judge {
    /// `checks`.
    public let name = "checks"
    /// The checks of the tasks given at the start, by task.
    private let prepared: [ExactText: PreparedChecks]
    private let thinking: Thinking

    /// Makes a judge that prepares a task's checks whenever it assesses a completion.
    public init(thinking: Thinking = .standard) {
        self.thinking = thinking
        prepared = [:]
    }

    /// Makes a judge that prepares the checks of `tasks` once.
    ///
    /// - Throws: ``JudgingError`` naming the first task and criterion without a usable check.
    public init(preparing tasks: [RubricTask], thinking: Thinking = .standard) throws {
        self.thinking = thinking
        prepared = Dictionary(
            try tasks.map { (ExactText($0.id), try PreparedChecks($0)) },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// Makes sure that every criterion of `tasks` has a usable check, before any work starts.
    ///
    /// - Throws: ``JudgingError`` naming the first task and criterion that has none, how many more there are, and the
    ///   remedy.
    public static func validate(_ tasks: [RubricTask]) throws {
        let missing = tasks.flatMap { task in task.criteria.filter { $0.check == nil }.map { (task, $0) } }
        if let (task, criterion) = missing.first {
            throw PreparedChecks.missingCheck(of: criterion, in: task, others: missing.count - 1)
        }
        for task in tasks { _ = try PreparedChecks(task) }
    }

    /// Decides every criterion of `task` by its check.
    ///
    /// A criterion without a usable check comes back unjudged; ``validate(_:)`` finds it beforehand.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try Task.checkCancellation()
        if thinking.leavesNothing(of: completion) { return .empty(for: task, judge: name) }
        let answer = thinking.removed(from: completion)
        let text = CompletionText(answer)
        let isWhole = answer.utf8.count == completion.utf8.count
        let known = prepared[ExactText(task.id)].flatMap { $0.criteria == task.criteria ? $0 : nil }
        let verdicts = task.criteria.indices.map { index in
            var verdict = verdict(on: task.criteria[index], in: task, prepared: known?.checks[index], text: text)
            // A passage may span thinking that was cut out, and then stands nowhere.
            if !isWhole { verdict.evidence.removeAll { !completion.containsExactly($0) } }
            return verdict
        }
        return Assessment(verdicts: verdicts)
    }

    private func verdict(
        on criterion: Criterion,
        in task: RubricTask,
        prepared: PreparedCheck?,
        text: CompletionText
    ) -> Verdict {
        do {
            let finding = try (prepared ?? PreparedChecks.prepare(criterion, in: task)).evaluate(text)
            return Verdict(
                criterion: criterion.id,
                outcome: finding.met ? .met : .unmet,
                reason: finding.reason,
                evidence: finding.evidence,
                judge: name
            )
        } catch {
            let failure = JudgeFailure(cause: .incomplete, detail: "\(error)")
            return Verdict(criterion: criterion.id, outcome: .unjudged(failure), reason: "", judge: name)
        }
    }
}
