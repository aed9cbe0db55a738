// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import TestSupport

/// Rows as texts, and what lint finds in them.
enum LintedText {
    /// A published RaR row of these items.
    static func row(
        _ items: [JSONValue],
        question: String = "A patient with fever and a stiff neck is seen. What is the diagnosis?",
        reference: String = "Bacterial meningitis, shown by the lumbar puncture."
    ) -> JSONValue {
        ["question": .string(question), "reference_answer": .string(reference), "rubric": .array(items)]
    }

    /// An item of such a row.
    static func item(_ description: String, title: String = "Some Title", weight: JSONValue = 5) -> JSONValue {
        ["description": .string(description), "title": .string(title), "weight": weight]
    }

    /// Seven items without a defect.
    static let sound = ["meningitis", "fever", "neck", "puncture", "bacteria", "glucose", "antibiotics"].map {
        item("Essential Criteria: Names the role of \($0) here.")
    }

    /// Lints texts as files and gives the findings.
    static func findings(
        _ texts: [String],
        names: [String] = ["rows.jsonl", "more.jsonl"],
        rules: Set<LintRule> = Set(LintRule.allCases)
    ) async throws -> [LintFinding] {
        let folder = try TemporaryFolder()
        let paths = try zip(names, texts).map { try folder.write($0, $1.utf8) }
        var findings: [LintFinding] = []
        _ = try await RubricLinter(rules: rules, width: 2).lint(paths) { findings.append($0) }
        return findings
    }

    /// Lints one row.
    static func findings(in row: JSONValue) async throws -> [LintFinding] {
        try await findings([row.serialized() + "\n"])
    }
}
