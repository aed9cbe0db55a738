// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Published rows")
struct PublishedRowTests {
    private func file(_ items: String, extra: String = "") throws -> RubricFile {
        let text = #"{"question":"q","reference_answer":"","question_source":"s","rubric":[\#(items)]\#(extra)}"#
        return try RubricFile(reading: text, file: "t.jsonl")
    }

    private func item(_ description: String, weight: Int?) -> String {
        #"{"description":"\#(description)","title":"t","weight":\#(weight.map(String.init) ?? "null")}"#
    }

    @Test("A published RaR row reads, and a pitfall that nothing tells of is undecided")
    func row() throws {
        let items = [
            item("Essential Criteria: Names it.", weight: 5),
            item("Pitfall Criteria: Does not mention it.", weight: -2),
        ]
        let file = try file(items.joined(separator: ","), extra: #","rubric_list":["x"],"rubric_count":2,"other":1"#)
        #expect(file.format == .rar)
        #expect(file.notes.isEmpty)
        #expect(
            file.tasks == [
                RubricTask(
                    id: "rar-af63ec4c860207bc",
                    prompt: [Message(role: .user, content: "q")],
                    source: "s",
                    criteria: [
                        Criterion(id: "c1", title: "t", description: "Names it.", importance: .essential, weight: 5),
                        Criterion(
                            id: "c2",
                            title: "t",
                            description: "Does not mention it.",
                            importance: .pitfall,
                            weight: 2,
                            polarity: .undecided,
                            polarityGround: "wording and evidence leave it open"
                        ),
                    ],
                    metadata: ["rar": ["other": 1, "rubric_list": ["x"]]],
                    provenance: Provenance(strategy: "import", reference: Provenance.Reference.none)
                )
            ]
        )
    }

    @Test("Rows without an identifier are named for their question, a second time with a number")
    func names() throws {
        let rows = ["What is sepsis?", "Why?", "What is sepsis?"].map {
            #"{"question":"\#($0)","rubric":[\#(item("Essential Criteria: X.", weight: 5))]}"#
        }
        let ids = try RubricFile(reading: rows.joined(separator: "\n"), file: "t.jsonl").tasks.map(\.id)
        #expect(Set(ids).count == 3)
        #expect(ids[2] == ids[0] + "-2")
        #expect(try RubricFile(reading: rows[2], file: "u.jsonl").tasks[0].id == ids[0])
    }

    @Test(
        "Irregular importances are read as what they are nearest to, with a note",
        arguments: [
            ("Esssential Criteria: X: y.", 5, .essential, .positive, "X: y."),
            ("Importance Criteria: X.", 4, .important, .positive, "X."),
            ("Option Criteria: X.", 1, .optional, .positive, "X."),
            ("Mandatory Criteria: X.", 5, .essential, .positive, "X."),
            ("Universal Criteria: X.", 4, .important, .positive, "X."),
            ("Pitfall: The response should avoid x.", -1, .pitfall, .positive, "The response should avoid x."),
            ("important criterea:X.", 3, .important, .positive, "X."),
            ("Names the cause.", 5, .essential, .positive, "Names the cause."),
            ("Names it: the cause.", 2, .optional, .positive, "Names it: the cause."),
            ("Ignores it.", -2, .pitfall, .negative, "Ignores it."),
            ("Important Criteria: X.", -1, .important, .undecided, "X."),
            ("Option: A is right.", 3, .important, .positive, "Option: A is right."),
        ] as [(String, Int, Importance, Polarity, String)]
    )
    func slips(text: String, weight: Int, importance: Importance, polarity: Polarity, description: String) throws {
        let file = try file(item(text, weight: weight))
        let criterion = try #require(file.tasks.first?.criteria.first)
        #expect(criterion.importance == importance)
        #expect(criterion.polarity == polarity)
        #expect(criterion.description == description)
        #expect(criterion.weight == Double(abs(weight)))
        #expect(file.notes.count == 1)
        #expect(file.notes[0].hasPrefix("t.jsonl:1:"))
    }

