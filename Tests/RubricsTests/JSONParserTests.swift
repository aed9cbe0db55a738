// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("JSON reader and writer")
struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8), file: "t.json")
    }

    @Test(
        "Values read as written",
        arguments: [
            ("null", nil), ("true", true), (" false ", false), ("0", 0), ("-7", -7), ("1.5", 1.5), ("1e2", 100.0),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("\"\"", ""), ("[]", []), ("{}", [:]),
            (#""a\"\\\/\b\f\n\r\té😀""#, "a\"\\/\u{8}\u{C}\n\r\té\u{1F600}"),
            (#""\ud83d\ude00""#, "\u{1F600}"), (#"{"a":[1,{"b":null}],"":2}"#, ["a": [1, ["b": nil]], "": 2]),
            ("\u{FEFF}[1]", [1]),
        ] as [(String, JSONValue)]
    )
    func values(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test("A minus zero stays one")
    func minusZero() throws {
        #expect(try parse("-0").double?.sign == .minus)
        #expect(JSONValue.number(-0.0).serialized() == "-0.0")
    }

    @Test(
        "What is not JSON is an error at its line and column",
        arguments: [
            ("", "t.json:1:1: there is no JSON value here"),
            ("[1,]", "t.json:1:4: expected a value, found \"]\""),
            ("{\"a\":1,}", "t.json:1:8: expected a key in double quotes, found \"}\""),
            ("[1 2]", "t.json:1:4: expected \",\" or \"]\", found \"2\""),
            ("{\"a\" 1}", "t.json:1:6: expected \":\" after the key \"a\", found \"1\""),
            ("{\n \"é\": 1,\n \"é\": 2}", "t.json:3:2: duplicate key \"é\"; keep one of them"),
            ("[1] x", "t.json:1:5: unexpected \"x\" after the end of the JSON value"),
            ("[\"é\", x]", "t.json:1:7: unknown word \"x\"; texts stand in double quotes"),
            ("NaN", "t.json:1:1: a number that is not finite; JSON has none; use null or a number"),
            ("01", "t.json:1:1: a number with a leading zero"),
            ("-", "t.json:1:2: expected a digit, found the end of the text"),
            ("1.", "t.json:1:3: expected a digit, found the end of the text"),
            ("1e999", "t.json:1:1: the number 1e999 is beyond a double's range"),
            ("\"a", "t.json:1:1: a text without a closing quote"),
            ("\"a\nb\"", "t.json:1:3: the control byte 10 inside a text; write it as an escape such as \\n"),
            (#""\x""#, "t.json:1:2: an unknown escape; a backslash itself is written \\\\"),
            (#""\u12g4""#, "t.json:1:2: \\u without four hexadecimal digits"),
            (#""\ud83d""#, "t.json:1:2: half of a surrogate pair; write both halves"),
            (#""\ude00""#, "t.json:1:2: half of a surrogate pair; write both halves"),
            (#""\ud83dA""#, "t.json:1:2: half of a surrogate pair; write both halves"),
            ("'a'", "t.json:1:1: expected a value, found \"'\""),
        ]
    )
    func errors(text: String, description: String) throws {
        let error = #expect(throws: DocumentError.self) { try parse(text) }
        #expect(error?.description == description)
    }

    @Test(
        "Bytes that are not UTF-8 are located",
        arguments: [
            ([0x22, 0x61, 0xFF, 0x22], 3), ([0x22, 0xC3, 0x22], 2), ([0x22, 0xC0, 0x80, 0x22], 2),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 2), ([0x22, 0xC3, 0xA9, 0x5C, 0x6E, 0x80, 0x22], 5),
            (Array(#""A long run \n of plain text, then "#.utf8) + [0xFF, 0x20, 0x22], 36),
        ] as [([UInt8], Int)]
    )
    func badUTF8(bytes: [UInt8], column: Int) throws {
        let error = #expect(throws: DocumentError.self) { try JSONParser.parse(bytes, file: "t.json") }
        #expect(error?.column == column)
        #expect(error?.message == "bytes that are not UTF-8")
    }

    @Test("Nesting beyond the limit is an error, at the limit it is not")
    func depth() throws {
        let limit = JSONParser.maximumDepth
        _ = try parse(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
        #expect(throws: DocumentError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("Duplicate keys are found in large objects too")
    func duplicateInLargeObject() throws {
        let members = (0..<5000).map { "\"k\($0)\": \($0)" }
        #expect(try parse("{\(members.joined(separator: ","))}")["k4999"] == 4999)
        let error = #expect(throws: DocumentError.self) {
            try parse("{\(members.joined(separator: ",\n")),\n\"k7\":0}")
        }
        #expect(error?.line == 5001)
    }

    @Test("Keys that are canonically equivalent are different keys")
    func canonicalEquivalence() throws {
        let value = try parse("{\"\u{120}\": 1, \"G\u{307}\": 2}")
        #expect("\u{120}" == "G\u{307}")
        #expect(value["\u{120}"] == 1)
        #expect(value["G\u{307}"] == 2)
        #expect(JSONValue.string("\u{120}") != .string("G\u{307}"))
    }

    @Test(
        "Values are written compactly, in order, safely",
        arguments: [
            (["b": 1, "a": [true, nil, 0.1]], #"{"b":1,"a":[true,null,0.1]}"#), (["x": .number(.nan)], #"{"x":null}"#),
            (.number(1), "1.0"), (.number(1e300), "1e+300"),
            ("\u{2028}\u{2029}\u{1}\u{7F}", #""\u2028\u2029\u0001\u007f""#),
            ("</script>é", "\"</script>é\""), (["a": [], "b": [:]], #"{"a":[],"b":{}}"#),
        ] as [(JSONValue, String)]
    )
    func writing(value: JSONValue, text: String) {
        #expect(value.serialized() == text)
    }

    @Test("Pretty text is indented by two spaces")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": []]], "c": [:]]
        let text = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}"
        #expect(value.serialized(pretty: true) == text)
    }

    @Test("Escapes stand where they belong, wherever in a text they are", arguments: 0..<20)
    func escapes(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<200 {
            let plain = Int.random(in: 0...40, using: &generator)
            var bytes = (0..<plain).map { _ in UInt8.random(in: 0x20...0x7E, using: &generator) }
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                bytes.insert(
                    UInt8.random(in: 0...0x7F, using: &generator),
                    at: .random(in: 0...bytes.count, using: &generator)
                )
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let written = JSONValue.string(text).serialized()
            #expect(written == "\"\(bytes.map(Self.escaped).joined())\"")
            #expect(try parse(written) == .string(text))
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case 0x22: #"\""#
        case 0x5C: #"\\"#
        case 0x0A: #"\n"#
        case 0x0D: #"\r"#
        case 0x09: #"\t"#
        case 0..<0x20, 0x7F: #"\u00"# + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        default: String(UnicodeScalar(byte))
        }
    }

    @Test("Any value reads back as it was written", arguments: 0..<200)
    func roundTrip(seed: Int) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<5 {
            let value = random.value()
            #expect(try parse(value.serialized()) == value)
            #expect(try parse(value.serialized(pretty: true)) == value)
        }
    }

    @Test("Mutilated JSON is read or refused, never a crash", arguments: 0..<200)
    func garbage(seed: Int) {
        var random = RandomJSON(seed: seed)
        var bytes = Array(random.value(depth: 5).serialized().utf8)
        for _ in 0..<20 {
            let byte = UInt8(truncatingIfNeeded: random.generator.next())
            let place = Int.random(in: 0...bytes.count, using: &random.generator)
            switch random.generator.next() % 3 {
            case 0: bytes.insert(byte, at: place)
            case 1 where place < bytes.count: bytes[place] = byte
            default: bytes.removeSubrange(min(place, bytes.count)..<min(place + 2, bytes.count))
            }
            do {
                _ = try JSONParser.parse(bytes, file: "t.json")
            } catch {
                #expect((error as? DocumentError)?.line != nil)
            }
        }
    }
}

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("Setting keeps places, appends, and removes", arguments: [3, 17, 40])
    func setting(count: Int) {
        var object = JSONObject((0..<count).map { (key: "k\($0)", value: .integer($0)) })
        object["k1"] = "new"
        object["added"] = true
        object["k0"] = nil
        #expect(object.members.map(\.key) == (1..<count).map { "k\($0)" } + ["added"])
        #expect(object["k1"] == "new")
        #expect(object["added"] == true)
        #expect(object["k0"] == nil)
        #expect(object["k\(count - 1)"] == .integer(count - 1))
    }

    @Test("Equal objects hash alike and order counts")
    func equality() {
        let one: JSONObject = ["a": 1, "b": 2]
        let other: JSONObject = ["b": 2, "a": 1]
        #expect(one != other)
        #expect(one.hashValue == JSONObject(one.members).hashValue)
    }
}
