// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Documents")
struct DocumentTests {
    @Test(
        "YAML reads by the core schema of YAML 1.2",
        arguments: [
            ("a: 1", ["a": 1]), ("- 1.5\n- -3\n- 1e3\n- .5\n- 7.", [1.5, -3, 1000.0, 0.5, 7.0]),
            ("[yes, no, on, off, Yes]", ["yes", "no", "on", "off", "Yes"]),
            ("[true, False, NULL, ~, '~']", [true, false, nil, nil, "~"]),
            ("[0x1F, 0o17, 017, 1_000, 1:30, '1', 2020-01-01]", [31, 15, 17, "1_000", "1:30", "1", "2020-01-01"]),
            ("a: |\n  x\n  y\nb: >\n  x\n  y\n", ["a": "x\ny\n", "b": "x y\n"]),
            ("{\"a\": [1, {\"b\": null}]}", ["a": [1, ["b": nil]]]),
            ("a:", ["a": nil]), ("z: 1\na: 2", ["z": 1, "a": 2]), ("1: x", ["1": "x"]), ("!!str 5", "5"),
            ("- \"\\u00e9\"", ["é"]),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("a: !!map {}", ["a": [:]]),
        ] as [(String, JSONValue)]
    )
    func yaml(text: String, value: JSONValue) throws {
        #expect(try Document.yaml(text, file: "t.yaml").json == value)
    }

    @Test(
        "What YAML allows and we do not is refused at its place",
        arguments: [
            ("", "t.yaml: the document is empty"),
            ("a: 1\nb: 2\na: 3", "t.yaml:1:1: duplicate key \"a\"; keep one of them"),
            ("a: &x 1\nb: *x", "t.yaml:1:4: anchors and aliases are not supported; write the value out at each place"),
            ("a:\n  b: .nan", "t.yaml:2:6: the number .nan is not finite or too large"),
            ("- -.inf", "t.yaml:1:3: the number -.inf is not finite or too large"),
            ("- 1e999", "t.yaml:1:3: the number 1e999 is not finite or too large"),
            ("a: !!binary x", "t.yaml:1:4: the tag tag:yaml.org,2002:binary is not supported; leave it out"),
            ("[a]: 1", "t.yaml:1:1: a key that is not plain text; write it as text without an anchor"),
            ("a: [1", "t.yaml:2:1: not YAML: did not find expected ',' or ']'"),
            ("a: 1\n---\nb: 2", "t.yaml:2:1: not YAML: but found another document"),
        ]
    )
    func refusedYAML(text: String, description: String) {
        let error = #expect(throws: DocumentError.self) { try Document.yaml(text, file: "t.yaml") }
        #expect(error?.description == description)
    }

    @Test("A control character in YAML is located by its line")
    func controlCharacter() {
        let error = #expect(throws: DocumentError.self) { try Document.yaml("a: 1\nb: \u{1}", file: "t.yaml") }
        #expect(error?.description == "t.yaml:2: not YAML: control characters are not allowed")
    }

    @Test("JSON lines keep their numbers over blank ones and carriage returns")
    func jsonLines() throws {
        let documents = try Document.jsonLines("{\"a\":1}\r\n\n  \n[2]\n", file: "t.jsonl")
        #expect(documents.map(\.json) == [["a": 1], [2]])
        let error = #expect(throws: DocumentError.self) { try Document.jsonLines("1\n\n[1,\n2]", file: "t.jsonl") }
        #expect(
            error?.description == "t.jsonl:3:4: expected a value, found the end of the text; "
                + "in JSON lines each value stands on a line of its own"
        )
    }

    @Test("Mutilated YAML is read or refused, never a crash", arguments: 0..<200)
    func garbage(seed: Int) {
        var random = RandomJSON(seed: seed)
        let pool: [Unicode.Scalar] = [
            "-", ":", " ", " ", "\n", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "#", "?", ",", "%", "@",
            "a", "1", "\t",
            "\u{FEFF}", "\u{85}", "\u{2028}", "\u{1F600}", "<",
        ]
        for _ in 0..<20 {
            let scalars = (0..<30).map { _ in pool.randomElement(using: &random.generator) ?? "a" }
            do {
                _ = try Document.yaml(String(String.UnicodeScalarView(scalars)), file: "t.yaml")
            } catch {
                #expect(error is DocumentError)
            }
        }
    }

    @Test("Deeply nested YAML is refused", arguments: ["[", "- ", "{a: ", "? "])
    func depth(opening: String) {
        #expect(throws: DocumentError.self) {
            try Document.yaml(String(repeating: opening, count: 20_000), file: "t.yaml")
        }
    }

    @Test("JSON read as YAML gives the same values", arguments: 0..<200)
    func jsonIsYAML(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        let value = random.value(depth: 3)
        let text = value.serialized()
        // YAML allows fewer characters as they are and refuses the others; Yams drops a byte order mark before a text.
        guard !text.utf8.contains(0xEF), let document = try? Document.yaml(text, file: "t.yaml") else { return }
        #expect(document.json == value)
    }
}

