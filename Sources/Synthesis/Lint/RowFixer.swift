// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Applies safe fixes to a row as it is written; what they do not touch stays.
struct RowFixer {
    private let format: RubricFormat
    private var row: JSONValue

    /// The row with fixes applied.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - format: Its format.
    ///   - task: The row as it was read, for the identifiers of its criteria.
    ///   - findings: What to fix; findings without a fix are passed over.
    /// - Returns: The row, whose `provenance` says what was done where the format has one.
    static func fixed(_ row: JSONValue, format: RubricFormat, task: RubricTask, _ findings: [LintFinding]) -> JSONValue
    {
        var fixer = RowFixer(format: format, row: row)
        for finding in findings {
            switch finding.fix {
            case .repair(let repair, let field): fixer.change(field) { repair.repaired($0) }
            case .spellImportance(let importance, let path):
                fixer.change(.description(path)) { Self.spelt($0, importance) }
            case .remove, nil: break
            }
        }
        let removals = findings.compactMap { finding -> Int? in
            if case .remove(let path) = finding.fix { path.first } else { nil }
        }
        for position in removals.sorted(by: >) { fixer.remove(position, ids: task.criteria.map(\.id)) }
        if format == .native { fixer.note(findings) }
        return fixer.row
    }

    // MARK: - Texts

    private mutating func change(_ field: LintField, _ change: (String) -> String) {
        row = row.changing(path(of: field)[...]) { $0.string.map { .string(change($0)) } }
        if format == .rar, case .description(let path) = field, let position = path.first {
            row = row.changing([.key("rubric_list"), .index(position)]) { $0.string.map { .string(change($0)) } }
        }
    }

    private func path(of field: LintField) -> [JSONStep] {
        switch field {
        case .prompt(let message):
            if format == .rar { return [.key("question")] }
            return row["prompt"]?.string == nil
                ? [.key("prompt"), .index(message), .key("content")] : [.key("prompt")]
        case .referenceAnswer:
            return format == .healthBench
                ? [.key("ideal_completions_data"), .key("ideal_completion")] : [.key("reference_answer")]
        case .title(let path): return place(of: path) + [.key("title")]
        case .description(let path):
            return place(of: path) + [.key(format == .healthBench ? "criterion" : "description")]
        }
    }

    private func place(of path: [Int]) -> [JSONStep] {
        path.enumerated().flatMap { depth, position -> [JSONStep] in
            [.key(depth == 0 ? format.criteriaKey ?? "criteria" : "children"), .index(position)]
        }
    }

    private static func spelt(_ description: String, _ importance: Importance) -> String {
        let scalars = description.unicodeScalars
        guard let colon = scalars.firstIndex(of: ":") else { return description }
        let rest = scalars[scalars.index(after: colon)...].drop(while: \.isSpace)
        return importance.prefix + String(rest)
    }

    // MARK: - Criteria

    /// Takes a criterion out; criteria behind it keep the identifiers that they had by their places.
    private mutating func remove(_ position: Int, ids: [String]) {
        let format = format
        guard let key = format.criteriaKey else { return }
        row = row.changing([.key(key)]) { list in
            guard var elements = list.array, elements.indices.contains(position) else { return nil }
            if format == .native {
                for index in elements.indices.dropFirst(position + 1) where elements[index]["id"] == nil {
                    elements[index] = elements[index].named(ids[index])
                }
            }
            elements.remove(at: position)
            return .array(elements)
        }
        guard format == .rar else { return }
        row = row.changing([.key("rubric_list")]) { list in
            guard var elements = list.array, elements.indices.contains(position) else { return nil }
            elements.remove(at: position)
            return .array(elements)
        }
        row = row.changing([.key("rubric_count")]) { $0.int.map { .integer($0 - 1) } }
    }

    /// Writes down in a native row what was done.
    private mutating func note(_ findings: [LintFinding]) {
        guard var object = row.object else { return }
        var provenance = object["provenance"]?.object ?? JSONObject()
        var changes = provenance["changes"]?.array ?? []
        for finding in findings {
            guard let fix = finding.fix else { continue }
            var change: JSONObject = ["by": "lint", "action": fix.isRemoval ? "removed" : "edited"]
            change["criterion"] = finding.criterion.map(JSONValue.string)
            change["reason"] = .string("\(finding.rule.rawValue): \(finding.message)")
            changes.append(.object(change))
        }
        provenance["changes"] = .array(changes)
        object["provenance"] = .object(provenance)
        row = .object(object)
    }
}

extension LintFix {
    fileprivate var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }
}

extension RubricFormat {
    /// The key of the criteria, in the formats whose rows are mended in place; `nil` for the others.
    var criteriaKey: String? {
        switch self {
        case .native: "criteria"
        case .rar: "rubric"
        case .healthBench: "rubrics"
        default: nil
        }
    }

    /// The key of a criterion's weight.
    var weightKey: String { self == .healthBench ? "points" : "weight" }
}

/// A step down a JSON value.
private enum JSONStep {
    case key(String)
    case index(Int)
}

extension JSONValue {
    /// The value with the one at a path changed; the same where there is none, or `change` gives none.
    fileprivate func changing(_ path: ArraySlice<JSONStep>, _ change: (JSONValue) -> JSONValue?) -> JSONValue {
        switch (path.first, self) {
        case (nil, _): return change(self) ?? self
        case (.key(let key), .object(var object)):
            guard let member = object[key] else { return self }
            object[key] = member.changing(path.dropFirst(), change)
            return .object(object)
        case (.index(let index), .array(var elements)):
            guard elements.indices.contains(index) else { return self }
            elements[index] = elements[index].changing(path.dropFirst(), change)
            return .array(elements)
        default: return self
        }
    }

    /// The criterion with an identifier in front.
    fileprivate func named(_ id: String) -> JSONValue {
        guard let object else { return self }
        return .object(JSONObject([(key: "id", value: .string(id))] + object.members))
    }
}
