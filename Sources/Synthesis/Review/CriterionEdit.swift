// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// What a reviewer can change about a criterion.
package struct CriterionEdit: Sendable, Hashable {
    /// Two to four words.
    package var title: String
    /// The statement.
    package var description: String
    /// The paper's class.
    package var importance: Importance?
    /// The criterion's own weight.
    package var weight: Double?
    /// Whether meeting the statement is a virtue or a fault.
    package var polarity: Polarity

    /// Makes an edit.
    package init(
        title: String,
        description: String,
        importance: Importance?,
        weight: Double?,
        polarity: Polarity
    ) {
        self.title = title
        self.description = description
        self.importance = importance
        self.weight = weight
        self.polarity = polarity
    }

    /// An edit that changes nothing.
    package init(_ criterion: Criterion) {
        self.init(
            title: criterion.title,
            description: criterion.description,
            importance: criterion.importance,
            weight: criterion.weight,
            polarity: criterion.polarity
        )
    }

    /// What is wrong with the edit, in words for the reviewer; `nil` when nothing is.
    package var problem: String? {
        if description.unicodeScalars.allSatisfy(\.properties.isWhitespace) { return "a description is needed" }
        if importance == nil, weight == nil { return "an importance or a weight is needed" }
        if let weight, !weight.isFinite || weight < 0 { return "a weight is a number from 0 up" }
        return nil
    }

    /// The criterion with the edit made.
    ///
    /// - Parameters:
    ///   - criterion: The criterion as it was.
    ///   - ground: Why the polarity is what it is, where the edit changes it.
    /// - Returns: The edited criterion.
    package func applied(to criterion: Criterion, ground: String) -> Criterion {
        var edited = criterion
        (edited.title, edited.description) = (title, description)
        (edited.importance, edited.weight) = (importance, weight)
        if polarity != criterion.polarity {
            (edited.polarity, edited.polarityGround, edited.polarityConfidence) = (polarity, ground, nil)
        }
        return edited
    }

    /// The names of the keys that the edit changes.
    package func changedKeys(of criterion: Criterion) -> [String] {
        [
            title.isExactly(criterion.title) ? nil : "title",
            description.isExactly(criterion.description) ? nil : "description",
            importance == criterion.importance ? nil : "importance",
            weight == criterion.weight ? nil : "weight",
            polarity == criterion.polarity ? nil : "polarity",
        ].compactMap(\.self)
    }
}

extension CriterionEdit {
    /// The edit as it stands in a log.
    var json: JSONValue {
        var object: JSONObject = ["title": .string(title), "description": .string(description)]
        object["importance"] = (importance?.rawValue).map(JSONValue.string)
        object["weight"] = weight.map(JSONValue.number)
        object["polarity"] = .string(polarity.rawValue)
        return .object(object)
    }

    init(_ place: DocumentCursor) throws {
        try place.requireKeys(["title", "description", "importance", "weight", "polarity"])
        self.init(
            title: try place.required("title").text(),
            description: try place.required("description").text(),
            importance: try place.member("importance")?.choice(Importance.self),
            weight: try place.member("weight")?.number(),
            polarity: try place.required("polarity").choice(Polarity.self)
        )
    }
}
