// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis

/// A row of `rubrics diff`.
struct DifferenceText {
    private let row: RubricFileDifference.Row

    init(_ row: RubricFileDifference.Row) {
        self.row = row
    }

    /// For people.
    var lines: [String] {
        switch row {
        case .added(let task): ["+ \(shown(task.id))  (\(task.criteria.count) criteria)"]
        case .removed(let task): ["- \(shown(task.id))  (\(task.criteria.count) criteria)"]
        case .changed(let difference): ["~ \(shown(difference.id))"] + difference.changes.flatMap(lines)
        }
    }

    private func lines(_ change: RubricDifference.Change) -> [String] {
        switch change {
        case .added(let criterion): ["  + \(name(criterion)): \(shown(criterion.description))"]
        case .removed(let criterion): ["  - \(name(criterion)): \(shown(criterion.description))"]
        case .edited(let old, let new): ["  ~ \(name(new))"] + parts(old, new).map { "      \($0)" }
        case .text(let key, let old?, let new?): ["  ~ \(key): \(words(old, new))"]
        case .text(let key, nil, let new): ["  + \(key): \(shown(new ?? ""))"]
        case .text(let key, let old?, nil): ["  - \(key): \(shown(old))"]
        case .other(let what): ["  ~ \(what)"]
        }
    }

    private func name(_ criterion: Criterion) -> String {
        criterion.title.isEmpty ? shown(criterion.id) : "\(shown(criterion.id)) \(shown(criterion.title))"
    }

    /// What is different between two versions of a criterion, a line each.
    private func parts(_ old: Criterion, _ new: Criterion) -> [String] {
        let texts = [("id", old.id, new.id), ("title", old.title, new.title), ("", old.description, new.description)]
            .filter { !$0.1.isExactly($0.2) }
            .map { ($0.0.isEmpty ? "" : "\($0.0): ") + words($0.1, $0.2) }
        let values: [(String, String, String)] = [
            ("importance", old.importance?.rawValue ?? "none", new.importance?.rawValue ?? "none"),
            ("weight", old.weight.map { "\($0)" } ?? "none", new.weight.map { "\($0)" } ?? "none"),
            ("polarity", old.polarity.rawValue, new.polarity.rawValue),
            ("kind", old.kind?.rawValue ?? "none", new.kind?.rawValue ?? "none"),
            ("check", old.check?.wording ?? "none", new.check?.wording ?? "none"),
        ]
        let changed = values.filter { !$0.1.isExactly($0.2) }.map { "\($0.0): \(shown($0.1)) → \(shown($0.2))" }
        let rest = old.children != new.children ? ["children"] : []
        let ground = old.polarityGround.map(ExactText.init) != new.polarityGround.map(ExactText.init)
        let all =
            texts + changed + rest + (ground ? ["ground of the polarity: \(shown(new.polarityGround ?? "none"))"] : [])
        return all.isEmpty ? ["tags, metadata or confidence"] : all
    }

    private func words(_ old: String, _ new: String) -> String {
        WordDifference(old, new).pieces.map { piece in
            switch piece {
            case .same(let text): shown(text)
            case .removed(let text): "[-\(shown(text))-]"
            case .added(let text): "{+\(shown(text))+}"
            }
        }.joined()
    }

    private func shown(_ text: String) -> String { ShownText(text).lines.joined(separator: " ") }

    /// For machines.
    var json: JSONValue {
        switch row {
        case .added(let task): ["row": .string(task.id), "change": "added"]
        case .removed(let task): ["row": .string(task.id), "change": "removed"]
        case .changed(let difference):
            [
                "row": .string(difference.id), "change": "changed",
                "changes": .array(difference.changes.map(json)),
            ]
        }
    }

    private func json(_ change: RubricDifference.Change) -> JSONValue {
        switch change {
        case .added(let criterion): ["change": "added", "criterion": criterion.json]
        case .removed(let criterion): ["change": "removed", "criterion": criterion.json]
        case .edited(let old, let new): ["change": "edited", "old": old.json, "new": new.json]
        case .text(let key, let old, let new):
            [
                "change": "text", "key": .string(key), "old": old.map(JSONValue.string) ?? .null,
                "new": new.map(JSONValue.string) ?? .null,
            ]
        case .other(let what): ["change": "other", "what": .string(what)]
        }
    }
}
