// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Synthesis
import TestSupport
import Testing

@Suite("Rubric files, row after row")
struct RubricRowFileTests {
    private static func row(_ id: String) -> String {
        #"{"id": "\#(id)", "prompt": "p", "criteria": [{"description": "d", "weight": 1}]}"#
    }

    private func read(_ text: String, name: String = "rows.jsonl") throws -> [RubricRowFile.Row] {
        let folder = try TemporaryFolder()
        var rows: [RubricRowFile.Row] = []
        try RubricRowFile(folder.write(name, text.utf8)).read { rows.append($0) }
        return rows
    }

    @Test("A row that is wrong is an error with its line, and the rest goes on")
    func wrongRows() throws {
        let rows = try read(
            "\n" + [Self.row("a"), "{", Self.row("a"), #"{"x": 1}"#, Self.row("b")].joined(separator: "\n")
        )
        #expect(rows.map(\.line) == [2, 3, 4, 5, 6])
        let ids = rows.map { try? $0.task.get().id }
        #expect(ids == ["a", nil, nil, nil, "b"])
        let lines = rows.map { row -> Int? in
            guard case .failure(let error) = row.task else { return nil }
            return error.line
        }
        #expect(lines == [nil, 3, 4, 5, nil])
    }

    @Test("A list is read too", arguments: ["rows.json", "rows.yaml"])
    func list(name: String) throws {
        let rows = try read("[\(Self.row("a")), \(Self.row("b"))]", name: name)
        #expect(try rows.map { try $0.task.get().id } == ["a", "b"])
    }

    @Test("An empty file has no rows", arguments: ["", "\n\n", "  \r\n"])
    func empty(text: String) throws {
        #expect(try read(text).isEmpty)
    }

    @Test("A file that is not there is named")
    func missing() {
        let error = #expect(throws: RunError.self) { try RubricRowFile("/nowhere/rows.jsonl").read { _ in } }
        #expect(error?.description.contains("/nowhere/rows.jsonl") == true)
    }
}
