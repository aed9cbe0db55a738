// SPDX-License-Identifier: Apache-2.0

import Mustache
import Runs
package import Synthesis

/// A page on what files of rubrics hold: one HTML file that needs nothing else.
package struct StatisticsReport: Sendable {
    private let statistics: RubricStatistics
    private let name: String

    private static let shownNames = 12

    /// Prepares the page.
    ///
    /// - Parameters:
    ///   - statistics: What was counted.
    ///   - name: What the files are called.
    package init(_ statistics: RubricStatistics, name: String) {
        self.statistics = statistics
        self.name = name
    }

    /// The page.
    ///
    /// - Throws: An error of the template engine, which a correct build never does.
    package func html() throws -> String {
        var library = MustacheLibrary()
        try library.register(PageHead.template, named: "head")
        try library.register(StatisticsTemplate.page, named: "page")
        return library.render(StatisticsPage(statistics, name: name, sections: sections), withTemplate: "page") ?? ""
    }

    private var sections: [StatisticsPage.Section] {
        [
            section("criteria", "Criteria", "What a rubric asks for.", [sizes, importances, polarities, weights]),
            section(
                "words",
                "Words",
                "Runs of text between white space.",
                [
                    words("A prompt", statistics.promptWords), words("A reference answer", statistics.referenceWords),
                    words("A criterion's description", statistics.descriptionWords),
                ]
            ),
            section(
                "deciding",
                "What decides",
                "Checks are programs; what has none goes to a judge.",
                [
                    bars(
                        "Decided by",
                        "Criteria by the check that decides them, or the judge.",
                        "Criteria",
                        statistics.checks
                    ),
                    bars("Kinds", "Criteria by what they look at.", "Criteria", statistics.kinds),
                ]
            ),
            section(
                "origins",
                "Where rows come from",
                "As the rows themselves say it.",
                [
                    bars("Domains", "Rows by field of knowledge.", "Rows", statistics.domains),
                    bars("Sources", "Rows by where their prompt comes from.", "Rows", statistics.sources),
                    bars("Strategies", "Rows by how their criteria came about.", "Rows", statistics.strategies),
                    bars("Models", "Rows by the model that wrote their criteria.", "Rows", statistics.models),
                    bars("Changes", "What was done to rows since, and by what.", "Changes", statistics.changes),
                ]
            ),
        ].compactMap(\.self)
    }

    private func section(
        _ id: String,
        _ title: String,
        _ intro: String,
        _ figures: [PlotFigure?]
    ) -> StatisticsPage.Section? {
        let figures = figures.compactMap { $0?.markup }
        guard !figures.isEmpty else { return nil }
        return .init(id: Markup(id), title: Markup(title), intro: Markup(intro), figures: figures)
    }

    private var sizes: PlotFigure? {
        Histogram(
            title: "Criteria a rubric",
            note: "Rubrics by their number of criteria.",
            unit: "criteria",
            distribution: statistics.criteriaCounts
        ).figure
    }

    private func words(_ title: String, _ distribution: Distribution) -> PlotFigure? {
        Histogram(title: title, note: "", unit: "words", distribution: distribution).figure
    }

    private var importances: PlotFigure? {
        BarPlot(
            title: "Importances",
            note: "Criteria by importance.",
            unit: "Criteria",
            rows: RubricStatistics.importanceNames.filter { statistics.importances[$0] > 0 }.map {
                .init(label: $0, count: statistics.importances[$0], color: PlotColor(rawValue: $0) ?? .quiet)
            }
        ).figure
    }

    private var polarities: PlotFigure? {
        let colors: [(String, PlotColor)] = [("positive", .main), ("negative", .pitfall), ("undecided", .optional)]
        return BarPlot(
            title: "Polarities",
            note:
                "Criteria by what meeting them means. Undecided ones, in \(ProgressText.grouped(statistics.undecidedRows)) "
                + "rows, give no reward until they are settled.",
            unit: "Criteria",
            rows: colors.map { .init(label: $0.0, count: statistics.polarities[$0.0], color: $0.1) }
        ).figure
    }

    /// The weights have no drawing that says more than their numbers.
    private var weights: PlotFigure? {
        let format = NumberFormat.decimals(2)
        let rows = RubricStatistics.importanceNames.compactMap { name in
            statistics.weights[name].map { weight in
                [name, ProgressText.grouped(weight.count)] + [weight.low, weight.mean, weight.high].map(format.text)
            }
        }
        guard !rows.isEmpty else { return nil }
        let table = DataTable(columns: ["Importance", "Criteria", "Smallest", "Mean", "Largest"], rows: rows)
        return PlotFigure(
            title: "Weights",
            note: "Of criteria that have one of their own, by importance.",
            drawing: table.bare,
            table: table
        )
    }

    private func bars(_ title: String, _ note: String, _ unit: String, _ counts: NameCounts) -> PlotFigure? {
        let ranked = counts.ranked
        let rest = ranked.dropFirst(Self.shownNames).reduce(counts.others) { $0 + $1.count }
        let rows = ranked.prefix(Self.shownNames).map { name, count in
            BarPlot.Row(label: name, count: count, color: name == RubricStatistics.none ? .quiet : .main)
        }
        let others = rest > 0 ? [BarPlot.Row(label: "others", count: rest, color: .quiet)] : []
        return BarPlot(title: title, note: note, unit: unit, rows: rows + others).figure
    }
}
