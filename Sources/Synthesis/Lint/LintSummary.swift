// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// What lint found in a set, counted.
package struct LintSummary: Sendable, Hashable {
    /// A rule's share.
    package struct Count: Sendable, Hashable {
        /// How many findings are open.
        package var findings = 0
        /// In how many rows they stand.
        package var rows = 0
        /// How many more were fixed.
        package var fixed = 0
        /// The worst severity of the open ones.
        package var severity: LintSeverity?
    }

    /// The number of files.
    package var files = 0
    /// The number of rows, unreadable ones included.
    package var rows = 0
    /// The number of rows that were rewritten.
    package var fixedRows = 0
    /// The number of open findings of each severity.
    package var severities: [LintSeverity: Int] = [:]
    /// What each rule found; rules that found nothing are not there.
    package var rules: [LintRule: Count] = [:]

    /// Makes a summary of nothing.
    package init() {}

    /// Whether there is anything to do: open errors or warnings.
    package var isClean: Bool {
        severities[.error] == nil && severities[.warning] == nil
    }

    /// Counts the findings of one row, or of a file or set as a whole.
    mutating func count(_ findings: [LintFinding]) {
        var seen: Set<LintRule> = []
        for finding in findings {
            if finding.isFixed {
                rules[finding.rule, default: Count()].fixed += 1
                continue
            }
            rules[finding.rule, default: Count()].findings += 1
            let worst = min(rules[finding.rule]?.severity ?? .note, finding.severity)
            rules[finding.rule]?.severity = worst
            severities[finding.severity, default: 0] += 1
            if seen.insert(finding.rule).inserted { rules[finding.rule, default: Count()].rows += 1 }
        }
    }

    /// One object for machines.
    package var json: JSONValue {
        let counts = LintRule.allCases.compactMap { rule in
            rules[rule].map { count in
                let counted: JSONValue = [
                    "findings": .integer(count.findings), "rows": .integer(count.rows), "fixed": .integer(count.fixed),
                ]
                return (key: rule.rawValue, value: counted)
            }
        }
        return [
            "files": .integer(files), "rows": .integer(rows), "fixed_rows": .integer(fixedRows),
            "errors": .integer(severities[.error] ?? 0), "warnings": .integer(severities[.warning] ?? 0),
            "notes": .integer(severities[.note] ?? 0), "rules": .object(JSONObject(counts)),
        ]
    }
}
