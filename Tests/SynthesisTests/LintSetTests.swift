// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import TestSupport
import Testing

@Suite("Lint over a set")
struct LintSetTests {
    private func row(_ question: String, uid: String? = nil) -> String {
        var row = LintedText.row(LintedText.sound, question: question).object ?? [:]
        row["uid"] = uid.map(JSONValue.string)
        return JSONValue.object(row).serialized()
    }

    @Test("A question asked twice in a file and one shared by two files are told apart, each with its other place")
    func questions() async throws {
        let texts = [
            [row("Why is it so?"), row("How?"), row("WHY is it so")].joined(separator: "\n"),
            [row("When?"), row("How")].joined(separator: "\n"),
        ]
        let findings = try await LintedText.findings(texts)
        #expect(findings.map(\.rule) == [.duplicateQuestion, .sharedQuestion])
        #expect(findings.map(\.line) == [3, 2])
        #expect(findings[0].message.hasSuffix("rows.jsonl:1") && findings[1].message.hasSuffix("rows.jsonl:2"))
        #expect(findings[0].file.hasSuffix("rows.jsonl") && findings[1].file.hasSuffix("more.jsonl"))
    }

    @Test("Rows of two formats and taken identifiers are errors")
    func identifiers() async throws {
        let native = #"{"id": "a", "prompt": "p", "criteria": [{"description": "Names x2.", "weight": 1}]}"#
        let texts = [[row("One?", uid: "a"), row("Two?", uid: "a"), native].joined(separator: "\n")]
        let findings = try await LintedText.findings(texts).filter { $0.severity == .error }
        #expect(findings.map(\.rule) == [.duplicateID, .mixedFormats, .duplicateID])
        #expect(findings.map(\.line) == [2, 3, 3])
    }

    @Test("Rows without a name of their own get the names that readers give them")
    func names() async throws {
        let text = [row("Why?"), row("Why?")].joined(separator: "\n")
        let findings = try await LintedText.findings([text])
        let tasks = try RubricFile.tasks(in: text, file: "rows.jsonl")
        #expect(findings.map(\.task) == [tasks[1].id])
    }

    @Test("A set whose rows nearly all have one number of criteria is noted once")
    func constantCount() async throws {
        let rows = (0..<60).map { row("Question number \($0)?") }
        #expect(try await LintedText.findings([rows.joined(separator: "\n")]).map(\.rule) == [.constantCount])
        #expect(try await LintedText.findings([rows.prefix(40).joined(separator: "\n")]) == [])
    }

    @Test("Findings come in file order and are the same whatever the number of cores", arguments: [1, 2, 7])
    func order(width: Int) async throws {
        var random = SplitMix64(seed: 7)
        let rows = (0..<600).map { index -> String in
            let items =
                LintedText.sound + [
                    LintedText.item(index % 3 == 0 ? "No prefix \(index)." : "Option Criteria: X\(index).")
                ]
            let padding = String(repeating: "padding ", count: Int(random.next() % 300))
            return LintedText.row(items, question: "Question \(index) \(padding)?").serialized()
        }
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.jsonl", rows.joined(separator: "\n").utf8)
        var lines: [Int] = []
        let summary = try await RubricLinter(width: width).lint([path]) { if let line = $0.line { lines.append(line) } }
        #expect(lines == lines.sorted() && Set(lines) == Set(1...600))
        #expect(summary.rows == 600)
        #expect(summary.rules[.missingImportance]?.rows == 200 && summary.rules[.misspeltImportance]?.rows == 400)
    }

    @Test("Only the rules asked for are looked at")
    func rules() async throws {
        let row = LintedText.row([LintedText.item("Names meningitis.", title: "X")]).serialized()
        #expect(try await LintedText.findings([row], rules: [.titleLength]).map(\.rule) == [.titleLength])
        #expect(try await LintedText.findings([row], rules: []) == [])
    }
}
