// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A rubric while it is written: numbered items, what is wrong with each, and what was left out on the way.
struct RubricDraft: Sendable {
    /// An item under its number.
    struct Slot: Sendable {
        var number: Int
        var item: WrittenItem
        /// What is wrong with it now.
        var complaints: [String] = []
        /// What it was changed for.
        var answered: [String] = []
        /// Whether a disagreement on its polarity was asked about.
        var isPolarityAsked = false
    }

    private(set) var slots: [Slot] = []
    /// Items that the model took back.
    private(set) var withdrawn: [AsideItem] = []
    /// What is wrong with the rubric as a whole.
    private(set) var complaints: [String] = []

    /// Whether nothing was written yet.
    var isEmpty: Bool { slots.isEmpty && withdrawn.isEmpty }
    /// Whether there is anything to ask about.
    var isFaultless: Bool { complaints.isEmpty && slots.allSatisfy(\.complaints.isEmpty) }

    // MARK: - Replies

    /// Takes what a reply says: first all items, then those that change. Items that nobody complained of stay.
    mutating func take(_ reply: RubricReply) {
        let isFirst = isEmpty
        for entry in reply.entries {
            if !isFirst, let number = entry.number, let place = slots.firstIndex(where: { $0.number == number }) {
                replace(place, by: entry.item)
            } else {
                slots.append(Slot(number: (slots.map(\.number).max() ?? 0) + 1, item: entry.item))
            }
        }
        let isSurplus = !complaints.isEmpty
        for number in reply.withdrawn where !isFirst {
            guard let place = slots.firstIndex(where: { $0.number == number }) else { continue }
            guard isSurplus || !slots[place].complaints.isEmpty else { continue }
            let slot = slots.remove(at: place)
            let reasons = slot.complaints.isEmpty ? complaints : slot.complaints
            withdrawn.append(AsideItem(said: slot.item.said, complaints: reasons))
        }
    }

    private mutating func replace(_ place: Int, by item: WrittenItem) {
        guard !slots[place].complaints.isEmpty, slots[place].item.json != item.json else { return }
        slots[place].answered += slots[place].complaints
        slots[place].item = item
    }

    // MARK: - Complaints

    /// Finds what is wrong now.
    mutating func review(by rules: ItemRules, for row: PromptRow) {
        var rubric = row.task
        rubric.criteria = slots.map { $0.item.criterion(id: "c\($0.number)", ground: nil) }
        var seen: [[String]: Int] = [:]
        for place in slots.indices {
            let item = slots[place].item
            var found = ItemRules.complaints(about: item)
            let words = item.description.foldedWords
            if let earlier = seen[words], !words.isEmpty {
                found.append("it says the same as item \(earlier): write another or withdraw it")
            }
            seen[words] = seen[words] ?? slots[place].number
            let criterion = rubric.criteria[place]
            for review in rules.reviews where !item.description.utf8.isEmpty { found += review(criterion, rubric) }
            if let complaint = disagreement(at: place, criterion, rubric, rules) { found.append(complaint) }
            slots[place].complaints = found
        }
        complaints = wholeComplaints(rules.items)
    }

    /// Asks once where rules read an item's polarity otherwise; what the model then says stands.
    private mutating func disagreement(
        at place: Int,
        _ criterion: Criterion,
        _ rubric: RubricTask,
        _ rules: ItemRules
    ) -> String? {
        guard !slots[place].isPolarityAsked, let said = slots[place].item.polarity,
            let opinion = rules.opinion?(criterion, rubric), opinion.polarity != .undecided, opinion.polarity != said
        else { return nil }
        slots[place].isPolarityAsked = true
        return "\"polarity\" is \"\(said.rawValue)\", yet \(opinion.ground): read the statement as it stands, and say "
            + "\"positive\" if an answer of which it is true is the better for it, \"negative\" if it is the worse"
    }

    private func wholeComplaints(_ items: SynthesisDomain.Items) -> [String] {
        var found: [String] = []
        if slots.count < items.min {
            found.append(
                "it has \(slots.count) items, and at least \(items.min) are needed: add \(items.min - slots.count) or "
                    + "more about what no item covers yet"
            )
        }
        if slots.count > items.max {
            found.append(
                "it has \(slots.count) items, and at most \(items.max) are allowed: withdraw "
                    + "\(slots.count - items.max) or more, the least needed"
            )
        }
        let importances = Set(slots.compactMap(\.item.importance))
        for importance in [Importance.essential, .pitfall] where !importances.contains(importance) {
            found.append("no item is \(importance.rawValue): add one")
        }
        return found
    }

    /// The complaints, a line for each item and each about the whole.
    var complaintText: String {
        let items = slots.filter { !$0.complaints.isEmpty }.map {
            "item \($0.number): \($0.complaints.joined(separator: "; "))"
        }
        return (items + complaints.map { "the rubric: \($0)" }).joined(separator: "\n")
    }

    /// All items under their numbers, as a reply would have them.
    var json: JSONValue {
        let items = slots.map { slot -> JSONValue in
            var object: JSONObject = ["number": .integer(slot.number)]
            for (key, value) in slot.item.json.object?.members ?? [] { object[key] = value }
            return .object(object)
        }
        return ["items": .array(items)]
    }
}

extension String {
    /// The text's words in lower case, without anything but letters and digits.
    fileprivate var foldedWords: [String] {
        lowercased().unicodeScalars.split { scalar in
            !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
        }.map { String($0) }
    }
}