@Suite("Overrides")
struct DocumentOverrideTests {
    private let text = "grpo:\n  group_size: 4\n  steps: [1, 2]\nseed: 7\n"

    @Test(
        "A value is replaced or added",
        arguments: [
            ("grpo.group_size", "8", #"{"grpo":{"group_size":8,"steps":[1,2]},"seed":7}"#),
            ("grpo.steps[1]", "5", #"{"grpo":{"group_size":4,"steps":[1,5]},"seed":7}"#),
            ("grpo.steps.0", "x", #"{"grpo":{"group_size":4,"steps":["x",2]},"seed":7}"#),
            (
                "judge.model.name", "{a: 1}",
                #"{"grpo":{"group_size":4,"steps":[1,2]},"seed":7,"judge":{"model":{"name":{"a":1}}}}"#
            ),
            ("seed", "", #"{"grpo":{"group_size":4,"steps":[1,2]},"seed":null}"#),
        ]
    )
    func replacing(path: String, yaml: String, json: String) throws {
        var document = try Document.yaml(text, file: "t.yaml")
        try document.set(path: path, to: yaml)
        #expect(document.json.serialized() == json)
    }

    @Test(
        "A path that leads nowhere is an error that names the override",
        arguments: [
            ("seed.x", "1", "--set seed.x=1: \"seed\" is an integer and has nothing below it"),
            ("grpo.steps[2]", "1", "--set grpo.steps[2]=1: \"grpo.steps\" is a list of 2; its elements are [0] to [1]"),
            ("grpo..x", "1", "--set grpo..x=1: not a path; write it as grpo.group_size or criteria[0]"),
            ("", "1", "--set =1: not a path; write it as grpo.group_size or criteria[0]"),
            ("[0]", "1", "--set [0]=1: not a path; write it as grpo.group_size or criteria[0]"),
            ("grpo[0]", "1", "--set grpo[0]=1: \"grpo\" is a mapping and has nothing below it"),
            ("seed", ".nan", "--set seed=.nan:1:1: the number .nan is not finite or too large"),
            ("seed", "[1", "--set seed=[1:2:1: not YAML: did not find expected ',' or ']'"),
        ]
    )
    func errors(path: String, yaml: String, description: String) throws {
        var document = try Document.yaml(text, file: "t.yaml")
        let error = #expect(throws: DocumentError.self) { try document.set(path: path, to: yaml) }
        #expect(error?.description == description)
    }

    @Test("An override that does not decode is named, and only for what it set")
    func decoding() throws {
        struct Recipe: Decodable {
            struct GRPO: Decodable {
                enum CodingKeys: String, CodingKey, CaseIterable {
                    case groupSize = "group_size"
                    case steps
                }
                var groupSize: Int
                var steps: [Int]
            }
            var grpo: GRPO
            var seed: Int
        }
        var document = try Document.yaml(text, file: "t.yaml")
        #expect(try document.decode(Recipe.self).grpo.groupSize == 4)
        try document.set(path: "grpo.grup_size", to: "8")
        var error = #expect(throws: DocumentError.self) { try document.decode(Recipe.self) }
        #expect(error?.description == "--set grpo.grup_size=8: unknown key \"grup_size\"; did you mean \"group_size\"?")
        document = try Document.yaml(text.replacing("7", with: "x"), file: "t.yaml")
        try document.set(path: "grpo.group_size", to: "8")
        error = #expect(throws: DocumentError.self) { try document.decode(Recipe.self) }
        #expect(error?.description == "t.yaml:4:7: expected an integer for \"seed\", found the text \"x\"")
    }
}
