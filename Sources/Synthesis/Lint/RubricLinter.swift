// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs

/// Looks for defects in files of rubric rows, which together are one set: its splits.
///
/// Lines are read one after another and looked at in batches on all cores; findings come in file order, whatever the
/// cores do. Of the rows only hashes are kept.
package struct RubricLinter: Sendable {
    /// The rules that are looked at.
    package var rules: Set<LintRule>
    /// Whether what is safe to fix is fixed.
    package var fixes: Bool
    /// How many batches are looked at together.
    package var width: Int

    /// A batch is handed on at so many bytes.
    private static let batchBytes = 262_144

    /// Makes a linter.
    ///
    /// - Parameters:
    ///   - rules: The rules that are looked at.
    ///   - fixes: Whether what is safe to fix is fixed.
    ///   - width: How many batches are looked at together: the number of cores.
    package init(rules: Set<LintRule> = Set(LintRule.allCases), fixes: Bool = false, width: Int) {
        self.rules = rules
        self.fixes = fixes
        self.width = width
    }

    /// Looks at files.
    ///
    /// - Parameters:
    ///   - paths: The files, splits of one set.
    ///   - output: Where a fixed file is written; the file itself where this gives `nil`.
    ///   - emit: Takes the findings, in file order; what concerns the set comes last.
    /// - Returns: What was found, counted.
    /// - Throws: `RunError` for a file that cannot be read or written, `DocumentError` for YAML or a JSON list that is
    ///   none, ``LintError`` for a file that cannot be fixed, and what `emit` throws. A file that is not read to its
    ///   end stays as it was.
    package func lint(
        _ paths: [String],
        output: (String) -> String? = { _ in nil },
        _ emit: (LintFinding) throws -> Void
    ) async throws -> LintSummary {
        var pass = LintPass(rules: rules)
        for path in paths {
            pass.begin(path)
            let file = try LintedFile(path)
            if file.layout == .jsonLines {
                try await lintLines(of: path, output: output(path) ?? path, &pass, emit)
            } else {
                try lintRows(of: file, &pass, emit)
            }
            try pass.end(emit)
        }
        try pass.finish(emit)
        return pass.summary
    }

    /// Looks at a JSON list or at YAML.
    private func lintRows(
        of file: LintedFile,
        _ pass: inout LintPass,
        _ emit: (LintFinding) throws -> Void
    ) throws {
        if fixes { throw LintError(path: file.path) }
        let linter = RowLinter(rules: rules, fixes: false)
        try file.forEachRow { line, place in
            var linted = linter.lint(file: file.path, line: line) { place }
            try pass.take(&linted, emit)
        }
    }

    /// Looks at JSON lines and writes the file again where it is to be fixed.
    private func lintLines(
        of path: String,
        output: String,
        _ pass: inout LintPass,
        _ emit: (LintFinding) throws -> Void
    ) async throws {
        var copy = fixes ? try FixedCopy(of: path, to: output) : nil
        try await forEachBatch(of: path) { lines, linted in
            for (line, var linted) in zip(lines, linted) {
                try pass.take(&linted, emit)
                try copy?.write(line, replacement: linted.replacement)
            }
        }
        try copy?.finish()
    }

    /// Looks at the lines of a file in batches and gives them back in order.
    private func forEachBatch(
        of path: String,
        _ body: ([LineReader.Line], [LintedLine]) throws -> Void
    ) async throws {
        var reader = try LineReader(URL(fileURLWithPath: path))
        let linter = RowLinter(rules: rules, fixes: fixes)
        try await withThrowingTaskGroup(of: LintedBatch.self) { group in
            var (started, next) = (0, 0)
            var ready: [Int: LintedBatch] = [:]
            func start() throws -> Bool {
                let lines = try reader.batch(of: Self.batchBytes)
                guard !lines.isEmpty else { return false }
                let place = started
                started += 1
                group.addTask { LintedBatch(place: place, lines: lines, file: path, linter) }
                return true
            }
            // One more than there are cores, so that none waits for the reader.
            for _ in 0...width where try !start() { break }
            while let batch = try await group.next() {
                ready[batch.place] = batch
                while let batch = ready.removeValue(forKey: next) {
                    try body(batch.lines, batch.linted)
                    next += 1
                    _ = try start()
                }
            }
        }
    }
}

/// A file cannot be fixed as it lies.
package struct LintError: Error, Sendable, Hashable, CustomStringConvertible {
    let path: String

    /// One line with the way out.
    package var description: String {
        "\(path): fixes are written to JSON lines alone; save the rows as one object a line in a .jsonl file"
    }
}

/// Some lines of a file, looked at.
private struct LintedBatch: Sendable {
    let place: Int
    let lines: [LineReader.Line]
    let linted: [LintedLine]

    init(place: Int, lines: [LineReader.Line], file: String, _ linter: RowLinter) {
        self.place = place
        self.lines = lines
        linted = lines.map { line in
            guard !line.isBlank else { return .blank }
            return linter.lint(file: file, line: line.number) {
                try Document.jsonLine(line.bytes, file: file, line: line.number).root
            }
        }
    }
}

extension LineReader {
    /// The next lines, as many as make up so many bytes; none at the end.
    fileprivate mutating func batch(of byteCount: Int) throws -> [Line] {
        var (lines, bytes): ([Line], Int) = ([], 0)
        while bytes < byteCount, let line = try next() {
            bytes += line.bytes.count
            lines.append(line)
        }
        return lines
    }
}
