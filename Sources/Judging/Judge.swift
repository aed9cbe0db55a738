// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// Decides the statements of a rubric for completions.
///
/// What goes wrong with a criterion is an ``Rubrics/Verdict/Outcome/unjudged(_:)`` verdict, never an error and never a
/// finding. `JudgeConformance` in `RubricsTesting` tests what is promised here.
public protocol Judge: Sendable {
    /// The name that verdicts carry: a model's, or `checks`.
    var name: String { get }

    /// Assesses one completion.
    ///
    /// - Parameters:
    ///   - completion: The policy's text.
    ///   - task: The prompt with its rubric.
    /// - Returns: One verdict for each criterion, in the rubric's order, with evidence that stands verbatim in the
    ///   completion; ``Assessment/empty(for:judge:)`` for a completion that ``Thinking/leavesNothing(of:)``.
    /// - Throws: `CancellationError` only.
    func assess(_ completion: String, for task: RubricTask) async throws -> Assessment
}
