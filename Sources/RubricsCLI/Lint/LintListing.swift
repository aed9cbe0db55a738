// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import Synthesis

extension LintSummary {
    /// The worst severity of a rule's open findings.
    fileprivate func severity(of rule: LintRule) -> LintSeverity {
        rules[rule]?.severity ?? rule.severity
    }
}

/// Findings for people: grouped by rule, the worst first, with a table at the end.
struct LintListing: LintOutput {
    private let shown: Int
    private var findings: [LintRule: [LintFinding]] = [:]

    /// Makes a listing.
    ///
    /// - Parameter shown: How many findings of a rule are shown; of the others only the number is kept.
    init(shown: Int) {
        self.shown = shown
    }

    mutating func add(_ finding: LintFinding) {
        guard !finding.isFixed, findings[finding.rule, default: []].count < shown else { return }
        findings[finding.rule, default: []].append(finding)
    }

    mutating func finish(_ summary: LintSummary) {
        let rules = summary.rules.keys.sorted {
            (summary.severity(of: $0), summary.rules[$1]?.findings ?? 0, $0.rawValue)
                < (summary.severity(of: $1), summary.rules[$0]?.findings ?? 0, $1.rawValue)
        }
        var lines = rules.flatMap { group(of: $0, summary) }
        if !rules.isEmpty { lines += table(of: rules, summary).lines + [""] }
        lines.append(Self.total(summary))
        Terminal.write(lines.joined(separator: "\n") + "\n")
    }

    private func group(of rule: LintRule, _ summary: LintSummary) -> [String] {
        guard let listed = findings[rule], let count = summary.rules[rule]?.findings, !listed.isEmpty else { return [] }
        let hidden = count - listed.count
        return ["\(rule.rawValue): \(rule.summary)"] + listed.map { "  " + Self.visible($0.text) }
            + (hidden > 0
                ? ["  and \(ProgressText.grouped(hidden)) more (--rule \(rule.rawValue) --max \(count))"] : [])
            + [""]
    }

    private func table(of rules: [LintRule], _ summary: LintSummary) -> TextTable {
        let hasFixes = summary.rules.values.contains { $0.fixed > 0 }
        return TextTable(
            columns: [.text("rule"), .text("severity"), .number("findings"), .number("rows"), .number("share of rows")]
                + (hasFixes ? [.number("fixed")] : []),
            rows: rules.compactMap { rule in
                guard let count = summary.rules[rule] else { return nil }
                let share = summary.rows > 0 ? 100 * Double(count.rows) / Double(summary.rows) : 0
                return [
                    rule.rawValue, summary.severity(of: rule).rawValue, ProgressText.grouped(count.findings),
                    ProgressText.grouped(count.rows), "\(ProgressText.fixed(share, digits: 1)) %",
                ] + (hasFixes ? [ProgressText.grouped(count.fixed)] : [])
            }
        )
    }

    private static func total(_ summary: LintSummary) -> String {
        let counts = LintSeverity.allCases.map { severity in
            let count = summary.severities[severity] ?? 0
            return "\(ProgressText.grouped(count)) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        let fixed = summary.fixedRows > 0 ? "; \(rows(summary.fixedRows)) fixed" : ""
        return "\(rows(summary.rows)): " + counts.joined(separator: ", ") + fixed
    }

    private static func rows(_ count: Int) -> String {
        "\(ProgressText.grouped(count)) \(count == 1 ? "row" : "rows")"
    }

    /// On one line, with what moves a cursor spelt out.
    private static func visible(_ text: String) -> String {
        text.unicodeScalars.spellingOut(where: \.isControl)
    }
}
