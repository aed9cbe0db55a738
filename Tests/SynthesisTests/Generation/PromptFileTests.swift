// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Synthesis
import TestSupport
import Testing

@Suite("Files of prompts")
struct PromptFileTests {
    private func entries(_ text: String) throws -> [PromptFile.Entry] {
        let folder = try TemporaryFolder()
        var file = try PromptFile(folder.write("prompts.jsonl", text.utf8))
        var entries: [PromptFile.Entry] = []
        while let entry = try file.next() { entries.append(entry) }
        return entries
    }

    private func row(_ text: String) throws -> PromptRow {
        try #require(entries(text).first).row.get()
    }

    private func error(_ text: String) throws -> String {
        guard case .failure(let error)? = try entries(text).first?.row else { return "no error" }
        return error.description
    }

    @Test("A row is read with all its members")
    func whole() throws {
        let row = try row(
            #"{"id": 7, "prompt": "p", "reference_answer": "r", "domain": "science", "source": "here"}"#
        )
        let message = Message(role: .user, content: "p")
        #expect(
            row == PromptRow(id: "7", prompt: [message], referenceAnswer: "r", domain: "science", source: "here")
        )
        #expect(row.task.id == "7" && row.task.criteria.isEmpty && row.task.source == "here")
        #expect(row.byteCount == 2)
    }

    @Test("A blank reference answer is none", arguments: [#""""#, #"" \n\t""#, "null"])
    func blankReference(text: String) throws {
        #expect(try row(#"{"id": "a", "prompt": "p", "reference_answer": \#(text)}"#).referenceAnswer == nil)
    }

    @Test("Turns are read; the last one is the user's")
    func turns() throws {
        let turns = #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}"#
        let row = try row(#"{"id": "a", "prompt": \#(turns), {"role": "user", "content": "c"}]}"#)
        #expect(row.prompt.map(\.role) == [.user, .assistant, .user])
        let message = try error(#"{"id": "a", "prompt": \#(turns)]}"#)
        #expect(message.contains("prompts.jsonl:1:23: the last message of \"prompt\" is not the user's"), "\(message)")
        #expect(message.contains("the ideal answer belongs under \"reference_answer\""))
    }

    @Test(
        "What is wrong with a line is told with its place",
        arguments: [
            (#"{"id": "a"}"#, #"missing key "prompt""#), (#"{"prompt": "p"}"#, #"missing key "id""#),
            (#"{"id": "a", "prompt": "p", "referense_answer": "r"}"#, #"did you mean "reference_answer"?"#),
            (#"{"id": "a", "prompt": " "}"#, "is blank"), (#"{"id": "a", "prompt": []}"#, "is empty"),
            (#"{"id": "a", "prompt": [{"role": "user", "content": " "}]}"#, "says nothing"),
            (#"{"id": "a", "prompt": [{"role": "bot", "content": "x"}]}"#, #"unknown word "bot""#),
            (#"{"id": "a", "prompt": "p""#, "prompts.jsonl:1:"), ("[]", "expected a mapping"),
        ]
    )
    func errors(line: String, expected: String) throws {
        let message = try error(line)
        #expect(message.contains(expected) && message.contains("prompts.jsonl:1:"), "\(message)")
    }

    @Test("A line that is wrong does not end the reading, and names are told apart by their bytes")
    func goesOn() throws {
        let lines = [
            #"{"id": "\#u{120}", "prompt": "p"}"#, "", "{", #"{"id": "G\#u{307}", "prompt": "p"}"#, "  ",
            #"{"id": "\#u{120}", "prompt": "q"}"#, #"{"id": "b", "prompt": "p"}"#,
        ]
        let entries = try entries(lines.joined(separator: "\n"))
        #expect(entries.map(\.line) == [1, 3, 4, 6, 7])
        let isGood = entries.map { if case .success = $0.row { true } else { false } }
        #expect(isGood == [true, false, true, false, true])
        guard case .failure(let duplicate) = entries[3].row else { return }
        #expect(duplicate.line == 6 && duplicate.message.contains("duplicate row id"))
    }

    @Test("Lines are counted without being read")
    func skipping() throws {
        let folder = try TemporaryFolder()
        var file = try PromptFile(folder.write("prompts.jsonl", "{\n\n  \nx\ny".utf8))
        var count = 0
        while try file.skip() { count += 1 }
        #expect(count == 3)
        #expect(throws: RunError.self) { _ = try PromptFile("/nowhere/prompts.jsonl") }
    }
}
