// SPDX-License-Identifier: Apache-2.0

/// A rubric of the `rubric` package or of autorubric at a place in a document.
///
/// Both take a list of `{"weight", "requirement"}` or sections of such lists; autorubric adds names, guidelines and
/// options. A weight below zero takes points away when the requirement is met, so it marks a fault.
struct PackageRubric {
    private static let criterionKeys = ["name", "weight", "requirement"]
    /// autorubric's weight of a criterion without one.
    private static let defaultWeight = 10.0

    private let file: DocumentCursor
    private let format: RubricFormat

    init(_ file: DocumentCursor, format: RubricFormat) {
        (self.file, self.format) = (file, format)
    }

    func reading() throws -> RowReading {
        var kept = JSONObject()
        let list = try criteriaList(kept: &kept)
        var notes: [String] = []
        var criteria: [Criterion] = []
        for (place, section) in try places(in: list) {
            var criterion = try criterion(at: place, id: "c\(criteria.count + 1)", notes: &notes)
            if !section.members.isEmpty {
                var metadata = criterion.metadata.kept(format)
                metadata["section"] = .object(section)
                criterion.metadata = .keeping(metadata, of: format)
            }
            criteria.append(criterion)
        }
        guard !criteria.isEmpty else { throw list.error("no criteria", remedy: "a rubric needs at least one") }
        try list.requireWeight(of: criteria)
        let task = RubricTask(
            id: file.fileStem,
            prompt: [],
            criteria: criteria,
            metadata: .keeping(kept, of: format)
        )
        return RowReading(task: task, notes: notes, isNamed: false)
    }

    /// The list of criteria or sections, as deep as the packages look for it.
    private func criteriaList(kept: inout JSONObject) throws -> DocumentCursor {
        var place = file
        for keys in [["rubric", "sections", "criteria"], ["sections", "criteria"]] where place.value.array == nil {
            guard let key = keys.first(where: { place.member($0) != nil }) else {
                throw place.error("no list of criteria", remedy: "write a list, or a mapping with one of \(keys)")
            }
            kept.append(try place.rest(without: [key]))
            place = try place.required(key)
        }
        return place
    }

    /// The criteria, each with what its section says beside them.
    private func places(in list: DocumentCursor) throws -> [(DocumentCursor, section: JSONObject)] {
        try list.elements().flatMap { item -> [(DocumentCursor, section: JSONObject)] in
            guard let criteria = item.member("criteria") else { return [(item, JSONObject())] }
            let section = try item.rest(without: ["criteria"])
            return try criteria.elements().map { ($0, section) }
        }
    }

    private func criterion(at place: DocumentCursor, id: String, notes: inout [String]) throws -> Criterion {
        let weight: Double
        switch (try place.member("weight")?.number(), format) {
        case (let own?, _): weight = own
        case (nil, .autorubric): weight = Self.defaultWeight
        case (nil, _): throw place.missing("weight")
        }
        if place.member("options") != nil {
            notes.append(place.error("graded options, read as a statement that is met or not").description)
        }
        return Criterion(
            id: id,
            title: try place.member("name")?.text() ?? "",
            description: try place.required("requirement").nonBlankText(),
            weight: weight.magnitude,
            polarity: weight < 0 ? .negative : .positive,
            polarityGround: "the sign of the weight",
            metadata: .keeping(try place.rest(without: Self.criterionKeys), of: format)
        )
    }
}

extension PackageRubric {
    /// A task's rubric as a file: a list, or autorubric's mapping where there are guidelines.
    static func json(of task: RubricTask, format: RubricFormat) -> JSONValue {
        let criteria = JSONValue.array(task.criteria.map { json(of: $0, format: format) })
        guard format == .autorubric, let guidelines = task.metadata.kept(format)["guidelines"] else { return criteria }
        return ["guidelines": guidelines, "criteria": criteria]
    }

    private static func json(of criterion: Criterion, format: RubricFormat) -> JSONValue {
        var item: JSONObject = [:]
        if format == .autorubric, !criterion.title.isEmpty { item["name"] = .string(criterion.title) }
        item["weight"] = .shortest(criterion.signedWeight)
        item["requirement"] = .string(criterion.description)
        if format == .autorubric { item.append(criterion.metadata.kept(format), without: ["section"]) }
        return .object(item)
    }
}
