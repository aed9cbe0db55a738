// SPDX-License-Identifier: Apache-2.0

extension Provenance {
    private static let keys = [
        "strategy", "model", "prompt", "reference", "reference_model", "parents", "changes",
    ]

    /// The provenance of a native row.
    package var json: JSONValue {
        var object = JSONObject()
        object["strategy"] = strategy.map(JSONValue.string)
        object["model"] = model.map(JSONValue.string)
        object["prompt"] = prompt.map(JSONValue.string)
        object["reference"] = (reference?.rawValue).map(JSONValue.string)
        object["reference_model"] = referenceModel.map(JSONValue.string)
        if !parents.isEmpty { object["parents"] = .array(parents.map(JSONValue.string)) }
        if !changes.isEmpty { object["changes"] = .array(changes.map(\.json)) }
        return .object(object)
    }

    /// Reads the provenance of a native row.
    ///
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    init(_ place: DocumentCursor) throws {
        try place.requireKeys(Self.keys)
        self.init(
            strategy: try place.member("strategy")?.text(),
            model: try place.member("model")?.text(),
            prompt: try place.member("prompt")?.text(),
            reference: try place.member("reference")?.choice(Reference.self),
            referenceModel: try place.member("reference_model")?.text(),
            parents: try place.member("parents")?.texts() ?? [],
            changes: try place.member("changes")?.elements().map(Change.init) ?? []
        )
    }
}

extension Provenance.Change {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["by": .string(by), "action": .string(action)]
        object["criterion"] = criterion.map(JSONValue.string)
        object["reason"] = .string(reason)
        return .object(object)
    }

    fileprivate init(_ place: DocumentCursor) throws {
        try place.requireKeys(["by", "action", "criterion", "reason"])
        self.init(
            by: try place.required("by").text(),
            action: try place.required("action").text(),
            criterion: try place.member("criterion")?.text(),
            reason: try place.required("reason").text()
        )
    }
}
