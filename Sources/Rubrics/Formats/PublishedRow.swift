// SPDX-License-Identifier: Apache-2.0

/// A row of the published RaR data sets (`ScaleAI/RaR-Medicine`, `ScaleAI/RaR-Science`) at a place in a document.
///
/// A criterion's importance stands in front of its description, "Essential Criteria: …", with slips in about one item of
/// three hundred. Slips are read as what they are nearest to, and every assumption is noted. The data words some pitfalls
/// as virtues and some as faults under the same weights, so their polarity is decided from wording and evidence
/// (``PolarityRules``).
struct PublishedRow {
    let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    /// Reads the row. Rows without a name are named for their question, so that one question has one name in every file.
    ///
    /// - Returns: The task, what had to be assumed, and whether the row names itself.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    func reading() throws -> RowReading {
        var notes: [String] = []
        let rubric = try row.required("rubric")
        let criteria = try rubric.criteria { try criterion(at: $1, id: "c\($0 + 1)", notes: &notes) }
        let prompt = [Message(role: .user, content: try row.required("question").nonBlankText())]
        let reference = try row.member("reference_answer")?.text()
        let name = try (row.member("uid") ?? row.member("id"))?.identifier()
        let read = RubricTask(
            id: name ?? prompt.name(in: "rar"),
            prompt: prompt,
            referenceAnswer: reference?.isEmpty == false ? reference : nil,
            source: try row.member("question_source")?.text(),
            criteria: criteria,
            metadata: .keeping(try kept(), of: .rar)
        )
        let task = read.decidingPolarity()
        for (criterion, place) in zip(task.criteria, try rubric.elements()) {
            guard criterion.polarity == .undecided, let importance = criterion.importance, importance != .pitfall else {
                continue
            }
            notes.append(place.error("a negative weight on \(importance.rawValue), polarity undecided").description)
        }
        return RowReading(task: task, notes: notes, isNamed: name != nil)
    }

    private func criterion(at place: DocumentCursor, id: String, notes: inout [String]) throws -> Criterion {
        guard place.value.object != nil else { throw place.mismatch("a mapping") }
        let text = try place.required("description")
        let weight = try place.member("weight")?.number()
        let prefix = ImportancePrefix(of: try text.nonBlankText())
        let isNegative = (weight ?? 0) < 0
        guard let importance = prefix?.importance ?? Self.importance(ofWeight: weight) else {
            throw text.error(
                "no importance in front of the description, and no weight to tell it from",
                remedy: "start it with \"Essential Criteria: \" or another importance"
            )
        }
        if let slip = prefix.map({ $0.slip(assuming: importance) }) ?? "no importance, read as \(importance.rawValue)" {
            notes.append(text.error(slip).description)
        }
        var criterion = Criterion(
            id: id,
            title: try place.member("title")?.text() ?? "",
            description: try prefix.map { try $0.rest(at: text) } ?? text.text(),
            importance: importance,
            weight: weight?.magnitude,
            polarity: importance == .pitfall || isNegative ? .undecided : .positive
        )
        criterion.metadata = .keeping(try Self.irregularities(of: place, read: criterion), of: .rar)
        return criterion
    }

    /// The ranges of the paper's prompt: essential 5, important 3 to 4, optional 1 to 2, pitfalls below zero.
    static func importance(ofWeight weight: Double?) -> Importance? {
        guard let weight else { return nil }
        return weight < 0 ? .pitfall : weight < 3 ? .optional : weight < 5 ? .important : .essential
    }
}
