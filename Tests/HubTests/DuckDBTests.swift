// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import TestSupport
import Testing

/// Tables, read by DuckDB.
@Suite("Tables", .timeLimit(.minutes(5)), .enabled(if: TestDuckDB.isThere, "\(TestDuckDB.missing)"))
struct DuckDBTests {
    private let folder: TemporaryFolder
    private let duckDB: DuckDB

    init() throws {
        folder = try TemporaryFolder()
        duckDB = DuckDB(program: try #require(TestDuckDB.program))
    }

    private func rows(_ name: String, _ format: TableFormat) async throws -> [DuckDBRows.Element] {
        var all: [DuckDBRows.Element] = []
        for try await row in duckDB.rows(of: URL(fileURLWithPath: folder.path(name)), format: format) {
            all.append(row)
        }
        return all
    }

    @Test("Nested lists, integers beyond a double, texts and nulls come as they are")
    func values() async throws {
        try TestDuckDB.writeParquet(
            """
            SELECT 9007199254740993::BIGINT AS big, 0.1::DOUBLE AS tenth, 'a"b' || chr(10) || '明' AS text, NULL AS nothing,
            true AS yes, [{'n': 1, 'list': [1, NULL]}] AS nested, [] AS none, 7 AS t, 8 AS "row"
            """,
            to: folder.path("values.parquet")
        )
        let expected: JSONObject = [
            "big": 9_007_199_254_740_993, "tenth": 0.1, "text": "a\"b\n明", "nothing": nil, "yes": true,
            "nested": [["n": 1, "list": [1, nil]]], "none": [], "t": 7, "row": 8,
        ]
        #expect(try await rows("values.parquet", .parquet) == [.row(expected)])
    }

    @Test("Rows keep their order over row groups", arguments: [0, 1, 2048, 5000])
    func order(count: Int) async throws {
        try TestDuckDB.writeParquet("SELECT i FROM range(\(count)) t(i)", to: folder.path("order.parquet"))
        let found = try await rows("order.parquet", .parquet)
        #expect(found == (0..<count).map { .row(["i": .integer($0)]) })
    }

    @Test(
        "Names that mean something elsewhere are names",
        arguments: ["a'; DROP.parquet", "a*[b]?.parquet", "k=v.parquet"]
    )
    func names(name: String) async throws {
        try TestDuckDB.writeParquet("SELECT 1 AS a", to: folder.path("plain.parquet"))
        try FileManager.default.moveItem(atPath: folder.path("plain.parquet"), toPath: folder.path(name))
        #expect(try await rows(name, .parquet) == [.row(["a": 1])])
    }

    @Test("Cells of CSV are texts; lines that are no rows are told and the rest goes on")
    func csv() async throws {
        try folder.write("a.csv", "x,y,z\n007,\"a \"\"b\"\"\nc\",\nonly\n1e3,\"\",NULL\n1,2,3,4\n".utf8)
        let found = try await rows("a.csv", .csv)
        #expect(
            found == [
                .row(["x": "007", "y": "a \"b\"\nc", "z": nil]), .row(["x": "1e3", "y": "", "z": "NULL"]),
                .rejected(line: 3, message: "Expected Number of Columns: 3 Found: 1"),
                .rejected(line: 5, message: "Expected Number of Columns: 3 Found: 4"),
            ]
        )
        try folder.write("a.tsv", "x\ty\n1,5\t2\n".utf8)
        #expect(try await rows("a.tsv", .tsv) == [.row(["x": "1,5", "y": "2"])])
    }

    @Test("A file that is cut short, or something else, is a named error")
    func damaged() async throws {
        try TestDuckDB.writeParquet("SELECT i FROM range(5000) t(i)", to: folder.path("whole.parquet"))
        let bytes = try Data(contentsOf: folder.url.appendingPathComponent("whole.parquet"))
        try folder.write("torn.parquet", bytes.prefix(bytes.count / 2))
        try folder.write("text.parquet", "no table".utf8)
        for name in ["torn.parquet", "text.parquet", "missing.parquet"] {
            let error = await #expect(throws: HubError.self) { try await rows(name, .parquet) }
            #expect(error?.code == .queryFailed && error?.message.contains(name) == true)
        }
    }

    @Test("Reading that ends early, or is cancelled, ends the program")
    func early() async throws {
        try TestDuckDB.writeParquet("SELECT i FROM range(2000000) t(i)", to: folder.path("long.parquet"))
        let table = duckDB.rows(of: URL(fileURLWithPath: folder.path("long.parquet")), format: .parquet)
        var iterator = table.makeAsyncIterator()
        #expect(try await iterator.next() == .row(["i": 0]))
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for try await _ in table {} }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
    }

    @Test("A program that is missing is told with the remedy")
    func missing() {
        let error = #expect(throws: HubError.self) { try DuckDB(named: nil, searchPath: "/nonexistent:") }
        #expect(error?.message.contains("pip install duckdb-cli") == true)
        #expect(throws: HubError.self) { try DuckDB(named: "/nonexistent", searchPath: "/usr/bin") }
    }
}
