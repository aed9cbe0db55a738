// SPDX-License-Identifier: Apache-2.0

/// A row of the published RaR data sets (`ScaleAI/RaR-Medicine`, `ScaleAI/RaR-Science`) at a place in a document.
///
/// A criterion's importance stands in front of its description, "Essential Criteria: …", with slips in about one item of
/// three hundred. Slips are read as what they are nearest to, and every assumption is noted. Pitfalls come out
/// undecided, because the data words some as virtues and some as faults under the same weights.
struct PublishedRow {
    private let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    /// Reads the row.
    ///
    /// - Returns: The task, what had to be assumed, and whether the row names itself; rows without a name are named for
    ///   their question, so that one question has one name in every file.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    func task() throws -> (task: RubricTask, notes: [String], isNamed: Bool) {
        let items = try row.required("rubric")
        let places = try items.elements()
        guard !places.isEmpty else {
            throw items.error("\"rubric\" is empty", remedy: "a rubric needs at least one criterion")
        }
        var notes: [String] = []
        let criteria = try places.enumerated().map { try criterion(at: $1, id: "c\($0 + 1)", notes: &notes) }
        try items.requireWeight(of: criteria)
        let question = try row.required("question").nonBlankText()
        let reference = try row.member("reference_answer")?.text()
        let name = try (row.member("uid") ?? row.member("id"))?.identifier()
        let task = RubricTask(
            id: name ?? Self.id(of: question),
            prompt: [Message(role: .user, content: question)],
            referenceAnswer: reference?.isEmpty == false ? reference : nil,
            source: try row.member("question_source")?.text(),
            criteria: criteria
        )
        return (task, notes, name != nil)
    }

    private static func id(of question: String) -> String {
        let digits = String(question.stableHash, radix: 16)
        return "rar-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
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
        if isNegative, importance != .pitfall {
            notes.append(place.error("a negative weight on \(importance.rawValue), polarity undecided").description)
        }
        return Criterion(
            id: id,
            title: try place.member("title")?.text() ?? "",
            description: try prefix.map { try $0.rest(at: text) } ?? text.text(),
            importance: importance,
            weight: weight?.magnitude,
            polarity: importance == .pitfall || isNegative ? .undecided : .positive
        )
    }

    /// The ranges of the paper's prompt: essential 5, important 3 to 4, optional 1 to 2, pitfalls below zero.
    private static func importance(ofWeight weight: Double?) -> Importance? {
        guard let weight else { return nil }
        return weight < 0 ? .pitfall : weight < 3 ? .optional : weight < 5 ? .important : .essential
    }
}

/// "Essential Criteria: " in front of a description, slips included.
private struct ImportancePrefix {
    /// `nil` for a word that is none of the paper's four, such as "Universal Criteria: ".
    let importance: Importance?
    private let written: String
    private let remainder: Substring

    /// Words that stand in the data for one of the four.
    private static let synonyms: [String: Importance] = [
        "importance": .important, "option": .optional, "mandatory": .essential, "required": .essential,
        "pitfalls": .pitfall,
    ]

    /// - Returns: `nil` when the text does not start with an importance.
    init?(of text: String) {
        guard let colon = text.utf8.prefix(40).firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let words = Self.words(of: text[..<colon])
        guard let word = words.first, words.count <= 2 else { return nil }
        let hasNoun = words.count == 2 && NearestName.nearest(to: words[1], among: ["criteria", "criterion"]) != nil
        let exact = Importance(rawValue: word)
        guard hasNoun || (words.count == 1 && exact != nil) else { return nil }
        importance =
            exact ?? Self.synonyms[word]
            ?? NearestName.nearest(to: word, among: Importance.allCases.map(\.rawValue)).flatMap(Importance.init)
        written = String(text[..<colon])
        let rest = text[text.utf8.index(after: colon)...].unicodeScalars
        remainder = Substring(rest.drop { $0.properties.isWhitespace })
    }

    /// What is irregular about the prefix, if anything.
    func slip(assuming assumed: Importance) -> String? {
        let regular = "\(assumed.rawValue) criteria"
        let isRegular = Self.words(of: written[...]).joined(separator: " ") == regular
        return isRegular ? nil : "the importance \"\(written)\", read as \(assumed.rawValue)"
    }

    private static func words(of text: Substring) -> [String] {
        text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0).lowercased() }
    }

    func rest(at place: DocumentCursor) throws -> String {
        guard !remainder.isEmpty else {
            throw place.error("nothing after \"\(written):\"", remedy: "write what the criterion states")
        }
        return String(remainder)
    }
}
