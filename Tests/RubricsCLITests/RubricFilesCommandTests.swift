// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

/// `rubrics stats`, `show`, `diff` and `split`.
@Suite("Files of rubrics on the command line", .timeLimit(.minutes(5)))
struct RubricFilesCommandTests {
    private static let rows = (1...40).map { number in
        #"{"id": "r\#(number)", "prompt": "question \#(number)", "reference_answer": "an answer", "domain": "d", "#
            + #""criteria": [{"title": "T", "description": "Names \#(number).", "importance": "essential", "weight": 1}, "#
            + #"{"description": "Says \u001b[31mred.", "importance": "pitfall", "check": {"any_of": ["red"]}}]}"#
    }

    private func write(_ folder: TemporaryFolder, _ name: String = "rows.jsonl", _ rows: [String] = rows) throws
        -> String
    {
        try folder.write(name, Array((rows.joined(separator: "\n") + "\n").utf8))
    }

    @Test("Statistics as text, JSON and a page; malformed rows are named, the rest is counted")
    func stats() async throws {
        let folder = try TemporaryFolder()
        let page = folder.path("stats.html")
        let text = try await Command.run(["stats", write(folder), "--html", page])
        #expect(text.status == 0 && text.output.contains("rubrics    40"), "\(text.errors)")
        #expect(text.output.contains("pitfall") && text.output.contains("█"))
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<svg"))
        let path = try write(folder, "damaged.jsonl", Self.rows + ["{"])
        let json = try await Command.run(["stats", path, folder.path("rows.jsonl"), "--format", "json"])
        #expect(json.status == 3 && json.errors.contains("damaged.jsonl:41:"))
        let counted = try Document.json(json.output, file: "output").json
        #expect(counted["rows"] == 80 && counted["malformed"] == 1 && counted["undecided_rows"] == 80)
        #expect(counted["criteria_per_rubric"]?["mean"]?.double == 2)
        #expect(counted["checks"] == ["any_of": 80, "judge": 80])
    }

    @Test("A rubric by id, by line, at random; control characters are spelled out")
    func show() async throws {
        let folder = try TemporaryFolder()
        let path = try write(folder)
        let shown = try await Command.run(["show", path, "r7"])
        #expect(shown.status == 0 && !shown.output.contains("\u{1B}"), "\(shown.errors)")
        for text in [
            "rows.jsonl:7", "Essential", "Pitfall", "(U+1B)[31mred", "polarity undecided", "any of “red”",
            "content hash",
        ] {
            #expect(shown.output.contains(text), "\(text)")
        }
        let line = try await Command.run(["show", path, "7"])
        #expect(line.output == shown.output)
        let random = try await Command.run(["show", path, "random", "--seed", "1"])
        #expect(try await Command.run(["show", path, "random", "--seed", "1"]).output == random.output)
        let json = try await Command.run(["show", path, "r7", "--format", "json"])
        #expect(try Document.json(json.output, file: "output").json["id"] == "r7")
        let missing = try await Command.run(["show", path, "r41"])
        #expect(missing.status == 2 && missing.errors.contains("no row of the id or on the line r41"))
    }

    @Test("Differences end with status 1, none with 0, an unreadable file with 2")
    func diff() async throws {
        let folder = try TemporaryFolder()
        let path = try write(folder)
        let same = try await Command.run(["diff", path, path])
        #expect(same.status == 0 && same.output == "rows: 40 the same\n")
        var rows = Self.rows
        rows[1] = rows[1].replacingOccurrences(of: "Names 2.", with: "Names two.")
            .replacingOccurrences(of: #""weight": 1"#, with: #""weight": 2"#)
        rows.remove(at: 4)
        let changed = try write(folder, "new.jsonl", rows.reversed())
        let text = try await Command.run(["diff", path, changed])
        #expect(text.status == 1 && text.output.contains("Names [-2.-]{+two.+}"), "\(text.output)")
        #expect(text.output.contains("weight: 1.0 → 2.0") && text.output.contains("- r5"))
        #expect(text.output.hasSuffix("criteria of changed rows: 1 edited, 1 of another weight\n"))
        let json = try await Command.run(["diff", path, changed, "--format", "json"])
        let lines = try Document.jsonLines(json.output, file: "output").map(\.json)
        #expect(lines.count == 3)
        #expect(
            lines.last?["summary"]?["rows"] == ["same": 38, "changed": 1, "added": 0, "removed": 1, "malformed": 0]
        )
        let missing = try await Command.run(["diff", path, folder.path("nowhere.jsonl")])
        #expect(missing.status == 2 && missing.errors.contains("nowhere.jsonl"))
    }

    @Test("Parts hold every line once, as it stands; the input is never overwritten")
    func split() async throws {
        let folder = try TemporaryFolder()
        let path = try write(folder)
        let result = try await Command.run(["split", path, "--out", folder.path("parts") + "/", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let parts = try #require(try Document.json(result.output, file: "output").json["parts"]?.array)
        #expect(parts.compactMap { $0["rows"]?.int }.reduce(0, +) == 40)
        let lines = try parts.flatMap { part in
            try String(contentsOfFile: #require(part["file"]?.string), encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }
        #expect(lines.sorted() == Self.rows.sorted())
        let bad = try await Command.run(["split", path, "--out", folder.path("x"), "--shares", "train=0.8"])
        #expect(bad.status == 64 && bad.errors.contains("sum to 1"))
        let train = try write(folder, "train.jsonl")
        let over = try await Command.run(["split", train, "--out", folder.url.path])
        #expect(over.status == 2 && over.errors.contains("would be one of the parts"))
        #expect(try String(contentsOfFile: train, encoding: .utf8).hasPrefix(Self.rows[0]))
    }

    @Test("A review is served on loopback, ends by a signal, and what was decided is applied")
    func review() async throws {
        let folder = try TemporaryFolder()
        let path = try write(folder)
        let served = try await Command.run(["review", path], signal: (SIGINT, .errorsContain("open this address")))
        #expect(served.status == 0, "\(served.errors)")
        #expect(served.output.hasPrefix("http://127.0.0.1:") && served.errors.contains("40 with undecided polarity"))
        let hash = try RubricFile.tasks(in: Self.rows[0], file: "rows.jsonl")[0].contentHash
        let decision: JSONValue = [
            "row": "r1", "rubric": .string(hash), "action": "rejected", "time": "2026-01-01T00:00:00Z",
        ]
        try folder.write("rows.jsonl.review.jsonl", Array((decision.serialized() + "\n").utf8))
        let applied = try await Command.run(["review", path, "--apply"])
        #expect(applied.status == 0 && applied.errors.contains("39 rows written, 1 left out"), "\(applied.errors)")
        #expect(applied.output == folder.path("rows-reviewed.jsonl") + "\n")
        let refused = try await Command.run(["review", path, "--apply", "--out", path])
        #expect(refused.status == 2 && refused.errors.contains("choose another --out"))
    }
}
