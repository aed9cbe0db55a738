// SPDX-License-Identifier: Apache-2.0

package import Rubrics
import Runs

/// An item of a rubric as a model wrote it; what cannot be read is missing.
package struct WrittenItem: Sendable, Hashable {
    /// Two to four words.
    package var title: String
    /// The statement.
    package var description: String
    /// How much it matters.
    package var importance: Importance?
    /// Its weight.
    package var weight: Double?
    /// What meeting the statement means.
    package var polarity: Polarity?
    /// What it looks at.
    package var kind: CriterionKind?
    /// What was written, as it stands.
    package var said: JSONValue

    /// Makes an item.
    package init(
        title: String,
        description: String,
        importance: Importance?,
        weight: Double?,
        polarity: Polarity?,
        kind: CriterionKind? = .content
    ) {
        self.title = title
        self.description = description
        self.importance = importance
        self.weight = weight
        self.polarity = polarity
        self.kind = kind
        said = .null
        said = json
    }

    /// Reads an item; words in other cases, weights written as texts and a minus before a pitfall's weight are borne with.
    package init(_ value: JSONValue) {
        said = value
        title = value["title"]?.string?.trimmed ?? ""
        description = value["description"]?.string?.trimmed ?? ""
        importance = value["importance"]?.string.flatMap { Importance(rawValue: $0.trimmed.lowercased()) }
        let number = value["weight"]?.double ?? value["weight"]?.string.flatMap { Double($0.trimmed) }
        weight = (number?.isFinite == true ? number : nil)?.magnitude
        polarity = value["polarity"]?.string.flatMap(Self.polarity)
        kind = value["kind"]?.string.flatMap { CriterionKind(rawValue: $0.trimmed.lowercased()) }
    }

    /// The item of an example.
    package init(_ example: SynthesisDomain.Example) {
        self.init(
            title: example.title,
            description: example.description,
            importance: example.importance,
            weight: Double(example.weight),
            polarity: example.polarity == .undecided ? nil : example.polarity,
            kind: example.kind
        )
    }

    private static func polarity(_ word: String) -> Polarity? {
        switch word.trimmed.lowercased() {
        case "positive", "virtue": .positive
        case "negative", "fault": .negative
        default: nil
        }
    }

    /// The item as the schema asks for it.
    package var json: JSONValue {
        [
            "title": .string(title), "description": .string(description),
            "importance": JSONValue(importance) { .string($0.rawValue) },
            "weight": JSONValue(weight) { weight in Int(exactly: weight).map(JSONValue.integer) ?? .number(weight) },
            "polarity": JSONValue(polarity) { .string($0.rawValue) },
            "kind": JSONValue(kind) { .string($0.rawValue) },
        ]
    }

    /// The criterion that the item becomes.
    ///
    /// - Parameters:
    ///   - id: Its identifier.
    ///   - ground: Why its polarity is what it is.
    /// - Returns: The criterion; its polarity is undecided where the model said none.
    package func criterion(id: String, ground: String?) -> Criterion {
        Criterion(
            id: id,
            title: title,
            description: description,
            importance: importance,
            weight: weight,
            polarity: polarity ?? .undecided,
            polarityGround: polarity == nil ? nil : ground,
            kind: kind
        )
    }
}

extension String {
    /// The text without white space around it.
    var trimmed: String {
        let scalars = unicodeScalars.drop(while: \.properties.isWhitespace)
        guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(scalars[...last])
    }
}
