// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Native rows")
struct NativeRowTests {
    @Test("A row reads back as it was written, and writes as it was read", arguments: 0..<200)
    func roundTrip(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        let task = random.task()
        let text = task.json.serialized()
        let back = try #require(try RubricFile.tasks(in: text, file: "t.jsonl").first)
        #expect(back == task)
        #expect(Array(back.json.serialized().utf8) == Array(text.utf8))
    }

    @Test("Keys are written in one order, and what is missing is left out")
    func keyOrder() {
        let task = RubricTask(
            id: "r",
            prompt: [Message(role: .user, content: "p")],
            domain: "d",
            criteria: [
                Criterion(
                    description: "s",
                    importance: .pitfall,
                    weight: 0.9,
                    polarity: .negative,
                    kind: .form,
                    check: .sentence(allOf: [["a"]], minWords: 4, maxWords: 30)
                )
            ]
        )
        #expect(
            task.json.serialized()
                == #"{"id":"r","prompt":"p","domain":"d","criteria":[{"id":"c1","title":"","description":"s","#
                + #""importance":"pitfall","weight":0.9,"polarity":"negative","kind":"form","#
                + #""check":{"sentence":{"all_of":[["a"]],"max_words":30}}}]}"#
        )
    }
}

@Suite("Checks in rows")
struct CheckReaderTests {
    private func check(_ json: String) throws -> Check? {
        let row =
            "{\"id\":\"a\",\"prompt\":\"p\",\"criteria\":[{\"description\":\"d\",\"weight\":1,\"check\":\n\(json)}]}"
        return try RubricFile.tasks(in: row, file: "t.json").first?.criteria.first?.check
    }

