// SPDX-License-Identifier: Apache-2.0

import Runs
import Synthesis

/// Everything that the template of a page on rubrics shows.
struct StatisticsPage {
    /// A section of plots.
    struct Section {
        let id: Markup
        let title: Markup
        let intro: Markup
        let figures: [Markup]
    }

    let title: Markup
    let style: Markup
    let headline: Markup
    let facts: [ReportPage.Fact]
    let notice: Markup?
    let sections: [Section]

    init(_ statistics: RubricStatistics, name: String, sections: [Section]) {
        let rows = ProgressText.grouped(statistics.rows)
        title = Markup("\(name): \(rows) rubrics")
        style = .trusted(ReportColors.styleSheet + ReportStyle.text + ".column{fill:currentColor}\n")
        headline = Markup(name)
        let mean = statistics.criteriaCounts.mean.map { NumberFormat.decimals(1).text($0) } ?? "–"
        facts = [
            ("rubrics", rows), ("criteria", ProgressText.grouped(statistics.criteria)), ("criteria a rubric", mean),
            ("rows with undecided polarity", ProgressText.grouped(statistics.undecidedRows)),
        ].map { .init(label: Markup($0.0), value: Markup($0.1)) }
        notice =
            statistics.malformed == 0
            ? nil : Markup("\(ProgressText.grouped(statistics.malformed)) rows could not be read and are not counted.")
        self.sections = sections
    }
}

/// The page's template. Every value in it is a ``Markup``, which is escaped where it is made; hence three braces.
enum StatisticsTemplate {
    static let page = """
        {{> head}}
        <body>
        <header class="wrap">
        <p class="kicker">Rubrics</p>
        <h1>{{{headline}}}</h1>
        {{#notice}}
        <p class="notice" role="note">{{{.}}}</p>
        {{/notice}}
        <dl class="facts">
        {{#facts}}
        <div><dt>{{{label}}}</dt><dd>{{{value}}}</dd></div>
        {{/facts}}
        </dl>
        </header>
        <nav aria-label="Sections"><ul>
        {{#sections}}
        <li><a href="#{{{id}}}">{{{title}}}</a></li>
        {{/sections}}
        </ul></nav>
        <main>
        {{#sections}}
        <section id="{{{id}}}"><div class="wrap">
        <h2>{{{title}}}</h2>
        <p>{{{intro}}}</p>
        <div class="plots">
        {{#figures}}
        {{{.}}}
        {{/figures}}
        </div>
        </div></section>
        {{/sections}}
        </main>
        </body>
        </html>

        """
}
