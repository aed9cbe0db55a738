// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// Everything that the page's template shows.
struct ReportPage {
    /// A number about the run.
    struct Fact {
        let label: Markup
        let value: Markup
    }

    /// An entry of the page's navigation.
    struct Section {
        let id: Markup
        let title: Markup
    }

    /// A section of plots.
    struct PlotSection {
        let id: Markup
        let title: Markup
        let intro: Markup
        let layout: Markup
        let figures: [Markup]
    }

    /// The section of completions side by side.
    struct Comparisons {
        let intro: Markup
        let prompts: [ComparisonView]
    }

    /// The section of counts by reason.
    struct Unscored {
        let intro: Markup
        let table: Markup
    }

    let title: Markup
    let style: Markup
    let name: Markup
    let kicker: Markup?
    let headline: Markup
    let detail: Markup
    let learned: Markup?
    let notices: [Markup]
    let facts: [Fact]
    let change: Markup?
    let sections: [Section]
    let plotSections: [PlotSection]
    let comparisons: Comparisons?
    let healthSections: [PlotSection]
    let unscored: Unscored?
    let recipe: Markup?

    init(_ history: RunHistory) {
        let lastStep = history.metrics.last?.step
        let finding = Finding(
            comparison: history.comparison,
            heldOut: history.heldOut,
            lastStep: history.summary?.steps ?? lastStep,
            isFinished: history.summary != nil
        )
        title = Markup("\(history.name): \(finding.headline)")
        style = .trusted(ReportColors.styleSheet + ReportStyle.text)
        name = Markup(history.name)
        kicker = Self.kicker(history).map { Markup($0) }
        headline = Markup(finding.headline)
        detail = Markup(finding.detail)
        learned = finding.learned.map { Markup($0) }
        notices = Self.notices(history).map { Markup($0) }
        facts = Self.facts(history)
        change = Self.change(history)
        plotSections = Self.plotSections(history)
        comparisons = Self.comparisons(history)
        healthSections = Self.healthSections(history)
        unscored = Self.unscored(history)
        recipe = history.recipe.map { Markup($0) }
        let examples = comparisons.map { _ in Section(id: Markup("examples"), title: Markup("Before and after")) }
        let uncounted = unscored.map { _ in Section(id: Markup("unscored"), title: Markup("Without a reward")) }
        let made = recipe.map { _ in Section(id: Markup("recipe"), title: Markup("Recipe")) }
        let plots = plotSections.map { Section(id: $0.id, title: $0.title) }
        let health = healthSections.map { Section(id: $0.id, title: $0.title) }
        let rest = [examples].compactMap(\.self) + health + [uncounted, made].compactMap(\.self)
        sections = [Section(id: Markup("result"), title: Markup("Result"))] + plots + rest
    }
}

extension ReportPage {
    private static func kicker(_ history: RunHistory) -> String? {
        guard let steps = history.metrics.last?.step, steps > 0 else { return nil }
        return "\(steps) steps, \(ProgressText.grouped(history.rollouts)) rollouts"
    }

    private static func notices(_ history: RunHistory) -> [String] {
        let notes = history.summary?.notes ?? []
        guard history.summary == nil else { return notes }
        return ["This run has not ended: it has no summary.json, and its figures go up to the last finished step."]
    }

    private static func facts(_ history: RunHistory) -> [Fact] {
        guard let summary = history.summary else { return [] }
        let values = [
            ("a step", ProgressText.rate(summary.secondsPerStep) + " s"),
            ("sampling", NumberFormat.significant.text(summary.decodeTokensPerSecond) + " tok/s"),
            ("peak memory", ByteCount.text(summary.peakMemoryBytes)),
            ("seed", String(summary.seed)),
        ]
        return values.map { Fact(label: Markup($0.0), value: Markup($0.1)) }
    }

