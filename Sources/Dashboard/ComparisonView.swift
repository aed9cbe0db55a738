// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// What the template shows of one prompt.
struct ComparisonView {
    /// A completion with its reward.
    struct Side {
        let heading: Markup
        let reward: Markup
        let text: Markup
        let ending: Markup?
    }

    /// A criterion's verdicts side by side.
    struct CriterionRow {
        let id: Markup
        let title: Markup
        let tags: Markup
        let changed: Markup
        let before: Markup
        let after: Markup
    }

    let place: Markup
    let prompt: Markup
    let change: Markup
    let before: Side
    let after: Side
    let summary: Markup
    let open: Markup
    let criteria: [CriterionRow]

    init(_ comparison: PromptComparison, isOpen: Bool) {
        place = Markup(comparison.place)
        prompt = Markup(comparison.prompt)
        change = Markup(NumberFormat.decimals(2).signed(comparison.change))
        before = Self.side("Before training", comparison.before)
        after = Self.side("After step \(comparison.after.step)", comparison.after)
        if comparison.after.verdicts.isEmpty, let rating = comparison.after.rating {
            criteria = [Self.row(rating, before: comparison.before.rating)]
            summary = Markup("What the judge says")
        } else {
            criteria = comparison.after.verdicts.map { verdict in
                Self.row(verdict, before: comparison.before.verdicts.first { $0.id.isExactly(verdict.id) })
            }
            let changed = criteria.count { !$0.changed.html.isEmpty }
            summary = Markup("Verdicts: \(changed) of \(criteria.count) criteria changed")
        }
        open = .trusted(isOpen ? " open" : "")
    }

    private static func side(_ heading: String, _ completion: GradedCompletion) -> Side {
        let isCut = completion.stopReason == "max_tokens"
        return Side(
            heading: Markup(heading),
            reward: Markup(completion.reward.map(NumberFormat.decimals(2).text) ?? "unscored"),
            text: EvidenceMarks(completion.text, verdicts: completion.verdicts).markup,
            ending: isCut ? Markup("cut at the token limit") : nil
        )
    }

    private static func row(_ verdict: VerdictRecord, before: VerdictRecord?) -> CriterionRow {
        let tags = [verdict.kind?.rawValue, verdict.importance?.rawValue].compactMap(\.self).joined(separator: " · ")
        return CriterionRow(
            id: Markup(verdict.id),
            title: Markup(verdict.title),
            tags: Markup(tags),
            changed: .trusted(before?.credited == verdict.credited ? "" : " changed"),
            before: before.map(cell) ?? Markup("–"),
            after: cell(verdict)
        )
    }

    private static func row(_ rating: RatingRecord, before: RatingRecord?) -> CriterionRow {
        CriterionRow(
            id: Markup(""),
            title: Markup("Rating"),
            tags: Markup(""),
            changed: .trusted(before?.value == rating.value ? "" : " changed"),
            before: before.map(cell) ?? Markup("–"),
            after: cell(rating)
        )
    }

    /// The number and the judge's reason.
    private static func cell(_ rating: RatingRecord) -> Markup {
        let number = rating.value.map { NumberFormat.decimals($0 == $0.rounded() ? 0 : 1).text($0) } ?? "–"
        let reason = rating.failure.map { "\($0.cause.rawValue): \($0.detail)" } ?? rating.reason
        return .element("span", ["class": "sign"], Markup(number))
            + .element("span", ["class": "reason"], Markup(reason))
    }

    /// A sign, its meaning for readers who do not see it, and the judge's reason.
    private static func cell(_ verdict: VerdictRecord) -> Markup {
        let (sign, name, word) =
            switch (verdict.credited, verdict.outcome) {
            case (true?, _): ("✓", "good", "credited")
            case (false?, .cannotAssess): ("?", "bad", "not credited, cannot be assessed")
            case (false?, _): ("✗", "bad", "not credited")
            case (nil, _): ("–", "none", "not judged")
            }
        let reason = verdict.failure.map { "\($0.cause.rawValue): \($0.detail)" } ?? verdict.reason
        return .element("span", ["class": "sign \(name)", "aria-hidden": "true"], Markup(sign))
            + .element("span", ["class": "unseen"], Markup("\(word). "))
            + .element("span", ["class": "reason"], Markup(reason.isEmpty ? word : reason))
    }
}
