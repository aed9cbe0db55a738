// SPDX-License-Identifier: Apache-2.0

import Judging
package import Rubrics

/// What an item of a rubric has to be, told as complaints that a model can act on.
///
/// The rules here are about an item's shape. What its wording or its polarity is worth comes from elsewhere, through
/// ``reviews`` and ``opinion``.
package struct ItemRules: Sendable {
    /// Finds fault with an item in its rubric; each complaint is the end of a sentence.
    package typealias Review = @Sendable (_ criterion: Criterion, _ rubric: RubricTask) -> [String]

    /// What rules make of an item's polarity, and why; `nil` where they have no opinion.
    package typealias Opinion =
        @Sendable (_ criterion: Criterion, _ rubric: RubricTask) -> (polarity: Polarity, ground: String)?

    /// How many items a rubric may have.
    package var items: SynthesisDomain.Items
    /// Further complaints.
    package var reviews: [Review]
    /// A second opinion on polarity. A disagreement is asked about once; what the model then says stands.
    package var opinion: Opinion?

    /// Makes rules.
    package init(items: SynthesisDomain.Items, reviews: [Review] = [], opinion: Opinion? = nil) {
        self.items = items
        self.reviews = reviews
        self.opinion = opinion
    }

    /// The weights that an importance allows, so that no optional item outweighs an important one.
    package static func weights(of importance: Importance) -> ClosedRange<Double> {
        switch importance {
        case .essential: 5...5
        case .important: 3...4
        case .optional: 1...2
        case .pitfall: 1...5
        }
    }

    /// The same in words.
    static func weightText(of importance: Importance) -> String {
        let range = weights(of: importance)
        let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
        return low == high ? "\(low)" : "\(low) to \(high)"
    }

    // MARK: - One item

    /// What is wrong with an item whatever stands beside it.
    package static func complaints(about item: WrittenItem) -> [String] {
        titleComplaints(item) + descriptionComplaints(item) + valueComplaints(item)
    }

    private static func titleComplaints(_ item: WrittenItem) -> [String] {
        let words = item.title.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).count
        switch words {
        case 2...4: return []
        case 0: return ["\"title\" is missing: write 2 to 4 words"]
        default: return ["\"title\" has \(words) word\(words == 1 ? "" : "s"): write 2 to 4"]
        }
    }

    private static func descriptionComplaints(_ item: WrittenItem) -> [String] {
        let text = item.description
        if text.utf8.isEmpty { return ["\"description\" is missing: write the statement"] }
        var complaints: [String] = []
        let sentences = Sentences.ranges(in: Array(text.unicodeScalars)).count
        if sentences != 1 { complaints.append("\"description\" has \(sentences) sentences: write one") }
        let words = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).count
        if words > longest { complaints.append("\"description\" has \(words) words: write \(longest) at most") }
        if let prefix = ItemWording.prefix(of: text) {
            complaints.append("\"description\" begins with \"\(prefix)\": leave that to \"importance\"")
        }
        if let phrase = ItemWording.outsideReference(in: text) {
            complaints.append("it says \"\(phrase)\", which its judge does not see: say what is meant itself")
        }
        if let joint = ItemWording.joint(in: text) {
            complaints.append("it holds two statements, joined by \"\(joint)\": keep one, and make the other an item")
        }
        return complaints
    }

    private static func valueComplaints(_ item: WrittenItem) -> [String] {
        var complaints: [String] = []
        if item.importance == nil {
            complaints.append("\"importance\" is \(shown(item, "importance")): \(words(Importance.allCases))")
        }
        if let importance = item.importance {
            let range = weights(of: importance)
            let isWhole = item.weight.map { $0 == $0.rounded() && range.contains($0) } ?? false
            if !isWhole {
                complaints.append(
                    "\"weight\" is \(shown(item, "weight")): \(importance.rawValue) items weigh "
                        + weightText(of: importance)
                )
            }
        }
        if item.polarity == nil {
            complaints.append(
                "\"polarity\" is \(shown(item, "polarity")): \"positive\" where meeting the statement is a virtue, "
                    + "\"negative\" where it is a fault"
            )
        }
        return complaints
    }

    private static let longest = 60

    private static func shown(_ item: WrittenItem, _ key: String) -> String {
        guard let value = item.said[key], value != .null else { return "missing" }
        return value.serialized().start(60)
    }

    private static func words(_ cases: [Importance]) -> String {
        "write one of " + cases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
}
