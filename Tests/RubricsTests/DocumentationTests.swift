// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@Suite("Docs on rubric rows")
struct DocumentationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "..", "..", "Docs").standardized

    private func text(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(component: name), encoding: .utf8)
    }

    private func schema() throws -> JSONSchema {
        JSONSchema(root: try Document.json(text("rubric-row.schema.json"), file: "rubric-row.schema.json").json)
    }

    /// The blocks of a language in a Markdown text.
    private func blocks(_ language: String, in markdown: String) -> [String] {
        markdown.split(separator: "```\(language)\n").dropFirst().map { block in
            String(block.prefix(upTo: block.firstRange(of: "\n```")?.lowerBound ?? block.endIndex))
        }
    }

    @Test("Every row on the page loads, and native ones fit the schema")
    func rows() throws {
        let page = try text("rubric-rows.md")
        let schema = try schema()
        let json = blocks("json", in: page)
        let yaml = blocks("yaml", in: page)
        #expect((json.count, yaml.count) == (3, 1))
        for (block, file) in json.map({ ($0, "page.json") }) + yaml.map({ ($0, "page.yaml") }) {
            let rubrics = try RubricFile(reading: block, file: file)
            for task in rubrics.tasks { #expect(schema.problem(task.json) == nil) }
        }
        #expect(schema.problem(try Document.json(json[0], file: "page.json").json) == nil)
        #expect(try Document.yaml(yaml[0], file: "page.yaml").json.array?.compactMap(schema.problem) == [])
    }

    @Test("Every check in the page's table reads, fits the schema and is shown once")
    func checks() throws {
        let schema = try schema()
        let rows = try text("rubric-rows.md").split(separator: "\n").filter { $0.hasPrefix("| `{") }
        var names: [String] = []
        for row in rows {
            let check = String(row.dropFirst(3).prefix { $0 != "`" })
            let text = #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":\#(check)}]}"#
            let task = try #require(try RubricFile.tasks(in: text, file: "page.jsonl").first)
            #expect(schema.problem(task.json) == nil)
            names += try Document.json(check, file: "page").json.object?.members.map(\.key) ?? []
        }
        let known = schema.root["$defs"]?["check"]?["properties"]?.object?.members.map(\.key)
        #expect(names.sorted() == known?.sorted())
    }

    @Test("Whatever the writer writes fits the schema", arguments: 0..<200)
    func written(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        #expect(try schema().problem(random.task().json) == nil)
    }

    /// Rows with one mistake each that a schema can see.
    private static let mistakes = [
        #"{"prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"a","prompt":"p","criteria":[]}"#,
        #"{"id":"a","prompt":[],"criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":" ","prompt":"p","criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"a","prompt":"p","x":1,"criteria":[{"description":"d","weight":1}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d"}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":" ","weight":1}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"weight":1}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":"1"}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":null}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","importance":"high"}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"polarity":"good"}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"polarity_confidence":1.5}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"any_of":[]}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"anyof":["a"]}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"words":{}}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"words":{"min":-1}}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"json":false}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"check":{"choice":"BC"}}]}"#,
        #"{"id":"a","prompt":"p","criteria":[{"description":"d","weight":1,"children":[{"title":"t"}]}]}"#,
    ]

    @Test("What the schema refuses the reader refuses too", arguments: mistakes)
    func refused(row: String) throws {
        #expect(try schema().problem(Document.json(row, file: "t").json) != nil)
        #expect(throws: DocumentError.self) { try RubricFile(reading: row, file: "t.jsonl") }
    }

    @Test("What may be null or a number in place of a text is valid for both")
    func lenient() throws {
        let row =
            #"{"id":7,"prompt":"p","source":null,"criteria":[{"id":null,"description":"d","weight":1,"kind":null,"#
            + #""check":null,"children":[]}]}"#
        #expect(try schema().problem(Document.json(row, file: "t").json) == nil)
        #expect(try RubricFile.tasks(in: row, file: "t.jsonl").map(\.id) == ["7"])
    }
}
