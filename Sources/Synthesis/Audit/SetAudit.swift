// SPDX-License-Identifier: Apache-2.0

package import Rubrics
import Runs

/// What the audits of a set's rubrics come to.
package struct SetAudit: Sendable {
    /// How many rubrics were tried.
    package private(set) var count = 0
    /// The trust of each rubric that could be tried, in order.
    package private(set) var trusts: [Double] = []
    /// How many rubrics have each kind of finding.
    package private(set) var findings: [AuditFinding.Kind: Int] = [:]
    /// Each measure's sum and number, by its name.
    private var sums: [String: (sum: Double, count: Int)] = [:]

    /// Makes a set without rubrics.
    package init() {}

    /// Counts a rubric.
    package mutating func add(_ audit: RubricAudit) {
        count += 1
        if let trust = audit.trust { trusts.append(trust) }
        for kind in Set(audit.findings.map(\.kind)) { findings[kind, default: 0] += 1 }
        for (name, value) in audit.measures.byName {
            guard let value else { continue }
            sums[name, default: (0, 0)].sum += value
            sums[name, default: (0, 0)].count += 1
        }
    }

    /// The mean trust; `nil` where no rubric could be tried.
    package var trust: Double? {
        trusts.isEmpty ? nil : trusts.reduce(0, +) / Double(trusts.count)
    }

    /// The mean of each measure, by the names that files use.
    package var means: [(name: String, value: Double?)] {
        AuditMeasures().byName.map { name, _ in (name, sums[name].map { $0.sum / Double($0.count) }) }
    }

    /// The set as `audit.json` keeps it.
    package var json: JSONValue {
        [
            "rubrics": .integer(count), "tried": .integer(trusts.count), "trust": JSONValue(trust, JSONValue.number),
            "measures": .object(JSONObject(means.map { (key: $0.name, value: JSONValue($0.value, JSONValue.number)) })),
            "findings": .object(
                JSONObject(
                    AuditFinding.Kind.allCases.compactMap { kind in
                        findings[kind].map { (key: kind.rawValue, value: .integer($0)) }
                    }
                )
            ),
        ]
    }
}
