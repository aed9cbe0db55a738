// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What rows of one file and of all files together must not share; holds hashes alone.
struct SetRules {
    private struct Place {
        var file: UInt32
        var line: UInt32
    }

    /// From how many rows on their number of criteria says something, and which share of them it takes.
    private static let telling = (rows: 50, share: 0.6)

    private var files: [String] = []
    private var format: RubricFormat?
    private var ids: Set<UInt64> = []
    private var questions: [UInt64: Place] = [:]
    private var counts: [Int: Int] = [:]
    private var rowCount = 0

    /// Starts the next file.
    mutating func begin(file: String) {
        files.append(file)
        ids.removeAll(keepingCapacity: true)
        format = nil
        rowCount = 0
    }

    /// Takes the next row and gives it the name that readers give it.
    ///
    /// - Parameter linted: The row; its findings get the name, too.
    /// - Returns: What the row shares with earlier ones.
    mutating func admit(_ linted: inout LintedLine) -> [LintFinding] {
        rowCount += 1
        guard let row = linted.fingerprint else { return [] }
        counts[row.criterionCount, default: 0] += 1
        let name = name(for: row)
        if !name.isExactly(row.id) {
            for index in linted.findings.indices { linted.findings[index].task = name }
        }
        var findings: [LintFinding] = []
        func find(_ rule: LintRule, _ message: String, _ suggestion: String) {
            findings.append(finding(rule, message, suggestion, line: linted.line, task: name))
        }
        if let format, format != row.format {
            find(
                .mixedFormats,
                "a \(row.format.rawValue) row in a file of \(format.rawValue) rows",
                "keep the two in files of their own"
            )
        }
        format = format ?? row.format
        if !ids.insert(name.stableHash).inserted {
            find(.duplicateID, "the identifier \"\(name)\" is taken by an earlier row", "give each row its own")
        }
        let place = Place(file: UInt32(files.count - 1), line: UInt32(clamping: linted.line ?? 0))
        if let first = questions[row.question] {
            let isOwn = first.file == place.file
            find(
                isOwn ? .duplicateQuestion : .sharedQuestion,
                "the question of \(text(first))",
                isOwn ? "keep one of the rows" : "take it out of one of the files: held-out rows must be unseen"
            )
        } else {
            questions[row.question] = place
        }
        return findings
    }

    /// What there is to say at a file's end.
    func end() -> [LintFinding] {
        rowCount > 0 ? [] : [finding(.noRows, "there are no rows", "write at least one rubric row")]
    }

    /// What there is to say of the whole set.
    func finish() -> [LintFinding] {
        let total = counts.values.reduce(0, +)
        guard total >= Self.telling.rows, let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            Double(most.value) >= Self.telling.share * Double(total)
        else { return [] }
        return [
            finding(
                .constantCount,
                "\(most.value) of \(total) rows have exactly \(most.key) criteria",
                "let the question decide how many"
            )
        ]
    }

    /// A row without a name of its own is named for its question, with a number where that is taken.
    private func name(for row: RowFingerprint) -> String {
        guard !row.isNamed, ids.contains(row.id.stableHash) else { return row.id }
        return (2...).lazy.map { "\(row.id)-\($0)" }.first { !ids.contains($0.stableHash) } ?? row.id
    }

    private func text(_ place: Place) -> String {
        let file = files[Int(place.file)]
        return place.line == 0 ? file : "\(file):\(place.line)"
    }

    private func finding(
        _ rule: LintRule,
        _ message: String,
        _ suggestion: String,
        line: Int? = nil,
        task: String? = nil
    ) -> LintFinding {
        LintFinding(
            rule: rule,
            severity: rule.severity,
            file: files.last ?? "",
            line: line,
            task: task,
            message: message,
            suggestion: suggestion
        )
    }
}
