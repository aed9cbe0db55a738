// SPDX-License-Identifier: Apache-2.0

import TOMLKit
import Testing

@testable import Rubrics

@Suite("TOML, YAML and file names")
struct TextLayoutTests {
    @Test("TOML reads with every type")
    func toml() throws {
        let text = """
            # A comment.
            title = "é\\n"
            literal = 'C:\\x'
            count = 1_000
            share = 0.5
            yes = true
            day = 1979-05-27
            list = [1, [2, 3]]
            point = {x = 1, y = 2}
            [a.b]
            text = \"\"\"
            one
            two\"\"\"
            [[a.c]]
            k = 1
            [[a.c]]
            k = 2
            """
        let json = try Document.toml(text, file: "t.toml").json
        #expect(json["title"] == "é\n")
        #expect(json["literal"] == "C:\\x")
        #expect(json["count"] == 1000)
        #expect(json["share"] == 0.5)
        #expect(json["yes"] == true)
        #expect(json["day"]?.string?.isEmpty == false)
        #expect(json["list"] == [1, [2, 3]])
        #expect(json["point"] == ["x": 1, "y": 2])
        #expect(json["a"]?["b"]?["text"] == "one\ntwo")
        #expect(json["a"]?["c"] == [["k": 1], ["k": 2]])
    }

    @Test(
        "Errors in TOML name lines",
        arguments: [
            ("[[criterion]]\ndescription = \"d\"\n\n[[criterion]]\n  description = 1\n", 5),
            ("[judge]\nx = \"\"\"\n[[criterion]]\n\"\"\"\n[[criterion]]\ndescription = \"d\"\nweight = \"w\"\n", 7),
            ("[[criterion]]\ndescription = \"d\"\n[criterion.annotations]\ntitle = 1\n", 4),
            ("criterion = 5\n", 1), ("x = 1\ncriterion = [{description = 1}]\n", 2),
        ]
    )
    func places(text: String, line: Int) {
        let error = #expect(throws: DocumentError.self) {
            try RubricRow.only(in: text, file: "t.toml", as: .rewardkit)
        }
        #expect(error?.line == line, "\(error?.description ?? "")")
    }

    @Test(
        "What TOML forbids is refused at its place",
        arguments: [
            ("a = 1\na = 2", 2, 1), ("[a]\n[a]", 2, 1), ("a.b = 1\na = 2", 2, 1), ("a = {b = 1}\na.c = 2", 2, 1),
            ("[a.b]\n[a]\nb.c = 1", 3, 1), ("a = [1]\n[[a]]", 2, 1), ("[[a]]\n[a]", 2, 1), ("a = 01", 1, 5),
            ("a = 1__0", 1, 5), ("a = .5", 1, 5), ("a = 5.", 1, 5), ("a = nan", 1, 5), ("a = -inf", 1, 5),
            ("a = 9223372036854775808", 1, 5), ("a = \"x", 1, 5), ("a = \"\\q\"", 1, 6), ("a = \"\\ud800\"", 1, 6),
            ("a = 'x\ny'", 1, 7), ("a = [1", 1, 7), ("a = {b = 1,}", 1, 12), ("a = {b = 1\n}", 1, 11), ("a", 1, 2),
            ("= 1", 1, 1), ("a = 1 b = 2", 1, 7), ("[a", 1, 3), ("[]", 1, 2), ("a = \u{1}", 1, 5), ("a..b = 1", 1, 3),
            ("\"\"\"a\"\"\" = 1", 1, 1), ("# \u{1}", 1, 3), ("a = 1\rb = 2", 1, 6), ("a = 1979-05-27T7:32", 1, 5),
        ]
    )
    func invalidTOML(text: String, line: Int, column: Int) {
        let error = #expect(throws: DocumentError.self) { try Document.toml(text, file: "t.toml") }
        #expect(error?.line == line && error?.column == column, "\(error?.description ?? "")")
    }

    @Test("TOML reads back as it was written, and as toml++ reads it", arguments: 0..<100)
    func tomlRoundTrip(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        let example = FormatExample.all.first { $0.format == .rewardkit }?.text ?? ""
        var object = try #require(try Document.toml(example, file: "t.toml").json.object)
        for _ in 0..<4 {
            object[random.text()] = .string(random.text())
            object[random.text() + "n"] = .number(random.number())
            object[random.text() + "l"] = [.integer(3), ["x", .string(random.text())], true]
            object[random.text() + "t"] = ["k": .string(random.text()), "u": [["v": 1], ["v": 2]]]
        }
        let text = TOMLWriter.text(of: object)
        let back = try #require(try Document.toml(text, file: "t.toml").json.object)
        #expect(back.sorted == object.sorted)
        guard !text.contains("\\u0000") else { return }
        #expect(try JSONObject(TOMLTable(string: text)).sorted == object.sorted)
    }

    @Test("YAML reads back as it was written", arguments: 0..<200)
    func yaml(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        let value = random.value()
        guard !value.isAmbiguousInYAML else { return }
        let text = try value.yamlText()
        #expect(try Document.yaml(text, file: "t.yaml").json == value, "\(text)")
    }

    @Test("Numbers in YAML are numbers for readers of 1.1 too")
    func yamlNumbers() throws {
        #expect(try JSONValue.array([.number(1e-5), 0.5, 3]).yamlText() == "- 1.0e-05\n- 0.5\n- 3\n")
    }

    @Test("Names of files are read back as the identifiers they were made from", arguments: 0..<200)
    func fileNames(seed: Int) {
        var random = RandomJSON(seed: seed)
        let id = random.text() + "x"
        let name = FileName.name(of: id, fileExtension: "toml")
        #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        #expect(!name.hasPrefix("."))
        #expect(FileName.stem(of: "/some/folder.x/" + name).isExactly(id))
    }
}

extension JSONValue {
    /// Zero below zero is an integer in YAML, and Foundation takes away a byte order mark at a text's start.
    fileprivate var isAmbiguousInYAML: Bool {
        switch self {
        case .number(let number): number == 0
        case .string(let text): text.unicodeScalars.first == "\u{FEFF}"
        case .array(let elements): elements.contains { $0.isAmbiguousInYAML }
        case .object(let object):
            object.members.contains { $0.key.unicodeScalars.first == "\u{FEFF}" || $0.value.isAmbiguousInYAML }
        default: false
        }
    }
}

extension JSONObject {
    /// Members in byte order at every level: TOML's writer puts tables last, and toml++ sorts keys.
    fileprivate var sorted: JSONObject {
        JSONObject(
            members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { (key: $0.key, value: $0.value.sorted) }
        )
    }

    fileprivate init(_ table: TOMLTable) {
        self.init(table.keys.map { (key: $0, value: table[$0].map(JSONValue.init) ?? .null) })
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object): .object(object.sorted)
        default: self
        }
    }

    fileprivate init(_ value: any TOMLValueConvertible) {
        self =
            switch value.type {
            case .table: value.table.map { .object(JSONObject($0)) } ?? .null
            case .array: .array(value.array?.map { JSONValue($0) } ?? [])
            case .string: value.string.map(JSONValue.string) ?? .null
            case .int: value.int.map(JSONValue.integer) ?? .null
            case .double: value.double.map(JSONValue.number) ?? .null
            case .bool: value.bool.map(JSONValue.bool) ?? .null
            case .date, .time, .dateTime: .string(value.debugDescription)
            }
    }
}
