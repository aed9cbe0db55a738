// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Rubrics

/// What became of a prompt.
package struct SynthesizedRow: Sendable {
    /// The prompt.
    package var row: PromptRow
    /// Its rubric, or why there is none.
    package var rubric: Result<RubricTask, SetAside>
    /// Items that are in no rubric.
    package var aside: [AsideItem] = []
    /// What it cost.
    package var usage = CallUsage.zero

    /// Makes an outcome.
    package init(_ row: PromptRow, rubric: Result<RubricTask, SetAside>) {
        self.row = row
        self.rubric = rubric
    }

    /// Makes an outcome that is still open.
    init(_ row: PromptRow) {
        self.init(row, rubric: .failure(SetAside(.failed(.incomplete), "nothing was asked")))
    }
}

/// A reference answer with where it comes from.
package struct WrittenReference: Sendable, Hashable {
    /// The answer; `nil` where there is none.
    package var text: String?
    /// Where it comes from.
    package var origin: Provenance.Reference
    /// The model that wrote it, where one did.
    package var model: String?

    /// Makes a reference.
    package init(_ text: String?, origin: Provenance.Reference, model: String? = nil) {
        self.text = text
        self.origin = origin
        self.model = model
    }

    /// What a row brings along.
    package init(of row: PromptRow) {
        self.init(row.referenceAnswer, origin: row.referenceAnswer == nil ? .none : .given)
    }
}
