// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

/// `rubrics import` of files.
@Suite("Imports of files", .timeLimit(.minutes(5)))
struct FileImportTests {
    private static let native = """
        {"id": "a", "prompt": "A?", "criteria": [{"description": "Is a.", "importance": "essential"}]}
        """
    private static let healthBench = """
        {"prompt_id": "h", "prompt": [{"role": "user", "content": "H?"}], "rubrics": [{"criterion": "Asks.", "points": 5, \
        "tags": []}, {"criterion": "Dismisses.", "points": -4, "tags": []}]}
        """

    private let user: HubUser

    init() throws {
        user = try HubUser([])
    }

    private func load(_ name: String, _ more: [String] = []) async throws -> Command.Result {
        try await user.run(["import", user.folder.path(name), "--out", user.folder.path("out.jsonl")] + more)
    }

    @Test("JSON lines, a JSON list and YAML of any format")
    func documents() async throws {
        try user.folder.write("n.jsonl", "\(Self.native)\n".utf8)
        try user.folder.write("n.json", "[\(Self.native)]".utf8)
        try user.folder.write("n.yaml", "- \(Self.native)\n".utf8)
        for name in ["n.jsonl", "n.json", "n.yaml"] {
            let result = try await load(name)
            #expect(
                result.status == 0 && result.output.contains("1 rows, 1 criteria"),
                "\(result.output)\(result.errors)"
            )
            let row = try #require(try user.lines("out.jsonl").first)
            #expect(row["id"] == "a" && row["provenance"]?["strategy"] == "import")
            let origin = row["provenance"]?["changes"]?.array?.first?["reason"]
            #expect(origin == .string("from \(user.folder.path(name))"))
        }
        try user.folder.write("h.jsonl", "\(Self.healthBench)\n".utf8)
        let result = try await load("h.jsonl")
        #expect(result.output.contains("1 positive, 1 negative, 0 undecided"), "\(result.output)")
    }

    @Test("What is imported is read again as it was written, its origin added")
    func twice() async throws {
        try user.folder.write("n.jsonl", "\(Self.native)\n".utf8)
        #expect(try await load("n.jsonl").status == 0)
        let first = try RubricFile.tasks(
            in: String(contentsOfFile: user.folder.path("out.jsonl"), encoding: .utf8),
            file: ""
        )
        #expect(try await load("out.jsonl").status == 0)
        let second = try RubricFile.tasks(
            in: String(contentsOfFile: user.folder.path("out.jsonl"), encoding: .utf8),
            file: ""
        )
        #expect(first.map(\.contentHash) == second.map(\.contentHash))
        #expect(second.first?.provenance?.changes.count == 2)
    }

    @Test("Rows that cannot be read are named and counted, the rest goes on")
    func malformed() async throws {
        let text = "\(Self.native)\n{\"id\": \"b\"}\nno JSON\n\(Self.native)\n"
        try user.folder.write("n.jsonl", text.utf8)
        let result = try await load("n.jsonl")
        #expect(result.status == 3, "\(result.errors)")
        #expect(result.output.contains("1 rows, 1 criteria") && result.output.contains("3 rows could not be read"))
        for line in 2...4 { #expect(result.errors.contains("n.jsonl:\(line):"), "\(result.errors)") }
        #expect(try user.lines("out.jsonl").count == 1)
    }

    @Test("An import of nothing leaves what was there")
    func nothing() async throws {
        try user.folder.write("out.jsonl", "kept".utf8)
        try user.folder.write("bad.jsonl", "{\"id\": \"b\"}\n".utf8)
        try user.folder.write("empty.jsonl", "".utf8)
        for name in ["bad.jsonl", "empty.jsonl", "missing.jsonl"] {
            let result = try await load(name)
            #expect(result.status == 2 && result.errors.contains(name), "\(result.errors)")
        }
        #expect(try String(contentsOfFile: user.folder.path("out.jsonl"), encoding: .utf8) == "kept")
        #expect(user.files("").filter { $0.contains("out.jsonl") } == ["out.jsonl"])
    }

    @Test("Columns of CSV hold lists as JSON", .enabled(if: TestDuckDB.isThere, "\(TestDuckDB.missing)"))
    func csv() async throws {
        let rubric = #""[{""description"": ""Essential Criteria: Is so."", ""weight"": 5}]""#
        let text = "question,rubric,reference_answer\n\"Why, \"\"so\"\"?\",\(rubric),007\nA?,[,\nB?,\(rubric),\n"
        try user.folder.write("a.csv", text.utf8)
        let result = try await load("a.csv")
        #expect(result.status == 3 && result.errors.contains("a.csv, row 2, rubric"), "\(result.errors)")
        let rows = try user.lines("out.jsonl")
        #expect(rows.map { $0["prompt"] } == ["Why, \"so\"?", "B?"])
        #expect(rows.map { $0["reference_answer"] } == ["007", nil])
    }

    @Test("Irregular rows of Parquet are noted with their row and column", .enabled(if: TestDuckDB.isThere))
    func parquet() async throws {
        try TestDuckDB.writeParquet(
            """
            SELECT 'Q' || i || '?' AS question, [{'description': CASE i WHEN 1 THEN 'Esssential Criteria: Is so.'
            WHEN 2 THEN '' ELSE 'Essential Criteria: Is so.' END, 'weight': 5}] AS rubric FROM range(4) t(i)
            """,
            to: user.folder.path("a.parquet")
        )
        let result = try await load("a.parquet")
        #expect(result.status == 3, "\(result.errors)")
        #expect(result.errors.contains("a.parquet, row 2, rubric[0].description"), "\(result.errors)")
        #expect(result.errors.contains("a.parquet, row 3, rubric[0].description"), "\(result.errors)")
        #expect(
            result.output.contains("3 rows, 3 criteria") && result.output.contains("1 assumptions"),
            "\(result.output)"
        )
        let limited = try await load("a.parquet", ["--limit", "1"])
        #expect(limited.status == 0 && limited.output.contains("1 rows"))
    }

    @Test("Without DuckDB the remedy is told")
    func withoutDuckDB() async throws {
        try user.folder.write("a.csv", "question,rubric\n".utf8)
        var environment = user.environment
        environment["RUBRICS_DUCKDB"] = "/nonexistent"
        let out = user.folder.path("out.jsonl")
        let result = try await Command.run(
            ["import", user.folder.path("a.csv"), "--out", out],
            environment: environment
        )
        #expect(result.status == 2 && result.errors.contains("pip install duckdb-cli"), "\(result.errors)")
    }
}