    private static func change(_ history: RunHistory) -> Markup? {
        guard let comparison = history.comparison else { return nil }
        let changes: [(String, PlotColor, RunSummary.Change?)] = [
            ("All criteria", .main, comparison.change), ("Content", .content, comparison.byKind[.content]),
            ("Form", .form, comparison.byKind[.form]),
        ]
        let rows = changes.compactMap { label, color, change in
            change.map {
                ChangePlot.Row(
                    label: label,
                    color: color,
                    before: $0.before,
                    after: $0.after,
                    difference: $0.difference
                )
            }
        }
        let values = rows.flatMap { [$0.before, $0.after] }
        return ChangePlot(
            title: "Held-out reward before and after training",
            note: "Hollow: before. Filled: after, with the 95% interval of the paired difference.",
            rows: rows,
            bounds: values.allSatisfy { (0...1).contains($0) } ? 0...1 : nil
        ).figure?.markup
    }

    private static func plotSections(_ history: RunHistory) -> [PlotSection] {
        let curves = TrainingCurves(history)
        let heat = CriterionGrid(history.heldOut).map?.figure
        let titles = "Criteria with the same title and kind are one row, whichever prompts they belong to."
        return [
            section(
                "curves",
                "Reward",
                "How the reward moved in training, and on prompts held out of it.",
                "plots",
                curves.results
            ),
            section(
                "changes",
                "What changed",
                "Which criteria the policy came to satisfy, and how long its answers became.",
                "plots",
                curves.changes
            ),
            section(
                "criteria",
                "Criteria",
                "Where the held-out reward comes from. \(titles)",
                "heat",
                [heat].compactMap(\.self)
            ),
        ].compactMap(\.self)
    }

    private static func healthSections(_ history: RunHistory) -> [PlotSection] {
        let intro = "How the training itself went: what was cut, how the policy moved, how fast it was."
        return [section("health", "Training", intro, "plots small", TrainingCurves(history).health)].compactMap(\.self)
    }

    private static func section(
        _ id: String,
        _ title: String,
        _ intro: String,
        _ layout: String,
        _ figures: [PlotFigure]
    ) -> PlotSection? {
        guard !figures.isEmpty else { return nil }
        return PlotSection(
            id: Markup(id),
            title: Markup(title),
            intro: Markup(intro),
            layout: Markup(layout),
            figures: figures.map(\.markup)
        )
    }

    private static func comparisons(_ history: RunHistory) -> Comparisons? {
        let chosen = PromptComparison.chosen(from: history.heldOut)
        guard !chosen.isEmpty else { return nil }
        let intro = """
            Completions of the same held-out prompt and seed: the prompts that gained most, those near the median, and those \
            that lost most or gained least. Of each prompt's samples, the pair shown is the one whose difference is nearest \
            to the prompt's mean.
            """
        let marks = """
             Marked passages bear on the criterion that is named beside them: shaded green where they earned its weight, red \
            with a wavy line where they show a fault, dotted where the statement is not met.
            """
        let hasMarks = chosen.contains { !$0.before.verdicts.isEmpty || !$0.after.verdicts.isEmpty }
        let prompts = chosen.enumerated().map { ComparisonView($1, isOpen: $0 == 0) }
        return Comparisons(intro: Markup(hasMarks ? intro + marks : intro), prompts: prompts)
    }

    private static func unscored(_ history: RunHistory) -> Unscored? {
        let (training, heldOut) = (history.unscored, history.heldOut.unscored)
        let reasons = Set(training.keys).union(heldOut.keys).sorted()
        guard !reasons.isEmpty else { return nil }
        let rows = reasons.map { [$0, String(training[$0] ?? 0), String(heldOut[$0] ?? 0)] }
        let total = training.values.reduce(0, +)
        let share = NumberFormat.significant.text(100 * Double(total) / Double(max(1, history.rollouts)))
        let intro = """
            Where a judge fails, a completion has no reward: it is left out of means and losses and never counts as 0. \
            That happened to \(ProgressText.grouped(total)) of \(ProgressText.grouped(history.rollouts)) rollouts (\(share)%).
            """
        let table = DataTable(columns: ["Reason", "Training", "Held-out"], rows: rows)
        return Unscored(intro: Markup(intro), table: table.bare)
    }
}
