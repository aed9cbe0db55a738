// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Formats of others")
struct FormatExampleTests {
    @Test(
        "An example of each format reads, is told by its keys, and is written as it was",
        arguments: FormatExample.all
    )
    func example(_ example: FormatExample) throws {
        let row = try RubricRow.only(in: example.text, file: example.file)
        #expect(row.format == example.format)
        #expect(row.task.criteria.map(\.weight) == example.weights)
        #expect(row.task.criteria.map(\.polarity) == example.polarities)
        #expect(row.task.criteria.map(\.title) == example.titles)
        #expect(row.task.contentHash.utf8.count == 64)
        let conversion = Conversion(from: example.format, to: example.format)
        let result = try conversion.convert(row.task)
        #expect(result.losses.isEmpty)
        let fileExtension = String(example.file.split(separator: ".")[1])
        let text = try conversion.text(of: result.row, fileExtension: fileExtension)
        #expect(text == (example.text.hasSuffix("\n") ? example.text : example.text + "\n"))
    }

    @Test("There is an example of every format")
    func allFormats() {
        #expect(Set(FormatExample.all.map(\.format)) == Set(RubricFormat.allCases))
    }

    @Test("An example keeps everything on the way through the native row", arguments: FormatExample.all)
    func throughNative(_ example: FormatExample) throws {
        let row = try RubricRow.only(in: example.text, file: example.file)
        var task = row.task
        let hadPrompt = !task.prompt.isEmpty
        if !hadPrompt { task.prompt = [Message(role: .user, content: "p")] }
        let native = try Conversion(from: example.format, to: .native).convert(task).row
        var back = try RubricRow.only(in: native.serialized(), file: "n.jsonl").task
        if !hadPrompt { back.prompt = [] }
        #expect(back == row.task)
        let conversion = Conversion(from: .native, to: example.format)
        #expect(
            try conversion.convert(back).row
                == Conversion(from: example.format, to: example.format).convert(row.task).row
        )
    }

    @Test("Imported rows say so")
    func provenance() throws {
        let row = try RubricRow.only(in: FormatExample.all[1].text, file: "t.jsonl")
        #expect(row.task.provenance == Provenance(strategy: "import", reference: .given))
    }

    @Test(
        "Other shapes of a format read too",
        arguments: [
            (
                RubricFormat.rubric, "t.json",
                #"{"sections":[{"title":"s","criteria":[{"weight":1,"requirement":"D."}]}]}"#
            ),
            (.rubric, "t.json", #"{"rubric":[{"weight":1,"requirement":"D."}]}"#),
            (.rubric, "t.json", #"{"rubric":{"sections":[{"criteria":[{"weight":1,"requirement":"D."}]}]}}"#),
            (.rubric, "t.json", #"[{"weight":1,"requirement":"D."}]"#),
            (
                .autorubric, "t.json",
                #"[{"requirement":"D.","options":[{"label":"a","value":0},{"label":"b","value":1}]}]"#
            ),
            (.verifiers, "t.json", #"[{"name":"n","text":"D."}]"#),
            (.verifiers, "t.json", #"{"criteria":[{"name":"n","text":"D.","choices":["bad","fair","good"]}]}"#),
            (
                .prometheus, "t.json",
                #"{"orig_instruction":"q","orig_criteria":"D.","orig_score1_description":"1","#
                    + #""orig_score2_description":"2","orig_score3_description":"3","orig_score4_description":"4","#
                    + #""orig_score5_description":"5","orig_reference_answer":"r","orig_feedback":"f"}"#
            ),
            (.trl, "t.jsonl", #"{"prompt":"q","rubric":[{"description":"D.","weight":1}]}"#),
            (
                .verl, "t.jsonl",
                #"{"prompt":"q","reward_model":{"style":"rule","ground_truth":"42"},"extra_info":{"rubric":"#
                    + #""[{\"description\":\"D.\",\"weight\":1}]"}}"#
            ),
            (
                .openInstruct, "t.jsonl",
                #"{"messages":[{"role":"user","content":"q"}],"dataset":["rubric"],"ground_truth":"#
                    + #"["{\"rubrics\":[{\"description\":\"D.\"}]}"]}"#
            ),
        ]
    )
    func otherShapes(format: RubricFormat, file: String, text: String) throws {
        let row = try RubricRow.only(in: text, file: file)
        #expect(row.format == format)
        #expect(row.task.criteria.map(\.description) == ["D."])
        let conversion = Conversion(from: format, to: format)
        let first = try conversion.convert(row.task).row
        let again = try RubricRow.only(in: conversion.text(of: first, fileExtension: "json"), file: file, as: format)
        #expect(try conversion.convert(again.task).row == first)
    }

    @Test(
        "Irregular RaR rows are written as they were read",
        arguments: [
            #"{"question":"q","reference_answer":null,"question_source":"s","rubric":[{"description":"Esssential Criteria:  D.","#
                + #""title":null,"weight":5},{"description":"E.","title":"t","weight":3,"note":"n"},{"description":"#
                + #""Pitfall Criteria: F.","title":"t","weight":2},{"description":"Important Criteria: G.","title":"t","#
                + #""weight":-1},{"description":"Optional Criteria: H.","title":"t","weight":null}],"rubric_list":["a"],"#
                + #""rubric_count":9,"split":"val"}"#,
            #"{"uid":7,"question":"q","reference_answer":"","question_source":"","rubric":[{"description":"#
                + #""Essential Criteria: D.","title":"t","weight":5}],"rubric_list":["Essential Criteria: D."],"#
                + #""rubric_count":1,"id":"x"}"#,
        ]
    )
    func irregular(text: String) throws {
        let task = try RubricRow.only(in: text, file: "t.jsonl").task
        #expect(try Conversion(from: .rar, to: .rar).convert(task).row.serialized() == text)
    }

    @Test("An edited criterion is written anew")
    func edited() throws {
        let text = #"{"question":"q","rubric":[{"description":"Esssential Criteria: D.","title":"t","weight":5}]}"#
        var task = try RubricRow.only(in: text, file: "t.jsonl").task
        task.criteria[0].description = "E."
        task.criteria[0].weight = 4
        let item = try Conversion(from: .rar, to: .rar).convert(task).row["rubric"]?.array?.first
        #expect(item == ["description": "Essential Criteria: E.", "title": "t", "weight": 4])
    }

    @Test(
        "What is wrong is located",
        arguments: [
            ("t.toml", "[[criteria]]\nname = \"a\"\ntext = \"t\"\nweight = -1\n", "t.toml:4:10: a weight below zero"),
            (
                "t.toml", "[[criteria]]\nname = \"a\"\ntext = \"t\"\n[[criteria]]\nname = \"a\"\ntext = \"u\"\n",
                "t.toml:5:8: duplicate criterion name"
            ),
            ("t.toml", "[[criterion]]\ndescription = 5\n", "t.toml:2:15: expected a text"),
            ("t.toml", "[[criteria]\n", "t.toml:1:12: expected \"]\", found the control byte 10"),
            ("t.yaml", "- weight: x\n  requirement: r\n", "t.yaml:1:11: expected a number"),
            ("t.json", #"{"criteria":"c","score1_description":"1"}"#, "t.json:1:1: missing key \"score2_description\""),
            (
                "t.jsonl", #"{"prompt":"p","label":"{"}"#,
                "t.jsonl:1:23: \"label\" holds JSON that is wrong at 1:2: expected a key"
            ),
            (
                "t.jsonl", #"{"prompt":"p","label":"[{\"weight\":1}]"}"#,
                "t.jsonl:1:23: \"label\" holds JSON that is wrong at 1:2: missing key \"description\""
            ),
            ("t.jsonl", #"{"messages":[],"ground_truth":["a","b"]}"#, "t.jsonl:1:31: 2 ground truths"),
        ]
    )
    func errors(file: String, text: String, expected: String) {
        let error = #expect(throws: DocumentError.self) { try RubricRow.only(in: text, file: file) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }

    @Test("A rubric without a prompt is no row to train on")
    func noPrompt() {
        let error = #expect(throws: DocumentError.self) {
            try RubricFile(reading: FormatExample.all[6].text, file: "t.yaml")
        }
        #expect(error?.description.contains("--prompt TEXT") == true)
    }
}
