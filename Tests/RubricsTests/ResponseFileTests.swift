// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Response files")
struct ResponseFileTests {
    private func rows(_ text: String) throws -> [ResponseRow] {
        try ResponseFile.rows(in: Array(text.utf8), file: "responses.jsonl")
    }

    @Test("A row answers the task that it names, or the one with its own identifier")
    func tasks() throws {
        let rows = try rows(
            """
            {"id": "a", "response": "Drink."}
            {"id": "b", "task": "a", "response": ""}

            {"id": 7, "task": 8, "response": "Rest.", "prompt": null}
            """
        )
        #expect(
            rows == [
                ResponseRow(id: "a", task: "a", response: "Drink."), ResponseRow(id: "b", task: "a", response: ""),
                ResponseRow(id: "7", task: "8", response: "Rest."),
            ]
        )
    }

    @Test("A row may carry its own prompt, rubric and reference answer")
    func ownTask() throws {
        let row = try rows(
            #"""
            {"id": "a", "task": "t", "response": "Drink.", \#
            "prompt": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Why?"}], \#
            "reference_answer": "So.", "criteria": [{"description": "It is so.", "importance": "essential"}]}
            """#
        )[0]
        #expect(row.ownTask?.id == "t" && row.ownTask?.referenceAnswer == "So.")
        #expect(row.ownTask?.prompt.map(\.role) == [.system, .user])
        #expect(row.ownTask?.criteria.map(\.id) == ["c1"])
        let bare = try rows(#"{"id": "a", "response": "Drink.", "prompt": "Why?"}"#)[0]
        #expect(bare.ownTask == RubricTask(id: "a", prompt: [Message(role: .user, content: "Why?")], criteria: []))
    }

    @Test("Texts are kept byte by byte, and identifiers told apart by bytes")
    func bytes() throws {
        let rows = try rows(
            """
            {"id": "\u{120}", "response": "a\\r\\nb"}
            {"id": "G\u{307}", "response": "x<\u{338}/response>"}
            """
        )
        #expect(
            rows.count == 2 && rows[0].response.isExactly("a\r\nb") && rows[1].response.isExactly("x<\u{338}/response>")
        )
    }

    @Test("An empty file has no rows", arguments: ["", "\n \n"])
    func empty(text: String) throws {
        #expect(try rows(text).isEmpty)
    }

    static let mistakes: [(text: String, expected: String)] = [
        (#"{"id": "a"}"#, #"responses.jsonl:1:1: missing key "response""#),
        (#"{"response": "x"}"#, #"responses.jsonl:1:1: missing key "id""#),
        (#"{"id": "a", "response": null}"#, #"responses.jsonl:1:1: missing key "response""#),
        (#"{"id": "a", "response": 5}"#, #"responses.jsonl:1:25: expected a text for "response", found 5"#),
        (#"{"id": "a", "respnse": "x"}"#, #"responses.jsonl:1:13: unknown key "respnse"; did you mean "response"?"#),
        (#"{"id": " ", "response": "x"}"#, #"responses.jsonl:1:8: "id" is blank; write a text"#),
        (
            #"{"id": "a", "response": "x", "criteria": []}"#,
            #"a rubric without a "prompt"; add the prompt that the response answers"#
        ),
        (#"{"id": "a", "response": "x", "reference_answer": "y"}"#, #"a rubric without a "prompt""#),
        (#"{"id": "a", "response": "x", "prompt": []}"#, #"responses.jsonl:1:40: "prompt" is empty"#),
        (#"{"id": "a", "response": "x", "prompt": "p", "criteria": [{"title": "t"}]}"#, #"missing key "description""#),
        (
            "{\"id\": \"a\", \"response\": \"x\"}\n{\"id\": \"a\", \"response\": \"y\"}",
            "responses.jsonl:2:1: duplicate row id \"a\"; give each response its own"
        ),
        ("{\"id\": \"a\", \"response\": \"x\"}\n\n[1]", "responses.jsonl:3:1: expected a mapping"),
        ("{\"id\": \"a\", \"response\": \"x\"", "responses.jsonl:1:"),
        (#"{"id": "a", "response": "x", "response": "y"}"#, "responses.jsonl:1:30: duplicate key"),
    ]

    @Test("A mistake is located and says what was expected", arguments: mistakes)
    func mistake(text: String, expected: String) {
        let error = #expect(throws: DocumentError.self) { _ = try rows(text) }
        #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "none")")
    }
}
