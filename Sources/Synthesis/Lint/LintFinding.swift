// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// One thing that lint found.
package struct LintFinding: Sendable, Hashable {
    /// The rule.
    package var rule: LintRule
    /// How bad it is.
    package var severity: LintSeverity
    /// The file.
    package var file: String
    /// The line of the row, from 1; `nil` for the file as a whole.
    package var line: Int?
    /// The row's identifier, where it has one.
    package var task: String?
    /// The criterion's identifier; `nil` for the row as a whole.
    package var criterion: String?
    /// What is wrong.
    package var message: String
    /// What to do about it.
    package var suggestion: String?
    /// What `--fix` does about it; `nil` where that is for a person to decide.
    package var fix: LintFix?
    /// Whether it has been done.
    package var isFixed = false

    /// One line for people: `rubrics.jsonl:12: c3: says what c1 says; remove it`.
    package var text: String {
        let place = [file, line.map(String.init)].compactMap(\.self).joined(separator: ":")
        let subject = criterion.map { "\($0): " } ?? ""
        return "\(place): \(subject)\(message)" + (suggestion.map { "; \($0)" } ?? "")
    }

    /// One object for machines.
    package var json: JSONValue {
        [
            "file": .string(file), "line": line.map(JSONValue.integer) ?? .null,
            "task": task.map(JSONValue.string) ?? .null, "criterion": criterion.map(JSONValue.string) ?? .null,
            "rule": .string(rule.rawValue), "severity": .string(severity.rawValue), "message": .string(message),
            "suggestion": suggestion.map(JSONValue.string) ?? .null, "fixable": .bool(fix != nil),
            "fixed": .bool(isFixed),
        ]
    }
}
