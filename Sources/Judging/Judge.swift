// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// Judges completions: decides the statements of a rubric, or rates.
///
/// What goes wrong with a criterion is an ``Rubrics/Verdict/Outcome/unjudged(_:)`` verdict, never an error and never a
/// finding. `JudgeConformance` in `RubricsTesting` tests what is promised here.
public protocol Judge: Sendable {
    /// The name that verdicts carry: a model's, or `checks`.
    var name: String { get }

    /// Whether completions are judged against one another, so that a group has to be complete.
    var needsWholeGroup: Bool { get }

    /// Assesses one completion.
    ///
    /// - Parameters:
    ///   - completion: The policy's text.
    ///   - task: The prompt with its rubric.
    /// - Returns: One verdict for each criterion, in the rubric's order, with evidence that stands verbatim in the
    ///   completion, or a rating; ``Assessment/empty(for:judge:)`` for a completion that ``Thinking/leavesNothing(of:)``.
    /// - Throws: `CancellationError`, and what makes judging itself impossible, such as a full disk.
    func assess(_ completion: String, for task: RubricTask) async throws -> Assessment

    /// Assesses the completions of one prompt.
    ///
    /// - Parameters:
    ///   - group: The completions.
    ///   - task: Their prompt with its rubric.
    /// - Returns: One assessment for each, in the same order.
    /// - Throws: What ``assess(_:for:)`` throws.
    func assess(group: [String], for task: RubricTask) async throws -> [Assessment]
}

extension Judge {
    /// No: each completion is judged by itself.
    public var needsWholeGroup: Bool { false }

    /// Assesses every completion by itself, all at the same time.
    public func assess(group: [String], for task: RubricTask) async throws -> [Assessment] {
        try await inOrder(group) { try await assess($0, for: task) }
    }
}

/// Maps elements at the same time; results come in the elements' order, and the first error cancels the rest.
func inOrder<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    _ transform: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
    if elements.count == 1 { return [try await transform(elements[0])] }
    return try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for (place, element) in elements.enumerated() {
            group.addTask { (place, try await transform(element)) }
        }
        var values = [Value?](repeating: nil, count: elements.count)
        for try await (place, value) in group { values[place] = value }
        return values.compactMap(\.self)
    }
}
