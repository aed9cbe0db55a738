// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Synthesis
import TestSupport
import Testing

@Suite("Lint fixes")
struct LintFixTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Fixes a file and gives its text with what was found.
    private func fix(_ text: String, to out: String? = nil) async throws -> (text: String, summary: LintSummary) {
        let path = try folder.write("rows.jsonl", text.utf8)
        let linter = RubricLinter(fixes: true, width: 2)
        let summary = try await linter.lint([path], output: { _ in out.map(folder.path) }) { _ in }
        return (try read(out ?? "rows.jsonl"), summary)
    }

    /// A file's text with its byte order mark, which Foundation's `String` would take away.
    private func read(_ name: String) throws -> String {
        String(decoding: try #require(FileManager.default.contents(atPath: folder.path(name))), as: UTF8.self)
    }

    /// A row in which everything that can be fixed has to be.
    private static var damaged: JSONValue {
        let items =
            LintedText.sound + [
                LintedText.item("Importance Criteria: Names the MÃ©niÃ¨re disease. ", title: " Some Title", weight: 4),
                LintedText.sound[2],
                LintedText.item(#"Essential Criteria: States \\frac{1}{2} of $\nu$"# + " and of $\nu$."),
            ]
        var row = LintedText.row(items, reference: "It is MÃƒÂ©niÃ¨re and \theta.").object ?? [:]
        row["rubric_list"] = .array(items.compactMap { $0["description"] })
        row["rubric_count"] = 10
        row["kept"] = [1.0, "Ã©"]
        return .object(row)
    }

    @Test("What is safe is fixed, in the columns that repeat it too, and nothing else changes")
    func everything() async throws {
        let (text, summary) = try await fix(Self.damaged.serialized() + "\n")
        let row = try Document.json(text, file: "t").json
        let items = try #require(row["rubric"]?.array)
        #expect(items.count == 9 && row["rubric_count"] == 9)
        #expect(items[7] == LintedText.item("Important Criteria: Names the Ménière disease.", weight: 4))
        #expect(items[8]["description"] == .string(#"Essential Criteria: States \frac{1}{2} of $\nu$ and of $\nu$."#))
        #expect(row["rubric_list"] == .array(items.compactMap { $0["description"] }))
        #expect(row["reference_answer"] == .string(#"It is Ménière and \theta."#))
        #expect(row["kept"] == [1.0, "Ã©"])
        #expect(summary.fixedRows == 1 && summary.isClean)
        #expect(summary.rules[.misspeltImportance]?.fixed == 1 && summary.rules[.duplicateCriterion]?.fixed == 1)
    }

    @Test("Fixing twice changes nothing more")
    func twice() async throws {
        let once = try await fix(Self.damaged.serialized() + "\n")
        let twice = try await fix(once.text)
        #expect(twice.text.utf8.elementsEqual(once.text.utf8) && twice.summary.fixedRows == 0)
    }

    @Test("Fixing spoilt rows twice is fixing them once", arguments: 0..<60)
    func property(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let parts = [
            "Ã", "©", "Â", " ", "\n", "u", "\t", "heta", #"\\"#, "frac{1}", "$", "â€", "™", "Esssential", ": ", "x",
            "Ƀ", "\r", "ho",
        ]
        func text() -> String {
            (0..<Int(random.next() % 14)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }.joined()
        }
        let items = (0..<7).map { _ in LintedText.item("Essential Criteria: X \(text())", title: text()) }
        let row = LintedText.row(items + [items[0]], question: "Q \(text())", reference: text())
        let once = try await fix(row.serialized())
        let twice = try await fix(once.text)
        #expect(twice.text.utf8.elementsEqual(once.text.utf8))
    }

    @Test("Lines without a fix stay byte for byte: their order, their ends, marks and blank lines")
    func untouched() async throws {
        let odd =
            "{ \"question\" :\"Odd?\",\"reference_answer\":\"Yes, of course it is.\", \"rubric\": "
            + JSONValue.array(LintedText.sound).serialized() + " }"
        let fixable = LintedText.row(LintedText.sound + [LintedText.item("Esssential Criteria: Names shock.")])
        let text = "\u{FEFF}\(odd)\r\n\r\nnot json\n\(fixable.serialized())\r\n\(odd)"
        let (fixed, _) = try await fix(text, to: "fixed.jsonl")
        let expected = fixable.serialized().replacingOccurrences(of: "Esssential", with: "Essential")
        #expect(fixed.utf8.elementsEqual("\u{FEFF}\(odd)\r\n\r\nnot json\n\(expected)\r\n\(odd)".utf8))
        #expect(try read("rows.jsonl").utf8.elementsEqual(text.utf8))
    }

    @Test("A native row says in its provenance what was done, and its criteria keep their names")
    func native() async throws {
        let criterion: JSONValue = ["title": "Two words ", "description": "Names 1.", "importance": "essential"]
        let other: JSONValue = ["title": "Two more", "description": "Names 2.", "importance": "essential"]
        let row: JSONValue = ["id": "a", "prompt": "p", "criteria": [criterion, criterion, other]]
        let (text, _) = try await fix(row.serialized())
        let task = try #require(try RubricFile.tasks(in: text, file: "t.jsonl").first)
        #expect(task.criteria.map(\.id) == ["c1", "c3"] && task.criteria.map(\.title) == ["Two words", "Two more"])
        let changes = try #require(task.provenance?.changes)
        #expect(Set(changes.map(\.by)) == ["lint"])
        #expect(changes.map(\.action) == ["removed", "edited", "edited"])
        #expect(changes.map(\.criterion) == ["c2", "c1", "c2"])
        #expect(try await fix(text).text.utf8.elementsEqual(text.utf8))
    }

    @Test("A HealthBench row is fixed where it differs, in its own shape")
    func healthBench() async throws {
        let text =
            #"{"prompt_id":"p","prompt":[{"role":"user","content":"HÃ©?"}],"#
            + #""rubrics":[{"criterion":"Names 1. ","points":5}],"x":1}"#
        let fixed =
            #"{"prompt_id":"p","prompt":[{"role":"user","content":"Hé?"}],"#
            + #""rubrics":[{"criterion":"Names 1.","points":5}],"x":1}"#
        #expect(try await self.fix(text).text.utf8.elementsEqual(fixed.utf8))
    }

    @Test("An importance that was read by its weight is not written down: that is a guess")
    func guess() async throws {
        let items = ["Universal Criteria: Names shock.", "Names the cause."].map { LintedText.item($0) }
        let text = LintedText.row(LintedText.sound + items).serialized()
        let (fixed, summary) = try await fix(text)
        #expect(fixed.utf8.elementsEqual(text.utf8) && summary.fixedRows == 0)
        #expect(summary.rules[.misspeltImportance]?.findings == 1 && summary.rules[.missingImportance]?.findings == 1)
    }

    @Test("A JSON list is not fixed, and says what to do")
    func list() async throws {
        let path = try folder.write("rows.json", "[\(Self.damaged.serialized())]".utf8)
        let error = await #expect(throws: LintError.self) {
            try await RubricLinter(fixes: true, width: 1).lint([path]) { _ in }
        }
        #expect(error?.description.contains(".jsonl") == true)
    }
}