    @Test("Pitfalls and negative weights are decided from wording and evidence, without a note")
    func decided() throws {
        let items = [
            item("Essential Criteria: Names the spleen.", weight: 5),
            item("Pitfall Criteria: Recommends surgery.", weight: -2),
            item("Pitfall Criteria: Does not confuse it with the liver.", weight: -1),
            item("Important Criteria: The response must avoid jargon.", weight: -3),
        ]
        let file = try file(items.joined(separator: ","))
        let criteria = try #require(file.tasks.first).criteria
        #expect(file.notes.isEmpty)
        #expect(criteria.map(\.polarity) == [.positive, .negative, .positive, .positive])
        #expect(criteria.map { $0.polarityGround != nil } == [false, true, true, true])
        #expect(criteria.allSatisfy { ($0.polarityGround == nil) == ($0.polarityConfidence == nil) })
    }

    @Test("Notes name the place and the assumption")
    func notes() throws {
        #expect(
            try file(item("Esssential Criteria: X.", weight: 5)).notes
                == ["t.jsonl:1:86: the importance \"Esssential Criteria\", read as essential"]
        )
    }

    @Test(
        "What cannot be read is located",
        arguments: [
            ("", "t.jsonl:1:70: \"rubric\" is empty; a rubric needs at least one criterion"),
            (
                #"{"description":"X.","weight":null}"#,
                "t.jsonl:1:86: no importance in front of the description, and no weight to tell it from; "
                    + "start it with \"Essential Criteria: \" or another importance"
            ),
            (#"{"title":"X.","weight":1}"#, "t.jsonl:1:71: missing key \"description\" in \"rubric[0]\""),
            (
                #"{"description":"Essential Criteria: ","weight":1}"#,
                "t.jsonl:1:86: nothing after \"Essential Criteria:\"; write what the criterion states"
            ),
            (
                #"{"description":"Essential Criteria: X.","weight":0}"#,
                "t.jsonl:1:70: the weights in \"rubric\" sum to zero; give at least one criterion a weight"
            ),
            ("5", "t.jsonl:1:71: expected a mapping for \"rubric[0]\", found 5"),
        ]
    )
    func errors(items: String, description: String) {
        let error = #expect(throws: DocumentError.self) { try file(items) }
        #expect(error?.description == description)
    }

    @Test("A HealthBench row reads with the signs of its points as polarity")
    func healthBench() throws {
        let text = """
            {"prompt_id":"p1","prompt":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user",\
            "content":"c"}],"rubrics":[{"criterion":"Names it.","points":7,"tags":["axis:accuracy"]},\
            {"criterion":"Fails to ask.","points":-3.5,"tags":[]}],"example_tags":[],\
            "ideal_completions_data":{"ideal_completion":"Yes.","ideal_completions_group":"g"}}
            """
        let file = try RubricFile(reading: text, file: "t.jsonl")
        let task = try #require(file.tasks.first)
        #expect(file.format == .healthBench)
        #expect(task.id == "p1")
        #expect(task.prompt.map(\.role) == [.user, .assistant, .user])
        #expect(task.referenceAnswer == "Yes.")
        #expect(task.criteria.map(\.polarity) == [.positive, .negative])
        #expect(task.criteria.map(\.weight) == [7, 3.5])
        #expect(task.criteria.map(\.importance) == [nil, nil])
        #expect(task.criteria.map(\.tags) == [["axis:accuracy"], []])
    }

    @Test("Rows of two formats in one file are refused")
    func mixed() throws {
        let native = #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1}]}"#
        let published = #"{"question":"q","rubric":[{"description":"Essential Criteria: X.","weight":5}]}"#
        let error = #expect(throws: DocumentError.self) {
            try RubricFile(reading: native + "\n" + published, file: "t.jsonl")
        }
        #expect(
            error?.description == "t.jsonl:2:1: a rar row in a file of rubrics rows; keep the two in files of their own"
        )
    }
}
