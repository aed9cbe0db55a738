// SPDX-License-Identifier: Apache-2.0

package import Rubrics
import Runs

extension RubricAudit {
    /// The audit as `audit.json` keeps it.
    package var json: JSONValue {
        [
            "id": .string(task), "content_hash": .string(contentHash), "trust": JSONValue(trust, JSONValue.number),
            "measures": .object(
                JSONObject(measures.byName.map { (key: $0.name, value: JSONValue($0.value, JSONValue.number)) })
            ),
            "findings": .array(findings.map(\.json)), "criteria": .array(parts.map(\.id).map(JSONValue.string)),
            "probes": .array(grades.map(\.json)),
        ]
    }
}

extension AuditFinding {
    /// The finding as `audit.json` keeps it.
    package var json: JSONValue {
        var object: JSONObject = ["kind": .string(kind.rawValue)]
        object["criterion"] = criterion.map(JSONValue.string)
        object["other"] = other.map(JSONValue.string)
        object["evidence"] = .string(evidence)
        return .object(object)
    }

    /// Reads a finding of `audit.json`.
    ///
    /// - Throws: `DocumentError` at the first thing that is wrong.
    package init(_ place: DocumentCursor) throws {
        self.init(
            try place.required("kind").choice(Kind.self),
            criterion: try place.member("criterion")?.text(),
            other: try place.member("other")?.text(),
            evidence: try place.required("evidence").text()
        )
    }
}

extension ProbeGrade {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "id": .string(probe.id), "kind": .string(probe.kind.rawValue),
            "reward": JSONValue(reward, JSONValue.number),
        ]
        object["unscored"] = unscored.map(JSONValue.string)
        if !credited.isEmpty { object["credited"] = .array(credited.map { JSONValue($0, JSONValue.bool) }) }
        object["response"] = .string(probe.text)
        return .object(object)
    }
}

/// What an audit said of a rubric, read back.
package struct AuditVerdict: Sendable, Hashable {
    /// The row's identifier.
    package var task: String
    /// The content hash of the rubric that was tried.
    package var contentHash: String
    /// How far it can be trusted; `nil` where it could not be tried.
    package var trust: Double?
    /// What is wrong with it.
    package var findings: [AuditFinding]

    /// Makes a verdict.
    package init(task: String, contentHash: String, trust: Double?, findings: [AuditFinding]) {
        self.task = task
        self.contentHash = contentHash
        self.trust = trust
        self.findings = findings
    }

    /// Reads the entries of `audit.json`.
    ///
    /// - Parameter document: The file.
    /// - Returns: One verdict for each rubric, in the file's order.
    /// - Throws: `DocumentError` at the first thing that is wrong.
    package static func all(in document: Document) throws -> [AuditVerdict] {
        try document.root.required("rubrics").elements().map { place in
            AuditVerdict(
                task: try place.required("id").text(),
                contentHash: try place.required("content_hash").text(),
                trust: try place.member("trust")?.number(),
                findings: try place.required("findings").elements().map(AuditFinding.init)
            )
        }
    }
}
