// SPDX-License-Identifier: Apache-2.0

import Foundation

/// DuckDB's program, which makes the tests' tables.
package enum TestDuckDB {
    /// Where it is: on the search path, or where `Scripts/setup duckdb` puts it.
    package static let program: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = folders.map { $0 + "/duckdb" } + [TestEngine.root.appending(path: ".cache/duckdb/duckdb").path]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Why tests are skipped where it is missing.
    package static let missing = "DuckDB is not there: run Scripts/setup duckdb"

    /// Whether it is there.
    package static var isThere: Bool { program != nil }

    /// Writes the rows of a query as Parquet.
    ///
    /// - Parameters:
    ///   - query: The query.
    ///   - path: The file.
    /// - Throws: What starting DuckDB throws, and a Cocoa error when it fails.
    package static func writeParquet(_ query: String, to path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program ?? "")
        let target = path.replacingOccurrences(of: "'", with: "''")
        process.arguments = [
            "-init", "/dev/null", "-c", "COPY (\(query)) TO '\(target)' (FORMAT parquet, ROW_GROUP_SIZE 2048)",
        ]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Rows in the form of RaR's published data: three criteria each, one of them a pitfall.
    ///
    /// - Parameter range: The numbers of the questions.
    /// - Returns: A query.
    package static func publishedRows(_ range: Range<Int>) -> String {
        """
        SELECT 'What is ' || i || '? Say "so" — 明' AS question, 'It is ' || i AS reference_answer, 'test' AS question_source,
        [{'description': 'Essential Criteria: Names ' || i || '.', 'title': 'Names it', 'weight': 5::BIGINT},
        {'description': 'Optional Criteria: Is short.', 'title': 'Short', 'weight': 1::BIGINT},
        {'description': 'Pitfall Criteria: Does not mention ' || (i + 1) || '.', 'title': 'Other', 'weight': -1::BIGINT}]
        AS rubric, ['a'] AS rubric_list, 3::BIGINT AS rubric_count FROM range(\(range.lowerBound), \(range.upperBound)) t(i)
        """
    }
}
