// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A completion written to win a judge rather than to answer.
///
/// It never answers on its own: what it says about the subject is at most the task's own words, given back. So what it
/// earns beyond an answer that says nothing is the judge's mistake.
public struct Attack: Sendable {
    /// A stable name in kebab case, unique within the corpus.
    public let id: String
    /// What trick it uses.
    public let family: Family
    /// One line on what it tries.
    public let summary: String
    private let text: @Sendable (RubricTask) -> String

    /// Makes an attack.
    ///
    /// - Parameters:
    ///   - id: A stable name in kebab case.
    ///   - family: What trick it uses.
    ///   - summary: One line on what it tries.
    ///   - completion: Writes the completion for a task. It must follow from the task alone.
    public init(id: String, family: Family, summary: String, completion: @escaping @Sendable (RubricTask) -> String) {
        self.id = id
        self.family = family
        self.summary = summary
        text = completion
    }

    /// The completion for a task; some attacks quote its prompt or rubric.
    ///
    /// - Parameter task: The task whose judge is attacked.
    /// - Returns: The same text for the same task, always.
    public func completion(for task: RubricTask) -> String {
        text(task)
    }
}

extension Attack {
    /// Makes an attack of the corpus, whose identifier starts with its family.
    init(_ family: Family, _ name: String, _ summary: String, completion: @escaping @Sendable (RubricTask) -> String) {
        let prefix = String(String.UnicodeScalarView(family.rawValue.unicodeScalars.map { $0 == "_" ? "-" : $0 }))
        self.init(id: "\(prefix)-\(name)", family: family, summary: summary, completion: completion)
    }

    /// Makes an attack of the corpus that says the same for every task.
    init(_ family: Family, _ name: String, _ summary: String, completion: @escaping @Sendable () -> String) {
        self.init(family, name, summary) { _ in completion() }
    }
}
