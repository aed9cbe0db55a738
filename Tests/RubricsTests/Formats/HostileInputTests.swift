// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Hostile input", .timeLimit(.minutes(2)))
struct HostileInputTests {
    private static let row = #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1}]}"#

    /// Texts with one thing wrong each.
    private static let wrong = [
        "{", "[", "\"", #"{"id":"a","prompt":"p","criteria":[{"description":"d""#, "nul", "NaN",
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":NaN}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":-Infinity}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1e999}]}"#,
        #"{"id":"a","id":"b","prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"\ud800","prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"\udc00\ud800","prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":{},"prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"a","prompt":5,"criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"a","prompt":"p","criteria":{}}"#, #"{"id":"a","prompt":"p","criteria":[null]}"#,
        #"{"id":"a","prompt":"p","criteria":[[[]]]}"#, #"{"id":"a","prompt":"p","criteria":"c"}"#,
        #"{"question":[],"rubric":"r"}"#, #"{"question":"q","rubric":[5]}"#, #"{"prompt":[],"rubrics":[]}"#,
        #"{"prompt_id":"h","prompt":"p","rubrics":[{"criterion":"c","points":"1"}]}"#,
        #"{"prompt_id":"h","prompt":"p","ideal_completions_data":5,"rubrics":[{"criterion":"c","points":1}]}"#,
        #"{"messages":5,"ground_truth":"{\"rubrics\":[]}"}"#, #"{"messages":[],"ground_truth":5}"#,
        #"{"prompt":"p","label":5}"#, #"{"prompt":"p","label":"5"}"#, #"{"prompt":"p","label":"[]"}"#,
        #"{"prompt":"p","reward_model":5}"#, #"{"prompt":"p","rubric":null}"#, #"{"prompt":"p","rubric":[]}"#,
        #"{"criterion":[]}"#, #"{"criterion":[{"description":"d","annotations":5}]}"#, #"{"score1_description":1}"#,
        #"{"sections":5}"#, #"{"sections":[]}"#, #"{"rubric":{"rubric":{}}}"#, #"[{"requirement":5}]"#,
        #"{"guidelines":1}"#, #"{"criteria":[{"name":5,"text":"t"}]}"#,
        #"{"criteria":[{"text":"t","name":"n","weight":[]}]}"#,
        "5", "[]", "{}", "\"text\"", String(repeating: "[", count: 100_000),
        String(repeating: "{\"a\":", count: 100_000),
    ]

    @Test("A row that is wrong is a located error, and the rest goes on", arguments: wrong)
    func located(text: String) throws {
        let lines = [Self.row, text, Self.row].joined(separator: "\n")
        var outcomes: [Result<RubricRow, any Error>] = []
        for (number, line) in lines.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
            outcomes.append(
                Result { try RubricRow(Document.jsonLine(Array(line)[...], file: "t.jsonl", line: number + 1).root) }
            )
        }
        #expect((try? outcomes[0].get()) != nil && (try? outcomes[2].get()) != nil)
        guard case .failure(let error as DocumentError) = outcomes[1] else {
            Issue.record("no located error")
            return
        }
        #expect(error.line == 2 && error.column != nil, "\(error)")
    }

    @Test(
        "Bytes that are no UTF-8 are located",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        let line = Array(#"{"id":""#.utf8) + bytes + Array(#""}"#.utf8)
        let error = #expect(throws: DocumentError.self) { try Document.jsonLine(line[...], file: "t", line: 3) }
        #expect(error?.line == 3 && error?.column == 8)
        for name in ["t.yaml", "t.toml", "t.json"] {
            #expect(throws: DocumentError.self) { try RubricFile(reading: line, file: name) }
        }
    }

    @Test("A byte order mark and carriage returns are no part of a row", arguments: ["t.jsonl", "t.json", "t.yaml"])
    func markAndReturns(name: String) throws {
        let text = "\u{FEFF}\(name == "t.jsonl" ? Self.row : "[\(Self.row)]")\r\n\r\n"
        #expect(try RubricFile.tasks(in: text, file: name).map(\.id) == ["a"])
    }

    @Test("TOML may start with a byte order mark and have carriage returns")
    func tomlMark() throws {
        let text = "\u{FEFF}[[criteria]]\r\nname = \"n\"\r\ntext = \"t\"\r\n"
        #expect(try RubricRow.only(in: text, file: "t.toml").task.criteria.map(\.description) == ["t"])
    }

    @Test(
        "Files of nothing hold no rows",
        arguments: ["", " ", "\n", "\r\n\t\n", "\u{FEFF}"],
        ["t.jsonl", "t.json", "t.yaml", "t.toml", "t"]
    )
    func empty(text: String, name: String) {
        #expect(throws: DocumentError.self) { try RubricFile(reading: text, file: name) }
    }

    @Test("A line of 10 MB reads, and one that is cut is located")
    func longLine() throws {
        let long = String(repeating: "word ", count: 2_000_000)
        let row = Self.row.replacing("\"d\"", with: "\"\(long)\"")
        let task = try #require(try RubricFile.tasks(in: row, file: "t.jsonl").first)
        #expect(task.criteria[0].description.utf8.count == long.utf8.count)
        let error = #expect(throws: DocumentError.self) {
            try RubricFile(reading: String(decoding: row.utf8.dropLast(20), as: UTF8.self), file: "t.jsonl")
        }
        #expect(error?.line == 1)
    }

    @Test(
        "Nesting without end is an error in every layout",
        arguments: [
            ("t.yaml", String(repeating: "[", count: 50_000)), ("t.yaml", String(repeating: "- ", count: 20_000)),
            ("t.toml", "a = " + String(repeating: "[", count: 50_000)),
            ("t.toml", "a = " + String(repeating: "{a=", count: 50_000)),
            ("t.toml", Array(repeating: "a", count: 5_000).joined(separator: ".") + " = 1"),
            ("t.toml", "[" + Array(repeating: "a", count: 5_000).joined(separator: ".") + "]"),
            ("t.json", String(repeating: "[", count: 100_000)),
        ]
    )
    func nesting(name: String, text: String) {
        #expect(throws: DocumentError.self) { try RubricFile(reading: text, file: name) }
    }

    @Test("Damaged files of every format end in rows or located errors", arguments: FormatExample.all, 0..<4)
    func damaged(example: FormatExample, seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<150 {
            var bytes = Array(example.text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                Damage.allCases.randomElement(using: &random)?.apply(to: &bytes, using: &random)
            }
            do {
                let layout = RubricFileLayout(of: bytes, file: example.file)
                try layout.forEachRow(of: bytes, file: example.file) { _ = try RubricRow($0) }
            } catch {
                #expect(error is DocumentError, "\(error)")
            }
        }
    }
}
