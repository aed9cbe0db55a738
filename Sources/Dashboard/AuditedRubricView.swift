// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis

/// What the template shows of one rubric: its findings, and every verdict on every response.
struct AuditedRubricView {
    let id: Markup
    let trust: Markup
    let question: Markup
    let findings: [Markup]
    let table: Markup

    init(_ audit: RubricAudit) {
        id = Markup(audit.task)
        trust = Markup(audit.trust.map(NumberFormat.decimals(2).text) ?? "unknown")
        question = Markup(audit.question)
        findings = audit.findings.map { finding in
            let place = finding.criterion.map { "\($0) " } ?? ""
            return .element("b", [:], Markup("\(place)\(finding.kind.rawValue)")) + Markup(": \(finding.evidence)")
        }
        table = Self.table(audit)
    }

    /// One row a response with its reward and a mark for each criterion.
    private static func table(_ audit: RubricAudit) -> Markup {
        let names = audit.parts.map { part in
            Markup.element("th", ["scope": "col", "title": "\(part.title): \(part.statement)"], Markup(part.id))
        }
        let head = Markup.element(
            "tr",
            [:],
            [.element("th", ["scope": "col"], Markup("Response")), .element("th", ["scope": "col"], Markup("Reward"))]
                + names
        )
        let rows = audit.grades.map { row($0, audit.parts) }
        return .element("table", ["class": "trials"], .element("thead", [:], head), .element("tbody", [:], rows))
    }

    private static func row(_ grade: ProbeGrade, _ parts: [RubricAudit.Part]) -> Markup {
        let name = Markup.element(
            "th",
            ["scope": "row", "class": name(of: grade.probe.kind.standing), "title": grade.probe.text],
            Markup(grade.probe.id)
        )
        let reward = Markup.element(
            "td",
            ["title": grade.unscored ?? ""],
            Markup(grade.reward.map(NumberFormat.decimals(2).text) ?? "–")
        )
        let marks = parts.indices.map { place in
            mark(grade.credited.indices.contains(place) ? grade.credited[place] : nil)
        }
        return .element("tr", [:], [name, reward] + marks)
    }

    private static func mark(_ credited: Bool?) -> Markup {
        switch credited {
        case true?: .element("td", ["class": "earned"], Markup("+"))
        case false?: .element("td", ["class": "missed"], Markup("–"))
        case nil: .element("td", ["class": "open"], Markup("?"))
        }
    }

    private static func name(of standing: AuditProbe.Standing) -> String {
        switch standing {
        case .good: "good"
        case .bad: "bad"
        case .hack: "hack"
        case .open: "open"
        }
    }
}
