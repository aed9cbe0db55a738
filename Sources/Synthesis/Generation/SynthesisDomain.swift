// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A field of knowledge as a rubric writer needs to know it: built in, or a user's YAML file (Docs/synthesis.md).
package struct SynthesisDomain: Sendable, Hashable, Codable {
    /// How many items a rubric may have.
    package struct Items: Sendable, Hashable, Codable {
        /// The fewest.
        package var min: Int
        /// The most.
        package var max: Int

        enum CodingKeys: String, CodingKey, CaseIterable {
            case min, max
        }

        /// Seven to twenty, as in the paper.
        package static let standard = Items(min: 7, max: 20)

        /// Makes a range.
        package init(min: Int, max: Int) {
            (self.min, self.max) = (min, max)
        }

        /// Reads `{min: 7, max: 20}`.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            min = try container.value(.min, or: Self.standard.min, in: Self.limits)
            max = try container.value(.max, or: Self.standard.max, in: Self.limits)
            guard min <= max else {
                throw DecodingError.dataCorruptedError(
                    forKey: .max,
                    in: container,
                    debugDescription: "max is \(max), less than min, \(min)"
                )
            }
        }

        private static let limits = (range: 1...64, text: "a whole number from 1 to 64")
    }

    /// An item that shows what is wanted.
    package struct Example: Sendable, Hashable, Codable {
        /// Two to four words.
        package var title: String
        /// The statement.
        package var description: String
        /// How much it matters.
        package var importance: Importance
        /// Its weight.
        package var weight: Int
        /// What meeting the statement means.
        package var polarity: Polarity
        /// What it looks at.
        package var kind: CriterionKind

        enum CodingKeys: String, CodingKey, CaseIterable {
            case title, description, importance, weight, polarity, kind
        }
    }

    /// The name, for example `medicine`.
    package var name: String
    /// The version of the words below: whoever changes them counts it up.
    package var version: Int
    /// Who the writer is, after "You are": "an experienced physician who …".
    package var expertise: String
    /// What rubrics of this field look at.
    package var aspects: [String]
    /// What else the writer has to know; may be empty.
    package var guidance: String
    /// Items that show what is wanted; may be empty.
    package var examples: [Example]
    /// How many items a rubric may have.
    package var items: Items

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, version, expertise, aspects, guidance, examples, items
    }

    /// Makes a domain.
    package init(
        name: String,
        version: Int,
        expertise: String,
        aspects: [String],
        guidance: String = "",
        examples: [Example] = [],
        items: Items = .standard
    ) {
        self.name = name
        self.version = version
        self.expertise = expertise
        self.aspects = aspects
        self.guidance = guidance
        self.examples = examples
        self.items = items
    }

    /// Reads a domain; `version`, `guidance`, `examples` and `items` may be missing.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String {
            let text = try container.decode(String.self, forKey: key)
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key,
                    in: container,
                    debugDescription: "\(key.rawValue) is blank: write a text"
                )
            }
            return text
        }
        name = try text(.name)
        version = try container.value(.version, or: 1, in: SettingRange.count)
        expertise = try text(.expertise)
        aspects = try container.decode([String].self, forKey: .aspects)
        guidance = try container.value(.guidance, or: "")
        examples = try container.value(.examples, or: [])
        items = try container.value(.items, or: .standard)
        try validate(container)
    }

    private func validate(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        func refuse(_ key: CodingKeys, _ message: String) throws {
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: message)
        }
        let isPlain = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
        }
        if !isPlain { try refuse(.name, "name is \"\(name)\": write it in lower-case letters, digits, - and _") }
        if aspects.isEmpty { try refuse(.aspects, "aspects is empty: name what a rubric of this field looks at") }
        for example in examples {
            let complaints = ItemRules.complaints(about: WrittenItem(example))
            if let first = complaints.first {
                try refuse(.examples, "the example \"\(example.title)\" breaks a rule: \(first)")
            }
        }
    }

    /// The name of the prompt that the domain makes, with its version: `medicine/1`.
    ///
    /// - Parameter isReferenceFree: Whether the writer is shown no reference answer; such a prompt is one of its own.
    /// - Returns: The name that provenance keeps.
    package func promptName(isReferenceFree: Bool) -> String {
        "\(name)\(isReferenceFree ? ".reference-free" : "")/\(version)"
    }

    /// Reads a user's file.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - file: Its name, for errors.
    /// - Returns: The domain.
    /// - Throws: `DocumentError` at the first thing that is wrong, with the nearest known name.
    package static func reading(_ text: String, file: String) throws -> SynthesisDomain {
        try Document.yaml(text, file: file).decode()
    }
}
