// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Synthesis
import Testing

@Suite("Lint of malformed files")
struct LintMalformedTests {
    private static let sound = LintedText.row(LintedText.sound).serialized()

    @Test(
        "A row that cannot be read is a finding at its line, and the rest goes on",
        arguments: [
            (#"{"question": "q", "rubric": [{"#, 2, "end of the text"),
            (#"{"question": 5, "rubric": [{"description": "Essential Criteria: X.", "weight": 5}]}"#, 2, "question"),
            (#"{"question": "q", "rubric": [{"description": "Essential Criteria: X.", "weight": "5"}]}"#, 2, "weight"),
            (#"{"question": "q", "rubric": [{"description": "Essential Criteria: X.", "weight": NaN}]}"#, 2, "finite"),
            (#"{"question": "q", "question": "r", "rubric": []}"#, 2, "duplicate key"),
            (#"{"question": "\ud800", "rubric": []}"#, 2, "surrogate"),
            (#"{"question": "q", "rubric": []}"#, 2, "empty"),
            (#"[1, 2]"#, 2, "rubric row"),
            ("\u{0}", 2, "control byte"),
        ]
    )
    func unreadable(line: String, number: Int, message: String) async throws {
        let findings = try await LintedText.findings(["\(Self.sound)\n\(line)\n\(Self.sound)\n"])
        #expect(findings.map(\.rule) == [.unreadableRow, .duplicateQuestion])
        #expect(findings[0].line == number && findings[0].message.contains(message), "\(findings[0].text)")
        #expect(findings[1].line == 3)
    }

    @Test("Bytes that are not UTF-8 are a finding")
    func invalidText() async throws {
        var row = Array(Self.sound.utf8)
        row[20] = 0xFF
        let findings = try await LintedText.findings([String(decoding: row, as: UTF8.self)])
        #expect(findings.map(\.rule).contains(.replacementCharacter))
    }

    @Test("A byte order mark, CRLF and blank lines do no harm")
    func lineEnds() async throws {
        let other = LintedText.row(LintedText.sound, question: "Another one?").serialized()
        #expect(try await LintedText.findings(["\u{FEFF}\(Self.sound)\r\n\r\n\(other)\r\n"]) == [])
    }

    @Test("A file without rows is an error of its own", arguments: ["", "\n \n"])
    func empty(text: String) async throws {
        let findings = try await LintedText.findings([text])
        #expect(findings.map(\.rule) == [.noRows] && findings[0].line == nil)
    }

    @Test("A line of ten megabytes is read")
    func longLine() async throws {
        let row = LintedText.row(LintedText.sound, question: String(repeating: "A question? ", count: 900_000))
        #expect(try await LintedText.findings([row.serialized()]) == [])
    }

    @Test("Rows of a JSON list and of YAML have lines, too")
    func lists() async throws {
        let row = LintedText.row([LintedText.sound[0]])
        let list = "[\n\(row.serialized()),\n{\"x\": 1},\n\(row.serialized())\n]"
        for name in ["rows.json", "rows.yaml"] {
            let findings = try await LintedText.findings([list], names: [name])
            #expect(findings.map(\.line) == [2, 3, 4, 4], "\(findings.map(\.text))")
            #expect(findings[1].rule == .unreadableRow && findings[3].rule == .duplicateQuestion)
        }
    }

    @Test("A file that is not there is named")
    func missing() async throws {
        let error = await #expect(throws: RunError.self) {
            try await RubricLinter(width: 1).lint(["/nowhere/rows.jsonl"]) { _ in }
        }
        #expect(error?.description.contains("/nowhere/rows.jsonl") == true)
    }
}
