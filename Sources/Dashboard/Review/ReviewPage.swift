// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Synthesis

/// Everything that the review page's template shows.
struct ReviewPage {
    /// Where a page stands and what it says beside its row.
    struct Place {
        /// The token's path.
        var root: String
        /// The file's name.
        var file: String
        /// Which rows are gone through.
        var filter: RubricReview.Filter
        /// The criterion that keys act on first; the first one that is not decided by default.
        var criterion: Int?
        /// What was done or went wrong.
        var notice = ""
    }

    /// A way to look at the file.
    struct Link {
        let href: Markup
        let attributes: Markup
        let label: Markup
    }

    /// A text beside the criteria.
    struct Passage {
        let label: Markup
        let style: Markup
        let text: Markup
    }

    /// What was decided about the rubric as a whole.
    struct Whole {
        let style: Markup
        let text: Markup
    }

    let title: Markup
    let root: Markup
    let heading: Markup
    let file: Markup
    let filters: [Link]
    let filter: Markup
    let reviewed: Markup
    let count: Markup
    let progress: Markup
    let moves: Markup
    let number: Markup
    let texts: [Passage]
    let facts: [Markup]
    let notice: Markup
    let decision: Whole?
    let criteria: [ReviewCard]
    let decide: Markup
    let hash: Markup

    /// Lays a row out.
    init(_ row: RubricReview.Row, of review: RubricReview, _ place: Place) {
        let contentHash = row.task.contentHash
        let isOpen = { (criterion: Criterion) in row.review.finding(about: criterion.id) == nil }
        let current = place.criterion ?? row.task.criteria.firstIndex(where: isOpen) ?? 0
        let path = "\(place.root)/rows/\(row.position + 1)/decision?filter=\(place.filter.rawValue)"
        heading = Markup("Rubric \(ProgressText.grouped(row.position + 1)) of \(ProgressText.grouped(review.count))")
        title = Markup("\(row.task.id.visible): review of \(place.file)")
        root = Markup(place.root)
        file = Markup(place.file)
        filter = Markup(place.filter.rawValue)
        filters = Self.filters(of: review, row, place)
        reviewed = Markup(String(review.reviewedCount))
        count = Markup(String(review.count))
        progress = Markup(
            "\(ProgressText.grouped(review.reviewedCount)) of \(ProgressText.grouped(review.count)) reviewed"
        )
        moves = Self.moves(from: row.position, review, place)
        number = Markup(String(row.position + 1))
        texts = Self.texts(row.task)
        facts = Self.facts(row.task, hash: contentHash).map { Markup($0.visible) }
        notice = Markup(place.notice)
        decision = row.review.rubric.map { finding in
            let word = finding.action == .rejected ? "rejected" : "accepted"
            return Whole(style: Markup(word), text: Markup("The whole rubric is \(word)."))
        }
        decide = Markup(path)
        hash = Markup(contentHash)
        criteria = row.task.criteria.indices.map {
            ReviewCard(row, place: $0, isCurrent: $0 == current, decide: Markup(path), hash: Markup(contentHash))
        }
    }

    private static func filters(of review: RubricReview, _ row: RubricReview.Row, _ place: Place) -> [Link] {
        let labels: [RubricReview.Filter: String] = [
            .all: "All", .unreviewed: "Unreviewed \(ProgressText.grouped(review.count - review.reviewedCount))",
            .undecided: "Polarity undecided \(ProgressText.grouped(review.undecidedCount))",
        ]
        let all = RubricReview.Filter.allCases
        let chosen = all.firstIndex(of: place.filter) ?? 0
        return all.enumerated().map { index, filter in
            let mark = index == chosen ? " aria-current=\"page\"" : ""
            let next = index == (chosen + 1) % all.count ? " data-next" : ""
            return Link(
                href: Markup("\(place.root)/go?filter=\(filter.rawValue)&from=\(row.position + 1)"),
                attributes: .trusted(mark + next),
                label: Markup(labels[filter] ?? filter.rawValue)
            )
        }
    }

    private static func moves(from position: Int, _ review: RubricReview, _ place: Place) -> Markup {
        func link(_ id: String, _ label: String, _ key: String, _ target: Int?) -> Markup {
            let text = [Markup(label), .element("kbd", [:], Markup(key))]
            guard let target else { return .element("span", ["class": "off"], text) }
            let href = "\(place.root)/rows/\(target + 1)?filter=\(place.filter.rawValue)"
            return .element("a", ["id": id, "href": href], text)
        }
        let unreviewed =
            review.neighbor(of: position, filter: .unreviewed, isForward: true)
            ?? review.neighbor(of: -1, filter: .unreviewed, isForward: true)
        let filter = place.filter
        return .joined([
            link("previous", "Previous", "h", review.neighbor(of: position, filter: filter, isForward: false)),
            link("next", "Next", "l", review.neighbor(of: position, filter: filter, isForward: true)),
            link("unreviewed", "Unreviewed", "u", unreviewed == position ? nil : unreviewed),
        ])
    }

    private static func texts(_ task: RubricTask) -> [Passage] {
        let isOne = task.prompt.count == 1
        let prompt = task.prompt.map { message in
            let name = message.role.rawValue
            return Passage(
                label: Markup(
                    isOne && message.role == .user ? "Prompt" : name.prefix(1).uppercased() + name.dropFirst()
                ),
                style: Markup(" prompt"),
                text: Markup(message.content.visible)
            )
        }
        let answers = [("Reference answer", task.referenceAnswer), ("Plain answer", task.plainAnswer)]
        return prompt
            + answers.compactMap { label, text in
                text.map { Passage(label: Markup(label), style: Markup(""), text: Markup($0.visible)) }
            }
    }

    private static func facts(_ task: RubricTask, hash: String) -> [String] {
        let provenance = task.provenance
        return [
            "id \(task.id)", task.domain.map { "domain \($0)" }, task.source.map { "source \($0)" },
            provenance?.strategy.map { "by \($0)" }, provenance?.model.map { "model \($0)" },
            "content hash \(hash.prefix(16))",
        ].compactMap(\.self)
    }
}
