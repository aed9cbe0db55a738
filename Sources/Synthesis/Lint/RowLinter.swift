// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What lint makes of one line or element of a file.
struct LintedLine: Sendable {
    /// Where it stands, from 1.
    var line: Int?
    /// What was found in it, by itself.
    var findings: [LintFinding] = []
    /// What the set needs to know of it; `nil` for a row that cannot be read.
    var fingerprint: RowFingerprint?
    /// The line with what was fixed; `nil` for one that stays.
    var replacement: [UInt8]?
    /// Whether there is a row; a blank line has none.
    var isRow = true

    /// A line without a row.
    static let blank = LintedLine(isRow: false)
}

/// What a set remembers of a row: hashes in place of texts.
struct RowFingerprint: Sendable {
    var format: RubricFormat
    var id: String
    var isNamed: Bool
    /// Of the words of the prompt.
    var question: UInt64
    var criterionCount: Int
}

/// Applies the rules to one row after another.
struct RowLinter: Sendable {
    private static let concerns: [any RowRules.Type] = [
        CountRules.self, ImportanceRules.self, WeightRules.self, PolarityLint.self, WordingRules.self, AnchorRules.self,
        RepetitionRules.self, ReferenceRules.self, EncodingRules.self,
    ]
    /// How often a row is fixed and looked at again: one repair can bring to light what another one takes out.
    private static let rounds = 4

    let rules: Set<LintRule>
    let fixes: Bool

    /// Looks at a row.
    ///
    /// - Parameters:
    ///   - file: Where it stands, for findings.
    ///   - line: Its line, from 1.
    ///   - place: Reads it.
    /// - Returns: What was found and what the set needs to know.
    func lint(file: String, line: Int?, _ place: () throws -> DocumentCursor) -> LintedLine {
        var linted = LintedLine(line: line)
        do {
            let row = try RubricRow(place())
            let texts = LintedRow(row, file: file, line: line)
            linted.fingerprint = RowFingerprint(row, texts)
            let (findings, value) = fixed(row, findings(in: texts), file: file, line: line)
            linted.findings = findings
            linted.replacement = value?.utf8()
        } catch {
            let error = error as? DocumentError ?? DocumentError(file: file, line: line, message: "\(error)")
            linted.findings = [unreadable(error, line: line)].filter { rules.contains($0.rule) }
        }
        return linted
    }

    private func findings(in row: LintedRow) -> [LintFinding] {
        Self.concerns.lazy.filter { !$0.rules.isDisjoint(with: rules) }
            .flatMap { $0.findings(in: row) }
            .filter { rules.contains($0.rule) }
    }

    /// Fixes what is safe, until nothing is left of it.
    private func fixed(
        _ row: RubricRow,
        _ findings: [LintFinding],
        file: String,
        line: Int?
    ) -> (findings: [LintFinding], value: JSONValue?) {
        guard fixes, row.format.criteriaKey != nil else { return (findings, nil) }
        var (row, open, done) = (row, findings, [LintFinding]())
        var value: JSONValue?
        for _ in 0..<Self.rounds where open.contains(where: { $0.fix != nil }) {
            let next = RowFixer.fixed(row.place.value, format: row.format, task: row.task, open)
            let text = next.utf8()
            guard let again = try? RubricRow(Document.jsonLine(text[...], file: file, line: line ?? 1).root) else {
                break
            }
            done += open.filter { $0.fix != nil }.map(\.fixed)
            (row, value) = (again, next)
            open = self.findings(in: LintedRow(row, file: file, line: line))
        }
        return (done + open, value)
    }

    private func unreadable(_ error: DocumentError, line: Int?) -> LintFinding {
        LintFinding(
            rule: .unreadableRow,
            severity: LintRule.unreadableRow.severity,
            file: error.file,
            line: error.line ?? line,
            message: error.column.map { "column \($0): \(error.message)" } ?? error.message,
            suggestion: error.remedy
        )
    }
}

extension LintedRow {
    fileprivate init(_ row: RubricRow, file: String, line: Int?) {
        self.init(
            row.task,
            format: row.format,
            slips: row.slips,
            signedWeights: row.format.criteriaKey.flatMap { row.place.value[$0]?.array }?
                .map { $0[row.format.weightKey]?.double },
            file: file,
            line: line
        )
    }
}

extension RowFingerprint {
    fileprivate init(_ row: RubricRow, _ texts: LintedRow) {
        format = row.format
        id = row.task.id
        isNamed = row.isNamed
        criterionCount = row.task.criteria.count
        question = texts.prompt.reduce(.wordHash) { hash, message in
            message.words.reduce(hash) { $0.hashed(withWord: $1.hash) }
        }
    }
}

extension LintFinding {
    /// The finding, done.
    fileprivate var fixed: LintFinding {
        var finding = self
        finding.isFixed = true
        return finding
    }
}
