// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@Suite("Lint on the command line", .timeLimit(.minutes(5)))
struct LintCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func row(_ items: [(description: String, weight: Int)], question: String) -> String {
        let sound = ["meningitis", "fever", "neck", "puncture", "bacteria", "glucose", "antibiotics"].map {
            (description: "Essential Criteria: Names the role of \($0) here.", weight: 5)
        }
        let rubric = (sound + items).map { item -> JSONValue in
            ["description": .string(item.description), "title": "Some Title", "weight": .integer(item.weight)]
        }
        let row: JSONValue = [
            "question": .string(question), "reference_answer": "Meningitis, shown by the puncture.",
            "rubric": .array(rubric),
        ]
        return row.serialized()
    }

    private var sound: String { Self.row([], question: "What is it?") }

    private var misspelt: String { Self.row([("Esssential Criteria: Names shock.", 5)], question: "What else?") }

    private func write(_ lines: String..., name: String = "rows.jsonl") throws -> String {
        try folder.write(name, (lines.joined(separator: "\n") + "\n").utf8)
    }

    @Test("Rows without defects end with 0, with a line that says so")
    func clean() async throws {
        let result = try await Command.run(["lint", write(sound)])
        #expect(result.status == 0 && result.output == "1 row: 0 errors, 0 warnings, 0 notes\n", "\(result.errors)")
    }

    @Test("Findings are grouped by rule with file, line and a way out, and counted in a table")
    func text() async throws {
        let path = try write(sound, "{", misspelt)
        let result = try await Command.run(["lint", path])
        #expect(result.status == 3)
        let expected =
            "\(path):3: c8: the importance \"Esssential Criteria\", read as essential; "
            + "write \"Essential Criteria: \""
        #expect(result.output.contains("misspelt-importance: an importance"), "\(result.output)")
        #expect(result.output.contains(expected))
        #expect(result.output.contains("unreadable-row       error            1     1         33.3 %"))
        #expect(result.output.hasSuffix("3 rows: 1 error, 1 warning, 0 notes\n"))
    }

    @Test("JSON is an object a line with the counts in the last one")
    func json() async throws {
        let result = try await Command.run(["lint", write(misspelt), "--format", "json"])
        #expect(result.status == 3)
        let lines = try Document.jsonLines(result.output, file: "output").map(\.json)
        #expect(lines.count == 2)
        let keys = lines[0].object?.members.map(\.key)
        #expect(
            keys == [
                "file", "line", "task", "criterion", "rule", "severity", "message", "suggestion", "fixable", "fixed",
            ]
        )
        #expect(lines[0]["rule"] == "misspelt-importance" && lines[0]["fixable"] == true && lines[0]["line"] == 1)
        #expect(lines[1]["summary"]?["warnings"] == 1 && lines[1]["summary"]?["rows"] == 1)
    }

    @Test("--fix writes what is safe to --out and ends with what is left")
    func fix() async throws {
        let path = try write(sound, misspelt)
        let out = folder.path("fixed.jsonl")
        let result = try await Command.run(["lint", path, "--fix", "--out", out])
        #expect(result.status == 0 && result.output.contains("1 row fixed"), "\(result.output)\(result.errors)")
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("Esssential"))
        #expect(try String(contentsOfFile: out, encoding: .utf8).hasPrefix(sound + "\n"))
        #expect(try await Command.run(["lint", path, "--fix"]).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: URL(fileURLWithPath: out)))
        #expect(try await Command.run(["lint", path]).status == 0)
    }

    @Test("Files given together are splits: a question that two of them ask is found")
    func splits() async throws {
        let files = try [write(sound), write(sound, name: "test.jsonl")]
        let result = try await Command.run(["lint"] + files)
        #expect(result.status == 3 && result.output.contains("shared-question"), "\(result.output)")
        #expect(result.output.contains("\(files[1]):1: the question of \(files[0]):1"))
    }

    @Test("--rule and --ignore choose rules, --max how many are shown")
    func choice() async throws {
        let path = try write(misspelt, Self.row([("Option Criteria: Names shock.", 1)], question: "Why so?"))
        #expect(try await Command.run(["lint", path, "--rule", "mojibake"]).status == 0)
        #expect(try await Command.run(["lint", path, "--ignore", "misspelt-importance"]).status == 0)
        let one = try await Command.run(["lint", path, "--max", "1"])
        #expect(one.output.contains("and 1 more (--rule misspelt-importance --max 2)"), "\(one.output)")
    }

    @Test(
        "Wrong usage and files that cannot be read are told apart from findings",
        arguments: [
            (["lint"], 64, "Missing expected argument"),
            (["lint", "rows.jsonl", "--rule", "spelling"], 64, "--rule"),
            (["lint", "rows.jsonl", "--out", "x.jsonl"], 64, "--out"),
            (["lint", "rows.jsonl", "--max", "-1"], 64, "--max"),
            (["lint", "/nowhere/rows.jsonl"], 2, "/nowhere/rows.jsonl"),
        ] as [([String], Int32, String)]
    )
    func usage(arguments: [String], status: Int32, message: String) async throws {
        let result = try await Command.run(arguments)
        #expect(result.status == status && result.errors.contains(message), "\(result.errors)")
    }

    @Test("A cursor-moving character of the data does not reach the terminal")
    func escapes() async throws {
        let result = try await Command.run(["lint", write(Self.row([("Names \u{1B}[2J it.", 5)], question: "So?"))])
        #expect(!result.output.utf8.contains(0x1B) && result.output.contains("U+001B"))
    }
}
