// SPDX-License-Identifier: Apache-2.0

/// One pass over a set: counts findings and knows what rows share.
struct LintPass {
    /// What was found.
    private(set) var summary = LintSummary()
    private let rules: Set<LintRule>
    private var set = SetRules()

    init(rules: Set<LintRule>) {
        self.rules = rules
    }

    /// Starts the next file.
    mutating func begin(_ file: String) {
        summary.files += 1
        set.begin(file: file)
    }

    /// Takes the next row. A line without a row, such as a blank one, has no place.
    mutating func take(_ linted: inout LintedLine, _ emit: (LintFinding) throws -> Void) throws {
        guard linted.isRow else { return }
        summary.rows += 1
        if linted.replacement != nil { summary.fixedRows += 1 }
        let shared = set.admit(&linted)
        try give(linted.findings + shared, emit)
    }

    /// Ends the file.
    mutating func end(_ emit: (LintFinding) throws -> Void) throws {
        try give(set.end(), emit)
    }

    /// Ends the set.
    mutating func finish(_ emit: (LintFinding) throws -> Void) throws {
        try give(set.finish(), emit)
    }

    private mutating func give(_ findings: [LintFinding], _ emit: (LintFinding) throws -> Void) throws {
        let findings = findings.filter { rules.contains($0.rule) }
        summary.count(findings)
        for finding in findings { try emit(finding) }
    }
}
