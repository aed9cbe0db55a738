// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension RubricDraft {
    /// What a draft comes to.
    struct Outcome: Sendable {
        /// The criteria, or why there are not enough.
        var criteria: Result<[Criterion], SetAside>
        /// The items that are in no rubric.
        var aside: [AsideItem]
        /// What was done on the way.
        var changes: [Provenance.Change]
    }

    /// Keeps the items that nothing is wrong with, the rest aside.
    ///
    /// A rubric stands if at least the fewest items of the range are left and one of them is essential. Items beyond the
    /// most go aside, the least important first, later ones before earlier ones. A rubric without a pitfall stands: it
    /// was asked for one.
    ///
    /// - Parameters:
    ///   - items: The range.
    ///   - model: Who wrote them.
    /// - Returns: The outcome.
    func finish(_ items: SynthesisDomain.Items, model: String) -> Outcome {
        var kept = slots.filter(\.complaints.isEmpty)
        var aside =
            withdrawn
            + slots.filter { !$0.complaints.isEmpty }.map { AsideItem(said: $0.item.said, complaints: $0.complaints) }
        while kept.count > items.max, let place = Self.leastNeeded(in: kept) {
            let slot = kept.remove(at: place)
            aside.append(AsideItem(said: slot.item.said, complaints: ["more items than \(items.max)"]))
        }
        let criteria = kept.enumerated().map { place, slot in
            slot.item.criterion(id: "c\(place + 1)", ground: Self.ground(of: slot, model: model))
        }
        return Outcome(
            criteria: Self.verdict(on: criteria, items),
            aside: aside,
            changes: Self.changes(kept: kept, aside: aside)
        )
    }

    private static func verdict(
        on criteria: [Criterion],
        _ items: SynthesisDomain.Items
    ) -> Result<[Criterion], SetAside> {
        if criteria.count < items.min {
            let count = "\(criteria.count) item\(criteria.count == 1 ? "" : "s")"
            return .failure(SetAside(.items, "\(count) that keep the rules, and at least \(items.min) are needed"))
        }
        if !criteria.contains(where: { $0.importance == .essential }) {
            return .failure(SetAside(.items, "no item that keeps the rules is essential"))
        }
        return .success(criteria)
    }

    private static func leastNeeded(in slots: [Slot]) -> Int? {
        let order: [Importance?] = [.optional, .pitfall, .important, .essential]
        return order.lazy.compactMap { importance in slots.lastIndex { $0.item.importance == importance } }.first
    }

    private static func ground(of slot: Slot, model: String) -> String {
        "\(model) wrote the item and said so" + (slot.isPolarityAsked ? ", asked again" : "")
    }

    private static func changes(kept: [Slot], aside: [AsideItem]) -> [Provenance.Change] {
        let edited = kept.enumerated().filter { !$1.answered.isEmpty }.map { place, slot in
            Provenance.Change(
                by: "repair",
                action: "edited",
                criterion: "c\(place + 1)",
                reason: slot.answered.joined(separator: "; ")
            )
        }
        let removed = aside.map { item in
            let title = item.said["title"]?.string.map { "\($0): " } ?? ""
            return Provenance.Change(
                by: "repair",
                action: "removed",
                reason: title + item.complaints.joined(separator: "; ")
            )
        }
        return edited + removed
    }
}