    @Test(
        "Every check reads",
        arguments: [
            (#"{"any_of":["a"]}"#, .anyOf(["a"])), (#"{"all_of":["a","b"]}"#, .allOf(["a", "b"])),
            (#"{"none_of":["a"]}"#, .noneOf(["a"])),
            (#"{"regex":"^a$"}"#, .regex("^a$")),
            (#"{"number":{"value":3}}"#, .number(value: 3, tolerance: 0, unit: nil)),
            (#"{"number":{"value":-3.5,"tolerance":1,"unit":"mg"}}"#, .number(value: -3.5, tolerance: 1, unit: "mg")),
            (#"{"final_answer":"42"}"#, .finalAnswer("42")), (#"{"choice":"b"}"#, .choice("b")),
            (#"{"words":{"min":3}}"#, .words(min: 3, max: nil)),
            (#"{"words":{"max":3,"min":3}}"#, .words(min: 3, max: 3)),
            (
                #"{"sentence":{"all_of":[["a","b"],["c"]]}}"#,
                .sentence(allOf: [["a", "b"], ["c"]], minWords: 4, maxWords: 25)
            ),
            (
                #"{"sentence":{"all_of":[["a"]],"min_words":1,"max_words":9}}"#,
                .sentence(allOf: [["a"]], minWords: 1, maxWords: 9)
            ),
            (#"{"repetition":{"max":0.1}}"#, .repetition(max: 0.1)), (#"{"json":true}"#, .json),
            (#"{"and":[{"json":true},{"not":{"or":[{"any_of":["a"]}]}}]}"#, .and([.json, .not(.or([.anyOf(["a"])]))])),
        ] as [(String, Check)]
    )
    func reads(json: String, expected: Check) throws {
        #expect(try check(json) == expected)
    }

    @Test(
        "What is wrong with a check is located",
        arguments: [
            (
                #"{"any":["a"]}"#,
                "2:2: unknown key \"any\"; did you mean \"any_of\"?"
            ),
            (
                #"{"contains":["a"]}"#,
                "2:2: unknown key \"contains\"; known keys: any_of, all_of, none_of, regex, number, final_answer, choice, "
                    + "words, sentence, repetition, json, and, or, not"
            ),
            (#"{"anyof":["a"]}"#, "2:2: unknown key \"anyof\"; did you mean \"any_of\"?"),
            (#"{}"#, "2:1: a check has one key, its name; join several checks with \"and\" or \"or\""),
            (
                #"{"json":true,"regex":"a"}"#,
                "2:1: a check has one key, its name; join several checks with \"and\" or \"or\""
            ),
            (#""json""#, "2:1: expected a mapping for \"check\", found the text \"json\""),
            (#"{"any_of":[]}"#, "2:11: \"any_of\" is empty"),
            (#"{"any_of":["a"," "]}"#, "2:16: \"any_of[1]\" is blank; write a text"),
            (#"{"any_of":"a"}"#, "2:11: expected a list for \"any_of\", found the text \"a\""),
            (
                #"{"regex":"a("}"#,
                "2:10: invalid regular expression at its character 2: this group is not closed; in JSON a backslash is written \\\\"
            ),
            (#"{"number":{"value":"3"}}"#, "2:20: expected a number for \"value\", found the text \"3\""),
            (#"{"number":{"tolerance":1}}"#, "2:11: missing key \"value\" in \"number\""),
            (#"{"number":{"value":3,"tolerance":-1}}"#, "2:34: \"tolerance\" is below zero"),
            (#"{"choice":"BC"}"#, "2:11: \"choice\" is no letter; write one letter, such as \"B\""),
            (#"{"choice":"3"}"#, "2:11: \"choice\" is no letter; write one letter, such as \"B\""),
            (#"{"words":{"min":5,"max":3}}"#, "2:17: \"min\" is 5, above \"max\", 3"),
            (#"{"words":{}}"#, "2:10: \"words\" has neither \"min\" nor \"max\""),
            (#"{"words":{"min":-1}}"#, "2:17: \"min\" is -1, below zero"),
            (#"{"words":{"min":1.5}}"#, "2:17: expected an integer for \"min\", found 1.5"),
            (#"{"sentence":{"all_of":[["a"]],"min_words":30}}"#, "2:43: \"min_words\" is 30, above \"max_words\", 25"),
            (#"{"sentence":{"all_of":[["a"]],"max_words":3}}"#, "2:13: \"min_words\" is 4, above \"max_words\", 3"),
            (#"{"sentence":{"all_of":[[]]}}"#, "2:24: \"all_of[0]\" is empty"),
            (#"{"sentence":{"all_off":[]}}"#, "2:14: unknown key \"all_off\"; did you mean \"all_of\"?"),
            (#"{"repetition":{"max":1.5}}"#, "2:22: \"max\" is 1.5, out of range; use a number from 0 to 1"),
            (#"{"json":false}"#, "2:9: \"json\" is false; write {\"not\": {\"json\": true}}"),
            (#"{"and":[]}"#, "2:8: \"and\" is empty"),
            (#"{"or":[{"not":{"regx":"a"}}]}"#, "2:16: unknown key \"regx\"; did you mean \"regex\"?"),
        ]
    )
    func errors(json: String, description: String) {
        let error = #expect(throws: DocumentError.self) { try check(json) }
        #expect(error?.description == "t.json:" + description)
    }

    @Test("Checks nested without end are refused")
    func depth() {
        let text = String(repeating: "{\"not\":", count: 5000)
        #expect(throws: DocumentError.self) { try check(text) }
    }
}

@Suite("Undecided polarity")
struct UndecidedPolarityTests {
    private let tasks = [
        RubricTask(
            id: "a",
            prompt: [],
            criteria: [
                Criterion(
                    id: "c1",
                    description: "d",
                    children: [Criterion(id: "c1.1", description: "d", polarity: .undecided)]
                ),
                Criterion(id: "c2", description: "d", polarity: .undecided),
                Criterion(id: "c3", description: "d", polarity: .negative),
            ]
        ),
        RubricTask(id: "b", prompt: [], criteria: [Criterion(id: "c1", description: "d")]),
        RubricTask(id: "c", prompt: [], criteria: [Criterion(id: "c1", description: "d", polarity: .undecided)]),
    ]

    @Test("An undecided polarity is an error that counts the rows and names the way out")
    func error() {
        let error = #expect(throws: UndecidedPolarityError.self) { try UndecidedPolarity.error.resolve(tasks) }
        #expect(
            error?.description
                == "2 of 3 rows have criteria whose polarity is undecided (3 criteria, the first is c1.1 "
                + "of \"a\"); set \"polarity\" to positive or negative in each, or leave them out: "
                + "data.undecided: drop_criterion in a recipe, --undecided drop_criterion on the command line"
        )
    }

    @Test("Dropping leaves the decided criteria and says what was dropped")
    func dropping() throws {
        let resolution = try UndecidedPolarity.dropCriterion.resolve(tasks)
        #expect(resolution.tasks.map { $0.criteria.map(\.id) } == [["c1", "c3"], ["c1"], []])
        #expect(resolution.tasks[0].criteria[0].children.isEmpty)
        #expect(resolution.dropped.map { "\($0.task) \($0.criterion)" } == ["a c1.1", "a c2", "c c1"])
    }

    @Test("Decided tasks pass unchanged", arguments: UndecidedPolarity.allCases)
    func decided(policy: UndecidedPolarity) throws {
        let resolution = try policy.resolve([tasks[1]])
        #expect(resolution.tasks == [tasks[1]])
        #expect(resolution.dropped.isEmpty)
    }
}
