// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Rubrics

/// What a prompt came to, as files keep it, with what a summary counts.
package struct SynthesisLine: Sendable {
    /// The rubric row, without a line end; `nil` where the prompt has no rubric.
    package var rubric: [UInt8]?
    /// The line of what was kept aside: a prompt, or items of a rubric that stands; `nil` for nothing.
    package var aside: [UInt8]?
    /// The number of items in the rubric.
    package var itemCount = 0
    /// The number of items kept aside.
    package var asideCount = 0
    /// Whether the reference answer was written by a model.
    package var isReferenceWritten = false
    /// Why the prompt has no rubric.
    package var reason: SetAside.Reason?
    /// What it cost.
    package var usage = CallUsage.zero

    /// The line of a prompt.
    ///
    /// - Parameters:
    ///   - line: Where the prompt stands, from 1.
    ///   - outcome: What became of it.
    package init(line: Int, _ outcome: SynthesizedRow) {
        usage = outcome.usage
        asideCount = outcome.aside.count
        switch outcome.rubric {
        case .success(let task):
            rubric = task.json.utf8()
            itemCount = task.criteria.count
            isReferenceWritten = task.provenance?.reference == .generated
            guard !outcome.aside.isEmpty else { return }
            let detail = "\(outcome.aside.count) item\(outcome.aside.count == 1 ? "" : "s") of a rubric that stands"
            aside = Self.aside(line, outcome, SetAside(.items, detail), hasRubric: true)
        case .failure(let reason):
            self.reason = reason.reason
            aside = Self.aside(line, outcome, reason, hasRubric: false)
        }
    }

    /// The line of a line that is no prompt.
    ///
    /// - Parameters:
    ///   - line: Where it stands, from 1.
    ///   - error: What is wrong with it.
    package init(line: Int, _ error: DocumentError) {
        reason = .invalidRow
        let object: JSONValue = [
            "line": .integer(line), "id": .null, "has_rubric": false,
            "reason": .string(SetAside.Reason.invalidRow.word), "detail": .string(error.description), "items": [],
        ]
        aside = object.utf8()
    }

    /// The bytes that are held until the line is written.
    package var byteCount: Int { (rubric?.count ?? 0) + (aside?.count ?? 0) }

    private static func aside(
        _ line: Int,
        _ outcome: SynthesizedRow,
        _ reason: SetAside,
        hasRubric: Bool
    ) -> [UInt8] {
        let items = outcome.aside.map { item -> JSONValue in
            ["item": item.said, "complaints": .array(item.complaints.map(JSONValue.string))]
        }
        let object: JSONValue = [
            "line": .integer(line), "id": .string(outcome.row.id), "has_rubric": .bool(hasRubric),
            "reason": .string(reason.reason.word), "detail": .string(reason.detail), "items": .array(items),
        ]
        return object.utf8()
    }
}
