// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis

/// A criterion on the review page.
struct ReviewCard {
    /// A word about the criterion.
    struct Tag {
        let style: Markup
        let text: Markup
    }

    let style: Markup
    let label: Markup
    let current: Markup
    let title: Markup
    let tags: [Tag]
    let status: Markup
    let statement: Markup
    let notes: [Markup]
    let was: Markup?
    let decide: Markup
    let hash: Markup
    let place: Markup
    let isPositive: Markup
    let isNegative: Markup
    let rawTitle: Markup
    let rawDescription: Markup
    let importances: Markup
    let weight: Markup
    let polarities: Markup

    /// Lays a criterion out.
    ///
    /// - Parameters:
    ///   - row: The row that it belongs to.
    ///   - place: Its place in the row, from 0.
    ///   - isCurrent: Whether keys act on it first.
    ///   - decide: Where decisions go.
    ///   - hash: The row's content hash, shown back with each decision.
    init(_ row: RubricReview.Row, place: Int, isCurrent: Bool, decide: Markup, hash: Markup) {
        let criterion = row.task.criteria[place]
        let finding = row.review.finding(about: criterion.id)
        let edited = row.review.edited(criterion)
        style = Markup(finding?.action.rawValue ?? "open")
        label = Markup("Criterion \(place + 1): \(edited.title)")
        current = .trusted(isCurrent ? " data-current autofocus" : "")
        title = Markup(edited.title.isEmpty ? criterion.id : edited.title.visible)
        tags = Self.tags(edited)
        status = Markup(Self.status(finding, isChanged: edited != criterion))
        statement = Markup(edited.description.visible)
        notes = Self.notes(edited).map { Markup($0.visible) }
        let isReworded = !edited.description.isExactly(criterion.description)
        was = isReworded ? Markup(criterion.description.visible) : nil
        self.decide = decide
        self.hash = hash
        self.place = Markup(String(place))
        isPositive = Markup(String(edited.polarity == .positive))
        isNegative = Markup(String(edited.polarity == .negative))
        rawTitle = Markup(edited.title)
        rawDescription = Markup(edited.description)
        importances = Self.options(
            [("", "none")] + Importance.allCases.map { ($0.rawValue, $0.rawValue) },
            edited.importance?.rawValue ?? ""
        )
        weight = Markup(edited.weight.map { "\($0)" } ?? "")
        polarities = Self.options(
            [
                (Polarity.positive, "positive: a virtue"), (.negative, "negative: a fault"), (.undecided, "undecided"),
            ].map { ($0.0.rawValue, $0.1) },
            edited.polarity.rawValue
        )
    }

    private static func tags(_ criterion: Criterion) -> [Tag] {
        let importance = criterion.importance.map { Tag(style: Markup($0.rawValue), text: Markup($0.rawValue)) }
        let weight = criterion.weight.map { Tag(style: Markup(""), text: Markup("weight \($0)")) }
        let kind = criterion.kind.map { Tag(style: Markup(""), text: Markup($0.rawValue)) }
        let polarity = Tag(style: Markup(criterion.polarity.rawValue), text: Markup(criterion.polarity.wording))
        return [importance, weight, kind, polarity].compactMap(\.self)
    }

    private static func status(_ finding: RowReview.Finding?, isChanged: Bool) -> String {
        switch finding?.action {
        case .accepted: isChanged ? "edited, accepted" : "accepted"
        case .edited: isChanged ? "edited" : "accepted"
        case .rejected: "rejected"
        case .undone, nil: ""
        }
    }

    private static func notes(_ criterion: Criterion) -> [String] {
        let check = criterion.check.map { "Checked by program: met when \($0.wording)." }
        let ground = criterion.polarityGround.map { ground in
            let confidence = criterion.polarityConfidence.map { ", \(NumberFormat.percent.text($0)) sure" } ?? ""
            return "Polarity: \(ground)\(confidence)."
        }
        let children = criterion.children.map { "Below it: \($0.description)" }
        return [check, ground].compactMap(\.self) + children
    }

    private static func options(_ choices: [(value: String, label: String)], _ chosen: String) -> Markup {
        .joined(
            choices.map { value, label in
                value.isExactly(chosen)
                    ? .element("option", ["value": value, "selected": ""], Markup(label))
                    : .element("option", ["value": value], Markup(label))
            }
        )
    }
}

extension Polarity {
    /// What meeting the statement means, in words.
    package var wording: String {
        switch self {
        case .positive: "a virtue"
        case .negative: "a fault"
        case .undecided: "polarity undecided"
        }
    }
}

extension String {
    /// The text with code points in place of control characters; lines keep their ends.
    var visible: String {
        unicodeScalars.spellingOut { $0.isControl && $0 != "\n" && $0 != "\r" }
    }
}
