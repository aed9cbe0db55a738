// SPDX-License-Identifier: Apache-2.0

import Mustache
import Rubrics
import Runs
package import Synthesis

/// The page of an audit: one HTML file that needs nothing else.
package struct AuditPage {
    /// What the page is about.
    package struct Heading: Sendable {
        /// The file of rubrics.
        package var file: String
        /// Who judged.
        package var judge: String
        /// The method's name.
        package var method: String

        /// Makes a heading.
        package init(file: String, judge: String, method: String) {
            self.file = file
            self.judge = judge
            self.method = method
        }
    }

    let title: Markup
    let style: Markup
    let kicker: Markup
    let headline: Markup
    let detail: Markup
    let measures: Markup
    let findings: Markup
    let shown: Markup
    let rubrics: [AuditedRubricView]

    /// Makes the page.
    ///
    /// - Parameters:
    ///   - heading: What it is about.
    ///   - set: What all rubrics come to.
    ///   - worst: The rubrics that are shown one by one, the least trusted first.
    package init(_ heading: Heading, set: SetAudit, worst: [RubricAudit]) {
        let trust = set.trust.map { NumberFormat.decimals(2).text($0) } ?? "unknown"
        title = Markup("\(heading.file): trust \(trust)")
        style = .trusted(ReportColors.styleSheet + ReportStyle.text + AuditTemplate.style)
        kicker = Markup("\(heading.file) · \(heading.method) · judged by \(heading.judge)")
        headline = Markup("Trust \(trust) over \(ProgressText.grouped(set.count)) rubrics")
        detail = Markup(Self.detail(set))
        measures = Self.measures(set)
        findings = Self.findings(set)
        shown = Markup(
            worst.count < set.count ? "The \(worst.count) that can be trusted least." : "The least trusted first."
        )
        rubrics = worst.map(AuditedRubricView.init)
    }

    /// The page.
    ///
    /// - Returns: The HTML.
    /// - Throws: An error of the template engine, which a correct build never does.
    package func html() throws -> String {
        try AuditTemplate.library().render(self, withTemplate: "page") ?? ""
    }

    private static func detail(_ set: SetAudit) -> String {
        let doubtful = set.trusts.count { $0 < 0.5 }
        let rest = set.count - set.trusts.count
        return "\(ProgressText.grouped(doubtful)) of \(ProgressText.grouped(set.trusts.count)) are below 0.5."
            + (rest > 0 ? " \(ProgressText.grouped(rest)) could not be tried: they have no good answer." : "")
    }

    private static func measures(_ set: SetAudit) -> Markup {
        let rows = set.means.compactMap { name, value in
            value.map { [name, NumberFormat.decimals(3).text($0), meanings[name] ?? ""] }
        }
        return DataTable(columns: ["Measure", "Mean", "What it is"], rows: rows).bare
    }

    private static let meanings = [
        "discrimination": "the chance that a good answer gets more than a bad one; 0.5 is chance",
        "separation": "the mean reward of good answers less that of bad ones",
        "monotonicity": "how often less of the answer gets less; 0.5 is chance",
        "spread": "the deviation of the rewards of a policy's answers",
        "live_weight": "the share of the weight that tells responses apart",
        "hackability": "what an answer that says nothing gets, as a share of a good answer's reward",
        "stability": "the share of verdicts that stay when asked again",
        "order_invariance": "the share of verdicts that stay when the rubric is turned round",
    ]

    private static func findings(_ set: SetAudit) -> Markup {
        let rows = AuditFinding.Kind.allCases.compactMap { kind in
            set.findings[kind].map { [kind.rawValue, ProgressText.grouped($0), kind.meaning] }
        }
        guard !rows.isEmpty else { return .element("p", [:], Markup("Nothing was found wrong.")) }
        return DataTable(columns: ["Finding", "Rubrics", "What it is"], rows: rows).bare
    }
}
