// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@Suite("Rubric files")
struct RubricFileTests {
    static let row = """
        {"id": "r1", "prompt": "How much water a day?", "reference_answer": "About two litres.", "plain_answer": "Two litres.", \
        "source": "here", "domain": "medicine", "criteria": [
        {"id": "a", "title": "Amount", "description": "Names an amount.", "importance": "essential", "weight": 1.0, \
        "polarity": "positive", "polarity_ground": "by hand", "polarity_confidence": 0.9, "kind": "content", \
        "check": {"and": [{"any_of": ["litre", "liter"]}, {"not": {"words": {"max": 4}}}]}},
        {"description": "Recommends beer.", "weight": -2, "polarity": "negative", "children": [{"description": "Names a brand."}]}]}
        """

    @Test("A native row reads into every field")
    func nativeRow() throws {
        let file = try RubricFile(reading: Self.row, file: "t.json")
        #expect(file.format == .native)
        #expect(
            file.tasks == [
                RubricTask(
                    id: "r1",
                    prompt: [Message(role: .user, content: "How much water a day?")],
                    referenceAnswer: "About two litres.",
                    plainAnswer: "Two litres.",
                    source: "here",
                    domain: "medicine",
                    criteria: [
                        Criterion(
                            id: "a",
                            title: "Amount",
                            description: "Names an amount.",
                            importance: .essential,
                            weight: 1,
                            polarity: .positive,
                            polarityGround: "by hand",
                            polarityConfidence: 0.9,
                            kind: .content,
                            check: .and([.anyOf(["litre", "liter"]), .not(.words(min: nil, max: 4))])
                        ),
                        Criterion(
                            id: "c2",
                            description: "Recommends beer.",
                            weight: 2,
                            polarity: .negative,
                            children: [Criterion(id: "c2.1", description: "Names a brand.")]
                        ),
                    ]
                )
            ]
        )
    }

    @Test(
        "Rows lie in JSON lines, lists or YAML, whatever the name says of JSON",
        arguments: [
            ("t.jsonl", "{R1}\n\n{R2}\n"), ("t.json", "{R1}\n{R2}"), ("t.json", "[{R1},\n {R2}]"),
            ("t", "\n[{R1}, {R2}]"),
            ("t", "{R1}\r\n{R2}\r\n"), ("t.YAML", "- {R1}\n- {R2}"), ("t", "- {R1}\n- {R2}"),
            ("t.jsonl", "\u{FEFF}{R1}\n{R2}"),
            (
                "t.yml",
                "- id: r1\n  prompt: p\n  criteria: [{description: d, weight: 1}]\n- id: r2\n  prompt: p\n"
                    + "  criteria:\n    - description: d\n      weight: 1\n"
            ),
        ]
    )
    func layouts(file: String, text: String) throws {
        func row(_ id: String) -> String {
            #"{"id":"\#(id)","prompt":"p","criteria":[{"description":"d","weight":1}]}"#
        }
        let text = text.replacing("{R1}", with: row("r1")).replacing("{R2}", with: row("r2"))
        let tasks = try RubricFile.tasks(in: text, file: file)
        #expect(tasks.map(\.id) == ["r1", "r2"])
        #expect(tasks[1].criteria == [Criterion(id: "c1", description: "d", weight: 1)])
    }

    @Test("One row alone may fill a file", arguments: ["t.json", "t.yaml", "t"])
    func singleRow(file: String) throws {
        let text =
            "{\n\"id\": \"r1\", \"prompt\": \"p\",\n\"criteria\": [{\"description\": \"d\", \"importance\": \"optional\"}]}"
        #expect(try RubricFile.tasks(in: text, file: file).count == 1)
    }

    @Test("Polarity that is not written is positive, but for pitfalls and negative weights")
    func missingPolarity() throws {
        let text = """
            id: r
            prompt: [{role: system, content: s}, {role: user, content: u}]
            criteria:
              - {description: d, importance: important}
              - {description: d, importance: pitfall}
              - {description: d, weight: -1}
              - {description: d, importance: pitfall, polarity: positive}
            """
        let task = try #require(try RubricFile.tasks(in: text, file: "t.yaml").first)
        #expect(task.criteria.map(\.polarity) == [.positive, .undecided, .undecided, .positive])
        #expect(task.prompt.map(\.role) == [.system, .user])
    }

    static let misfits: [(line: String, description: String)] = [
        ("", "t.jsonl: there are no rows; write at least one rubric row"),
        ("[]", "t.jsonl:1:1: expected a rubric row, a mapping, found a list"),
        ("ROW()", "t.jsonl:1:35: \"criteria\" is empty; a rubric needs at least one criterion"),
        (
            #"{"id":"a"}"#,
            "t.jsonl:1:1: no rubric row of a known format; native rows have \"id\", \"prompt\" and \"criteria\", "
                + "RaR's \"question\" and \"rubric\", HealthBench's \"prompt\" and \"rubrics\""
        ),
        (
            #"{"id":"a","prompt":"p","criterea":[]}"#,
            "t.jsonl:1:24: unknown key \"criterea\"; did you mean \"criteria\"?"
        ),
        (#"{"id":"a","prompt":" ","criteria":[]}"#, "t.jsonl:1:20: \"prompt\" is blank; write a text"),
        (
            #"{"id":"a","prompt":5,"criteria":[]}"#,
            "t.jsonl:1:20: expected a text or a list of messages for \"prompt\", found 5"
        ),
        (
            #"{"id":"a","prompt":[],"criteria":[]}"#,
            "t.jsonl:1:20: \"prompt\" is empty; a prompt needs at least one message"
        ),
        (
            #"{"id":"a","prompt":[{"role":"usr","content":""}],"criteria":[]}"#,
            "t.jsonl:1:29: unknown word \"usr\" for \"role\"; did you mean \"user\"?"
        ),
        (#"{"prompt":"p","criteria":[]}"#, "t.jsonl:1:1: missing key \"id\""),
        (
            #"{"id":"a","prompt":"p","refernce_answer":"x","criteria":[]}"#,
            "t.jsonl:1:24: unknown key \"refernce_answer\"; did you mean \"reference_answer\"?"
        ),
        (#"ROW({"title":"t","weight":1})"#, "t.jsonl:1:36: missing key \"description\" in \"criteria[0]\""),
        (#"ROW({"description":"","weight":1})"#, "t.jsonl:1:51: \"description\" is blank; write a text"),
        (
            #"ROW({"description":"d"})"#,
            "t.jsonl:1:36: neither \"importance\" nor \"weight\"; give the criterion one of them"
        ),
        (#"ROW({"titel":"d"})"#, "t.jsonl:1:37: unknown key \"titel\"; did you mean \"title\"?"),
        (
            #"ROW({"description":"d","importance":"esential"})"#,
            "t.jsonl:1:68: unknown word \"esential\" for \"importance\"; did you mean \"essential\"?"
        ),
        (
            #"ROW({"description":"d","weight":1,"polarity":"bad"})"#,
            "t.jsonl:1:77: unknown word \"bad\" for \"polarity\"; known words: positive, negative, undecided"
        ),
        (
            #"ROW({"description":"d","weight":1,"kind":"contents"})"#,
            "t.jsonl:1:73: unknown word \"contents\" for \"kind\"; did you mean \"content\"?"
        ),
        (
            #"ROW({"description":"d","weight":NaN})"#,
            "t.jsonl:1:64: a number that is not finite; JSON has none; use null or a number"
        ),
        (
            #"ROW({"description":"d","weight":-Infinity})"#,
            "t.jsonl:1:64: a number that is not finite; JSON has none; use null or a number"
        ),
        (#"ROW({"description":"d","weight":-1e999})"#, "t.jsonl:1:64: the number -1e999 is beyond a double's range"),
        (
            #"ROW({"description":"d","weight":"1"})"#,
            "t.jsonl:1:64: expected a number for \"weight\", found the text \"1\""
        ),
        (
            #"ROW({"description":"d","weight":0},{"description":"d","weight":0})"#,
            "t.jsonl:1:35: the weights in \"criteria\" sum to zero; give at least one criterion a weight"
        ),
        (
            #"ROW({"description":"d","weight":1,"polarity_confidence":2})"#,
            "t.jsonl:1:88: \"polarity_confidence\" is 2.0, out of range; use a number from 0 to 1"
        ),
        (
            #"ROW({"id":"x","description":"d","weight":1},{"id":"x","description":"d","weight":1})"#,
            "t.jsonl:1:82: duplicate criterion id \"x\"; give each criterion of the row its own"
        ),
        (
            #"ROW({"id":"x","description":"d","weight":1,"children":[{"id":"x","description":"d"}]})"#,
            "t.jsonl:1:93: duplicate criterion id \"x\"; give each criterion of the row its own"
        ),
        (
            "ROW({\"description\":\"d\",\"weight\":1})\n\nROW({\"description\":\"d\",\"weight\":1})",
            "t.jsonl:3:7: duplicate row id \"a\"; give each row its own"
        ),
    ]

    @Test("What is wrong with a row is located", arguments: misfits)
    func errors(line: String, description: String) throws {
        let text = line.replacing("ROW(", with: #"{"id":"a","prompt":"p","criteria":["#).replacing(")", with: "]}")
        let error = #expect(throws: DocumentError.self) { try RubricFile(reading: text, file: "t.jsonl") }
        #expect(error?.description == description)
    }

    @Test("Identifiers that are canonically equivalent are different ones")
    func equivalentIDs() throws {
        func row(_ id: String) -> String {
            "{\"id\":\"\(id)\",\"prompt\":\"p\",\"criteria\":[{\"description\":\"d\",\"weight\":1}]}"
        }
        #expect(try RubricFile.tasks(in: row("\u{120}") + "\n" + row("G\u{307}"), file: "t.jsonl").count == 2)
    }

    @Test("NaN weights in YAML are refused at their place")
    func yamlNaN() {
        let text = "- id: a\n  prompt: p\n  criteria:\n    - description: d\n      weight: .nan\n"
        let error = #expect(throws: DocumentError.self) { try RubricFile(reading: text, file: "t.yaml") }
        #expect(error?.description == "t.yaml:5:15: the number .nan is not finite or too large")
    }

    @Test("Garbage is refused, never a crash", arguments: 0..<200)
    func garbage(seed: Int) {
        var random = RandomJSON(seed: seed)
        var bytes = Array(Self.row.utf8)
        for _ in 0..<3 {
            bytes[Int.random(in: bytes.indices, using: &random.generator)] = UInt8(
                truncatingIfNeeded: random.generator.next()
            )
            for file in ["t.jsonl", "t.json", "t.yaml"] {
                do {
                    _ = try RubricFile(reading: bytes, file: file)
                } catch {
                    #expect(error is DocumentError)
                }
            }
        }
    }
}
