// SPDX-License-Identifier: Apache-2.0

import JudgeServer
import Rubrics
import Testing

@Suite("Instances of schemas")
struct SchemaInstanceTests {
    private static let verdict: JSONValue = [
        "type": "object",
        "properties": [
            "reason": ["type": "string", "maxLength": 20], "met": ["enum": ["yes", "no", "cannot_assess"]],
        ],
    ]

    @Test("Objects have their properties in the schema's order, each of its kind", arguments: 0..<50 as Range<UInt64>)
    func criteria(seed: UInt64) throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": ["c2": ["$ref": "#/$defs/verdict"], "c1": ["anyOf": [["type": "null"], Self.verdict]]],
            "$defs": ["verdict": Self.verdict],
        ]
        let value = SchemaInstance(of: schema, seed: seed).value
        #expect(value.object?.members.map(\.key) == ["c2", "c1"])
        for key in ["c1", "c2"] {
            let criterion = try #require(value[key])
            #expect(criterion.object?.members.map(\.key) == ["reason", "met"])
            #expect(try #require(criterion["reason"]?.string).utf8.count <= 20)
            #expect(["yes", "no", "cannot_assess"].contains(criterion["met"]?.string))
        }
    }

    @Test("The same seed gives the same value, other seeds reach the whole menu")
    func seeds() {
        let schema: JSONValue = [
            "type": "object", "properties": ["rating": ["enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]],
        ]
        let values = (0..<400).map { SchemaInstance(of: schema, seed: $0).value }
        #expect(values == (0..<400).map { SchemaInstance(of: schema, seed: $0).value })
        #expect(Set(values.compactMap { $0["rating"]?.int }) == Set(1...10))
    }

    @Test("A property's value does not depend on its neighbors")
    func neighbors() {
        let alone: JSONValue = ["properties": ["c7": Self.verdict]]
        let among: JSONValue = ["properties": ["c1": Self.verdict, "c7": Self.verdict, "c8": ["type": "integer"]]]
        #expect(SchemaInstance(of: alone, seed: 3).value["c7"] == SchemaInstance(of: among, seed: 3).value["c7"])
    }

    static let rankings: [JSONValue] = [
        ["properties": ["ranking": ["type": "array", "items": ["enum": ["r1", "r2", "r3", "r4"]]]]],
        [
            "properties": [
                "order": ["type": "array", "uniqueItems": true, "items": ["enum": ["r1", "r2", "r3", "r4"]]]
            ]
        ],
    ]

    @Test("A ranking is a permutation of its identifiers", arguments: rankings)
    func ranking(schema: JSONValue) {
        let orders = (0..<200).compactMap { seed in
            SchemaInstance(of: schema, seed: seed).value.object?.members[0].value.array?.compactMap(\.string)
        }
        #expect(orders.allSatisfy { Set($0) == ["r1", "r2", "r3", "r4"] && $0.count == 4 })
        #expect(Set(orders).count == 24)
    }

    struct Bounds: Sendable {
        var schema: JSONValue
        var range: ClosedRange<Double>
    }

    static let bounds = [
        Bounds(schema: ["type": "integer", "minimum": 1, "maximum": 10], range: 1...10),
        Bounds(schema: ["type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3], range: 2...2),
        Bounds(schema: ["type": "integer", "minimum": 7], range: 7...17),
        Bounds(schema: ["type": ["null", "integer"], "maximum": -5], range: -15 ... -5),
        Bounds(schema: ["type": "integer", "minimum": 3, "maximum": 11, "multipleOf": 5], range: 5...10),
        Bounds(schema: ["type": "number"], range: 0...1),
        Bounds(schema: ["type": "number", "minimum": -0.5, "maximum": -0.25], range: -0.5 ... -0.25),
        Bounds(schema: ["minimum": 2, "maximum": 2], range: 2...2),
        Bounds(schema: ["type": "integer", "minimum": 1e300], range: 9e15...9.1e15),
    ]

    @Test("Numbers stay within their bounds", arguments: bounds)
    func numbers(bounds: Bounds) throws {
        for seed in 0..<100 as Range<UInt64> {
            let number = try #require(SchemaInstance(of: bounds.schema, seed: seed).value.double)
            #expect(bounds.range.contains(number))
            if let step = bounds.schema["multipleOf"]?.double { #expect(number / step == (number / step).rounded()) }
        }
    }

    @Test("Texts keep their lengths, lists their counts")
    func lengths() {
        let short = SchemaInstance(of: ["type": "string", "maxLength": 3], seed: 1).value.string
        let long = SchemaInstance(of: ["type": "string", "minLength": 100, "maxLength": 100], seed: 1).value.string
        #expect(short?.utf8.count == 3 && long?.utf8.count == 100)
        func count(_ schema: JSONValue) -> Int? { SchemaInstance(of: schema, seed: 1).value.array?.count }
        #expect(count(["type": "array", "minItems": 3, "items": ["type": "integer"]]) == 3)
        #expect(count(["type": "array", "items": ["type": "integer"]]) == 1)
        #expect(count(["type": "array", "maxItems": 0, "items": ["type": "integer"]]) == 0)
        #expect(count(["prefixItems": [["const": "a"], ["type": "boolean"]]]) == 2)
    }

    @Test("Constants and the parts of allOf")
    func combinations() {
        let schema: JSONValue = [
            "allOf": [["properties": ["a": ["const": 1]]], ["properties": ["b": ["const": nil]]]]
        ]
        #expect(SchemaInstance(of: schema, seed: 1).value == ["a": 1, "b": nil])
    }

    static let endlessSchemas: [JSONValue] = [
        ["$ref": "#"],
        ["$defs": ["a": ["$ref": "#/$defs/a"]], "$ref": "#/$defs/a"],
        ["type": "object", "properties": ["left": ["$ref": "#"], "right": ["$ref": "#"]]],
        [
            "type": "array", "minItems": 1_000_000_000,
            "items": ["type": "array", "minItems": 2, "items": ["$ref": "#"]],
        ],
        ["$ref": "#/nowhere"],
    ]

    @Test("Schemas without an end, or that lead nowhere, still end", arguments: endlessSchemas)
    func endless(schema: JSONValue) {
        #expect(SchemaInstance(of: schema, seed: 1).value.serialized().utf8.count < 1_000_000)
    }

    @Test("A deviation leaves every menu and range")
    func deviations() {
        let schema: JSONValue = [
            "properties": [
                "reason": ["type": "string"], "met": ["enum": ["yes", "no"]], "rating": ["enum": [1, 2, 10]],
                "score": ["type": "integer", "minimum": 0, "maximum": 4], "safe": ["type": "boolean"],
            ]
        ]
        let value = SchemaInstance(of: schema, seed: 1, deviation: .offMenu).value
        #expect(value["met"] == "maybe" && value["rating"] == 11 && value["score"] == 5 && value["safe"] == "maybe")
        let broken = SchemaInstance(of: schema, seed: 1, deviation: .notANumber).value
        #expect(["met", "rating", "score", "safe"].allSatisfy { broken[$0]?.double?.isNaN == true })
    }

    @Test("Each scalar has its menu, in document order")
    func menus() {
        let schema: JSONValue = [
            "properties": ["reason": ["type": "string"], "better": ["enum": ["A", "B"]], "n": ["type": "integer"]]
        ]
        #expect(SchemaInstance(of: schema, seed: 1).menus == [nil, ["A", "B"], nil])
    }
}
