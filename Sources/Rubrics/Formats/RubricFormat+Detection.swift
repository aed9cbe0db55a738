// SPDX-License-Identifier: Apache-2.0

extension RubricFormat {
    /// The keys that tell a format of mappings, the first that fits.
    private static let markers: [(RubricFormat, keys: [String])] = [
        (.rar, ["question", "rubric"]),
        (.healthBench, ["prompt", "rubrics"]),
        (.openInstruct, ["ground_truth", "messages"]),
        (.openInstruct, ["ground_truth", "dataset"]),
        (.verl, ["prompt", "reward_model"]),
        (.openRLHF, ["prompt", "label"]),
        (.trl, ["prompt", "rubric"]),
        (.rewardkit, ["criterion"]),
        (.prometheus, ["score1_description"]),
        (.prometheus, ["orig_score1_description"]),
        (.autorubric, ["guidelines"]),
        (.rubric, ["sections"]),
        (.rubric, ["rubric"]),
    ]

    /// Tells a row's format from its keys.
    ///
    /// - Throws: ``DocumentError`` for a row of no known format.
    init(of row: DocumentCursor) throws {
        if let format = Self.told(by: row.value) {
            self = format
            return
        }
        guard let object = row.value.object else {
            throw row.mismatch("a rubric row, a mapping")
        }
        for (key, _) in object.members where !NativeRow.keys.contains(key) {
            if NearestName.nearest(to: key, among: ["criteria", "rubrics", "rubric"]) != nil {
                throw row.unknownKey(key, among: ["criteria", "rubrics", "rubric"])
            }
        }
        throw row.error(
            "no rubric row of a known format",
            remedy: "native rows have \"id\", \"prompt\" and \"criteria\", RaR's \"question\" and \"rubric\", "
                + "HealthBench's \"prompt\" and \"rubrics\""
        )
    }

    /// Whether a list as a whole is one rubric, rather than a list of rows.
    static func isOneRubric(_ list: JSONValue) -> Bool {
        list.array != nil && told(by: list) != nil
    }

    private static func told(by value: JSONValue) -> RubricFormat? {
        switch value {
        case .array(let elements): told(byCriteria: elements)
        case .object(let object): told(by: object)
        default: nil
        }
    }

    private static func told(by object: JSONObject) -> RubricFormat? {
        if let criteria = object["criteria"], criteria.string == nil {
            let told = criteria.array.flatMap { Self.told(byCriteria: $0) }
            // The rubric package reads no mapping with criteria; autorubric does.
            return told == .rubric ? .autorubric : told ?? .native
        }
        let marked = markers.first { $0.keys.allSatisfy { object[$0] != nil } }?.0
        guard marked == .rubric else { return marked }
        let inner: JSONValue = object["rubric"] ?? object["sections"] ?? .null
        return told(by: inner) ?? .rubric
    }

    /// What a list of criteria, or of sections of criteria, belongs to.
    private static func told(byCriteria elements: [JSONValue]) -> RubricFormat? {
        guard let first = elements.first?.object else { return nil }
        if let section = first["criteria"]?.array, first["prompt"] == nil { return told(byCriteria: section) }
        if first["requirement"] != nil {
            let isPlain = elements.allSatisfy { element in
                let keys = element.object?.members.map(\.key) ?? []
                return element["weight"] != nil && keys.allSatisfy { ["weight", "requirement"].contains($0) }
            }
            return isPlain ? .rubric : .autorubric
        }
        return first["text"] != nil && first["name"] != nil ? .verifiers : nil
    }
}
