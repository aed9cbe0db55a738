// SPDX-License-Identifier: Apache-2.0

/// A score rubric of Prometheus at a place in a document: a question of quality and what each rating from 1 to 5 means.
///
/// Rows of Feedback-Collection, whose keys start with `orig_`, are read too: they hold the prompt and a reference answer.
struct PrometheusRubric {
    private static let ratings = 1...5
    private static let criterionKeys = ["criteria"] + ratings.map { "score\($0)_description" }

    private let file: DocumentCursor
    private let prefix: String

    init(_ file: DocumentCursor) {
        self.file = file
        prefix = file.member("orig_criteria") == nil ? "" : "orig_"
    }

    func reading() throws -> RowReading {
        let instruction = try file.member("orig_instruction")?.nonBlankText()
        let id = try file.member("id")?.identifier()
        let prompt = instruction.map { [Message(role: .user, content: $0)] } ?? []
        var levels: JSONObject = [:]
        for key in Self.criterionKeys.dropFirst() {
            levels[key] = .string(try file.required(prefix + key).text())
        }
        let criterion = Criterion(
            description: try file.required(prefix + "criteria").nonBlankText(),
            weight: 1,
            metadata: .keeping(levels, of: .prometheus)
        )
        let read = Self.criterionKeys.map { prefix + $0 } + ["id", "orig_instruction", "orig_reference_answer"]
        let task = RubricTask(
            id: id ?? (prompt.isEmpty ? file.fileStem : prompt.name(in: "prometheus")),
            prompt: prompt,
            referenceAnswer: try file.member("orig_reference_answer")?.text(),
            criteria: [criterion],
            metadata: .keeping(try file.rest(without: read), of: .prometheus)
        )
        let note = try file.required(prefix + "criteria")
            .error("ratings from 1 to 5, read as one statement that is met or not")
        return RowReading(task: task, notes: [note.description], isNamed: id != nil)
    }
}

extension PrometheusRubric {
    /// A task's rubric as the mapping that Prometheus' template takes.
    static func json(of task: RubricTask) -> JSONValue {
        let only = task.criteria.count == 1 ? task.criteria.first : nil
        let levels = only?.metadata.kept(.prometheus) ?? JSONObject()
        if let only, !levels.members.isEmpty {
            var rubric: JSONObject = ["criteria": .string(only.description)]
            rubric.append(levels)
            return .object(rubric)
        }
        var rubric: JSONObject = ["criteria": .string(question(of: task.criteria))]
        let shares = ["none", "few", "about half", "most", "all"]
        for (rating, share) in zip(ratings, shares) {
            rubric["score\(rating)_description"] = .string(
                "The response satisfies \(share) of these points, by their importance."
            )
        }
        return .object(rubric)
    }

    private static func question(of criteria: [Criterion]) -> String {
        let items = criteria.map { criterion in
            let word =
                criterion.importance?.rawValue ?? "weight \(JSONValue.shortest(criterion.numericWeight).serialized())"
            let fault = criterion.polarity == .negative ? "the following is NOT the case: " : ""
            return "- (\(word)) \(fault)\(criterion.description)"
        }
        return "Does the response satisfy these points?\n" + items.joined(separator: "\n")
    }
}
