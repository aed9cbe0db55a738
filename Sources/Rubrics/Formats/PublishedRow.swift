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
        var slips: [RowSlip] = []
        let rubric = try row.required("rubric")
        let criteria = try rubric.criteria { try criterion(at: $1, position: $0, slips: &slips) }
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
        // A negative weight is worth telling people where nothing else decided the polarity.
        let telling = slips.filter { $0.kind != .negativeWeight || task.criteria[$0.criterion].polarity == .undecided }
        return RowReading(task: task, notes: telling.map(\.note), slips: slips, isNamed: name != nil)
    }

    private func criterion(at place: DocumentCursor, position: Int, slips: inout [RowSlip]) throws -> Criterion {
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
        slips += self.slips(of: prefix, assuming: importance, weight: weight, at: place, text).map { kind, note in
            RowSlip(kind: kind, criterion: position, importance: importance, note: note)
        }
        var criterion = Criterion(
            id: "c\(position + 1)",
            title: try place.member("title")?.text() ?? "",
            description: try prefix.map { try $0.rest(at: text) } ?? text.text(),
            importance: importance,
            weight: weight?.magnitude,
            polarity: importance == .pitfall || isNegative ? .undecided : .positive
        )
        criterion.metadata = .keeping(try Self.irregularities(of: place, read: criterion), of: .rar)
        return criterion
    }

    /// What is irregular about a criterion, with the note for people.
    private func slips(
        of prefix: ImportancePrefix?,
        assuming importance: Importance,
        weight: Double?,
        at place: DocumentCursor,
        _ text: DocumentCursor
    ) -> [(RowSlip.Kind, String)] {
        var slips: [(RowSlip.Kind, String)] = []
        if let prefix, !prefix.isRegular(importance) {
            let note = text.error("the importance \"\(prefix.written)\", read as \(importance.rawValue)").description
            slips.append((.irregularImportance(written: prefix.written, isNamed: prefix.importance != nil), note))
        } else if prefix == nil {
            let note = text.error("no importance, read as \(importance.rawValue)").description
            slips.append((.missingImportance, note))
        }
        if let weight, weight < 0, importance != .pitfall {
            let message = "a negative weight on \(importance.rawValue), polarity undecided"
            slips.append((.negativeWeight, place.error(message).description))
        }
        return slips
    }

    /// The ranges of the paper's prompt: essential 5, important 3 to 4, optional 1 to 2, pitfalls below zero.
    static func importance(ofWeight weight: Double?) -> Importance? {
        guard let weight else { return nil }
        return weight < 0 ? .pitfall : weight < 3 ? .optional : weight < 5 ? .important : .essential
    }
}
