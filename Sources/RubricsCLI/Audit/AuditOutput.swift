// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs
import Synthesis

/// What `rubrics audit` prints.
struct AuditOutput {
    let set: SetAudit
    let worst: [RubricAudit]

    /// How many rubrics are named.
    private static let named = 5

    /// The summary, a line each.
    var lines: [String] {
        let trust = set.trust.map { String(format: "%.2f", $0) } ?? "unknown"
        let head = "trust \(trust) over \(set.trusts.count) of \(ProgressText.grouped(set.count)) rubrics"
        return [head, ""] + measures + [""] + findings + leastTrusted
    }

    private var measures: [String] {
        TextTable(
            columns: [.text("measure"), .number("mean")],
            rows: set.means.map { [$0.name, $0.value.map { String(format: "%.3f", $0) } ?? "–"] }
        ).lines
    }

    private var findings: [String] {
        let rows = AuditFinding.Kind.allCases.compactMap { kind in
            set.findings[kind].map { [kind.rawValue, ProgressText.grouped($0), kind.meaning] }
        }
        guard !rows.isEmpty else { return ["nothing was found wrong", ""] }
        let columns: [TextTable.Column] = [.text("finding"), .number("rubrics"), .text("what it is")]
        return TextTable(columns: columns, rows: rows).lines + [""]
    }

    private var leastTrusted: [String] {
        let worst = worst.prefix(Self.named).filter { !$0.findings.isEmpty }
        guard !worst.isEmpty else { return [] }
        let rows = worst.map { audit in
            let first = audit.findings[0]
            let place = [first.criterion, first.kind.rawValue].compactMap(\.self).joined(separator: " ")
            let trust = audit.trust.map { String(format: "%.2f", $0) } ?? "–"
            return [audit.task, trust, "\(place): \(first.evidence)"]
        }
        return TextTable(columns: [.text("least trusted"), .number("trust"), .text("first finding")], rows: rows).lines
            + [""]
    }
}
