// SPDX-License-Identifier: Apache-2.0

/// A rubric file of verifiers 0.4 at a place in a document: `criteria` of `name`, `text`, `weight` and `choices`.
///
/// Weights are never below zero. Choices are ordered from worst to best, so that `["yes", "no"]` states a fault: the
/// answer "no" earns the weight.
struct VerifiersRubric {
    private static let criterionKeys = ["name", "text", "weight", "choices"]
    private static let positive: JSONValue = ["no", "yes"]
    private static let negative: JSONValue = ["yes", "no"]

    private let file: DocumentCursor

    init(_ file: DocumentCursor) {
        self.file = file
    }

    func reading() throws -> RowReading {
        let list = file.value.array == nil ? try file.required("criteria") : file
        let kept = file.value.array == nil ? try file.rest(without: ["criteria"]) : JSONObject()
        var notes: [String] = []
        var names: Set<ExactText> = []
        let criteria = try list.criteria { index, place in
            let name = try place.required("name")
            guard names.insert(ExactText(try name.text())).inserted else {
                throw name.error("duplicate criterion name \(name.value.serialized())", remedy: "give each its own")
            }
            return try criterion(at: place, id: "c\(index + 1)", notes: &notes)
        }
        let task = RubricTask(
            id: file.fileStem,
            prompt: [],
            criteria: criteria,
            metadata: .keeping(kept, of: .verifiers)
        )
        return RowReading(task: task, notes: notes, isNamed: false)
    }

    private func criterion(at place: DocumentCursor, id: String, notes: inout [String]) throws -> Criterion {
        var kept = try place.rest(without: Self.criterionKeys)
        let weight = place.member("weight")
        if let weight, try weight.number() < 0 {
            throw weight.error(
                "a weight below zero",
                remedy: "verifiers has none; state a fault by choices [\"yes\", \"no\"]"
            )
        }
        let choices = place.value["choices"] ?? Self.positive
        if choices != Self.positive, choices != Self.negative {
            notes.append(place.error("graded choices, read as a statement that is met or not").description)
            kept["choices"] = choices
        }
        return Criterion(
            id: id,
            title: try place.required("name").nonBlankText(),
            description: try place.required("text").nonBlankText(),
            weight: try weight?.number() ?? 1,
            polarity: choices == Self.negative ? .negative : .positive,
            metadata: .keeping(kept, of: .verifiers)
        )
    }
}

extension VerifiersRubric {
    /// A task's rubric as a file.
    static func json(of task: RubricTask) -> JSONValue {
        let names = names(of: task.criteria)
        let criteria = zip(task.criteria, names).map { criterion, name -> JSONValue in
            var item: JSONObject = [
                "name": .string(name), "text": .string(criterion.description),
                "weight": .shortest(criterion.numericWeight),
            ]
            if criterion.polarity == .negative { item["choices"] = negative }
            item.append(criterion.metadata.kept(.verifiers))
            return .object(item)
        }
        var file = task.metadata.kept(.verifiers)
        file["criteria"] = .array(criteria)
        return .object(file)
    }

    /// Titles where they tell the criteria apart, else identifiers.
    private static func names(of criteria: [Criterion]) -> [String] {
        let titles = criteria.map(\.title)
        let isTelling =
            Set(titles.map(ExactText.init)).count == titles.count
            && titles.allSatisfy { $0.unicodeScalars.contains { !$0.properties.isWhitespace } }
        return isTelling ? titles : criteria.map(\.id)
    }
}
