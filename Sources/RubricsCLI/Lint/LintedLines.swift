// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis

/// Findings for machines: an object a line as they come, the counts in the last one.
struct LintedLines: LintOutput {
    /// Lines are printed together up to so many bytes.
    private static let chunk = 65_536

    private var pending: [UInt8] = []

    mutating func add(_ finding: LintFinding) {
        write(finding.json)
        if pending.count >= Self.chunk { print() }
    }

    mutating func finish(_ summary: LintSummary) {
        write(["summary": summary.json])
        print()
    }

    private mutating func write(_ value: JSONValue) {
        pending += value.utf8()
        pending.append(UInt8(ascii: "\n"))
    }

    private mutating func print() {
        Terminal.write(String(decoding: pending, as: UTF8.self))
        pending.removeAll(keepingCapacity: true)
    }
}
