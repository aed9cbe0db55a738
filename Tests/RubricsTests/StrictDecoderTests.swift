// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Strict decoding")
struct StrictDecoderTests {
    struct Recipe: Decodable, Equatable {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case name
            case learningRate = "learning_rate"
            case steps
            case polarity
            case weights
            case parts
            case enabled
            case small
        }
        struct Part: Decodable, Equatable {
            var title: String
            var share: Double?
        }
        var name: String
        var learningRate: Double?
        var steps: Int?
        var polarity: Polarity?
        var weights: [String: Double]?
        var parts: [Part]?
        var enabled: Bool?
        var small: UInt8?
    }

    @Test("What fits decodes, from YAML and JSON alike")
    func decodes() throws {
        let yaml =
            "name: n\nlearning_rate: 1\nsteps: 3.0\npolarity: negative\nweights: {a: 1, b: 2.5}\nparts: [{title: t, share: ~}]"
        let recipe = try Document.yaml(yaml, file: "t").decode(Recipe.self)
        #expect(
            recipe
                == Recipe(
                    name: "n",
                    learningRate: 1,
                    steps: 3,
                    polarity: .negative,
                    weights: ["a": 1, "b": 2.5],
                    parts: [.init(title: "t")]
                )
        )
        let json = try Document.yaml(yaml, file: "t").json.serialized()
        #expect(try Document.json(json, file: "t").decode(Recipe.self) == recipe)
    }

    static let misfits: [(yaml: String, description: String)] = [
        ("nmae: n", "t:1:1: unknown key \"nmae\"; did you mean \"name\"?"),
        (
            "name: n\nfoo: 1",
            "t:2:1: unknown key \"foo\"; known keys: name, learning_rate, steps, polarity, weights, parts, enabled, small"
        ),
        ("name: n\nlearning_rat: 1", "t:2:1: unknown key \"learning_rat\"; did you mean \"learning_rate\"?"),
        ("steps: 1", "t:1:1: missing key \"name\""), ("name: 5", "t:1:7: expected a text for \"name\", found 5"),
        ("name: n\nsteps: 1.5", "t:2:8: expected an integer for \"steps\", found 1.5"),
        ("name: n\nsteps: [1]", "t:2:8: expected an integer for \"steps\", found a list"),
        ("name: n\nsmall: 256", "t:2:8: \"small\" is 256, out of range; use a number from 0 to 255"),
        (
            "name: n\nenabled: yes",
            "t:2:10: expected true or false for \"enabled\", found the text \"yes\"; write true or false"
        ),
        (
            "name: n\npolarity: possitive",
            "t:2:11: unknown word \"possitive\" for \"polarity\"; did you mean \"positive\"?"
        ),
        (
            "name: n\npolarity: x",
            "t:2:11: unknown word \"x\" for \"polarity\"; known words: positive, negative, undecided"
        ),
        ("name: n\nweights: {a: 1, b: x}", "t:2:20: expected a number for \"b\", found the text \"x\""),
        ("name: n\nparts:\n  - title: t\n  - titel: t", "t:4:5: unknown key \"titel\"; did you mean \"title\"?"),
        ("name: n\nparts: [{title: t}, {}]", "t:2:21: missing key \"title\" in \"parts[1]\""),
        ("name: n\nparts: {}", "t:2:8: expected a list for \"parts\", found a mapping"),
        ("[]", "t:1:1: expected a mapping, found a list"),
    ]

    @Test("What does not fit is located", arguments: misfits)
    func errors(yaml: String, description: String) throws {
        let document = try Document.yaml(yaml, file: "t")
        let error = #expect(throws: DocumentError.self) { try document.decode(Recipe.self) }
        #expect(error?.description == description)
    }

    @Test("Places in JSON are found by line and column, keys with escapes included")
    func jsonPlaces() throws {
        let text =
            "{\n  \"n\\u0061me\": \"é\", \"parts\": [\n {\"title\":\"a\"},\n {\"title\": \"é\", \"share\": \"x\"}]}"
        let error = #expect(throws: DocumentError.self) { try Document.json(text, file: "t").decode(Recipe.self) }
        #expect(error?.description == "t:4:26: expected a number for \"share\", found the text \"x\"")
    }

    @Test("What a type itself refuses is located, whatever it throws")
    func ownErrors() throws {
        struct Refusal: Error, CustomStringConvertible {
            var description: String { "must be even" }
        }
        struct Even: Decodable {
            init(from decoder: any Decoder) throws {
                guard try decoder.singleValueContainer().decode(Int.self).isMultiple(of: 2) else { throw Refusal() }
            }
        }
        struct Range: Decodable {
            enum CodingKeys: CodingKey {
                case low
                case high
            }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                guard try container.decode(Int.self, forKey: .low) < container.decode(Int.self, forKey: .high) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .high,
                        in: container,
                        debugDescription: "not above low"
                    )
                }
            }
        }
        struct Both: Decodable {
            var even: Even?
            var range: Range?
        }
        func description(_ yaml: String) throws -> String? {
            let document = try Document.yaml(yaml, file: "t")
            return #expect(throws: DocumentError.self) { try document.decode(Both.self) }?.description
        }
        #expect(try description("even: 3") == "t:1:7: must be even")
        #expect(try description("range: {low: 3, high: 2}") == "t:1:23: not above low")
        #expect(
            try description("range: {low: 3, high: 4, hihg: 5}")
                == "t:1:26: unknown key \"hihg\"; did you mean \"high\"?"
        )
    }

    @Test("Keys of nested containers are checked too")
    func nestedContainers() throws {
        struct Nested: Decodable {
            enum Outer: CodingKey {
                case inner
                case list
            }
            enum Inner: CodingKey { case value }
            let values: [Int]
            init(from decoder: any Decoder) throws {
                let outer = try decoder.container(keyedBy: Outer.self)
                let inner = try outer.nestedContainer(keyedBy: Inner.self, forKey: .inner)
                var list = try outer.nestedUnkeyedContainer(forKey: .list)
                var values = [try inner.decode(Int.self, forKey: .value)]
                while !list.isAtEnd { values.append(try list.decode(Int.self)) }
                self.values = values
            }
        }
        #expect(
            try Document.yaml("{inner: {value: 1}, list: [2, 3]}", file: "t").decode(Nested.self).values == [1, 2, 3]
        )
        let document = try Document.yaml("{inner: {value: 1, valeu: 2}, list: []}", file: "t")
        let error = #expect(throws: DocumentError.self) { try document.decode(Nested.self) }
        #expect(error?.description == "t:1:20: unknown key \"valeu\"; did you mean \"value\"?")
    }
}
