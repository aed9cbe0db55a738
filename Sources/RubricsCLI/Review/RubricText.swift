// SPDX-License-Identifier: Apache-2.0

import Dashboard
import Rubrics
import Runs

/// A rubric for people at a terminal; control characters are spelled out.
struct RubricText {
    let lines: [String]

    /// Lays a rubric out.
    ///
    /// - Parameters:
    ///   - task: The row.
    ///   - place: Where it stands.
    init(_ task: RubricTask, place: String) {
        let head = ["\(Self.shown(task.id))  (\(place))"] + Self.facts(task)
        let texts = Self.texts(task).flatMap { ["", $0.label, ShownText($0.text).indented()] }
        let groups = Importance.allCases.map(Optional.some) + [nil]
        let criteria = groups.flatMap { importance -> [String] in
            let group = task.criteria.filter { $0.importance == importance }
            guard !group.isEmpty else { return [] }
            let title = importance?.rawValue ?? "without importance"
            return ["", "\(title.prefix(1).uppercased())\(title.dropFirst())"]
                + group.flatMap { Self.lines($0, indentation: 2) }
        }
        lines = head + texts + criteria + Self.provenance(task)
    }

    private static func shown(_ text: String) -> String { ShownText(text).lines.joined(separator: " ") }

    private static func facts(_ task: RubricTask) -> [String] {
        let facts = [
            task.domain.map { "domain \(shown($0))" }, task.source.map { "source \(shown($0))" },
            task.tags.isEmpty ? nil : "tags \(task.tags.map(shown).joined(separator: ", "))",
        ].compactMap(\.self)
        return facts.isEmpty ? [] : [facts.joined(separator: "; ")]
    }

    private static func texts(_ task: RubricTask) -> [(label: String, text: String)] {
        let isOne = task.prompt.count == 1 && task.prompt[0].role == .user
        let prompt = task.prompt.map { (isOne ? "Prompt" : "Prompt, \($0.role.rawValue)", $0.content) }
        let answers = [("Reference answer", task.referenceAnswer), ("Plain answer", task.plainAnswer)]
        return prompt + answers.compactMap { label, text in text.map { (label, $0) } }
    }

    private static func lines(_ criterion: Criterion, indentation: Int) -> [String] {
        let space = String(repeating: " ", count: indentation)
        let weight = criterion.weight.map { "weight \($0)" }
        let words = [criterion.polarity.wording, weight, criterion.kind?.rawValue].compactMap(\.self)
        let title = criterion.title.isEmpty ? "" : " \(shown(criterion.title))"
        let ground = criterion.polarityGround.map { ground in
            let confidence = criterion.polarityConfidence.map { ", \(ProgressText.fixed(100 * $0, digits: 0))% sure" }
            return "polarity: \(shown(ground))\(confidence ?? "")"
        }
        let notes = [ground, criterion.check.map { "check: met when \(shown($0.wording))" }].compactMap(\.self)
        return ["\(space)\(shown(criterion.id))\(title)  (\(words.joined(separator: ", ")))"]
            + [ShownText(criterion.description).indented(by: indentation + 2)]
            + notes.map { "\(space)  \($0)" }
            + criterion.children.flatMap { lines($0, indentation: indentation + 2) }
    }

    private static func provenance(_ task: RubricTask) -> [String] {
        let provenance = task.provenance ?? Provenance()
        let facts = [
            provenance.strategy.map { "strategy  \(shown($0))" }, provenance.model.map { "model  \(shown($0))" },
            provenance.prompt.map { "prompt  \(shown($0))" }, provenance.reference.map { "reference  \($0.rawValue)" },
            provenance.referenceModel.map { "reference model  \(shown($0))" },
        ].compactMap(\.self)
        let parents = provenance.parents.map { "made from  \(shown($0))" }
        let changes = provenance.changes.map { change in
            let criterion = change.criterion.map { " \(shown($0))" } ?? ""
            return "\(shown(change.by)) \(shown(change.action))\(criterion): \(shown(change.reason))"
        }
        return ["", "Provenance"]
            + (facts + parents + changes + ["content hash  \(task.contentHash)"]).map { "  " + $0 }
    }
}
