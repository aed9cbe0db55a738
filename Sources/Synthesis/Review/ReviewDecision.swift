// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// One thing that a reviewer did.
package struct ReviewDecision: Sendable, Hashable {
    /// What was done.
    package enum Action: String, Sendable, Hashable, CaseIterable {
        /// Found right as it stands, earlier edits included.
        case accepted
        /// Changed; this accepts it too.
        case edited
        /// Taken out.
        case rejected
        /// The last decision before this one is taken back.
        case undone
    }

    /// The identifier of the row.
    package var row: String
    /// The row's content hash when it was looked at; a decision about a row that has changed since says nothing.
    package var rubric: String
    /// The identifier of the criterion; `nil` for the rubric as a whole.
    package var criterion: String?
    /// What was done.
    package var action: Action
    /// The criterion as edited.
    package var edit: CriterionEdit?
    /// Who did it.
    package var reviewer: String?
    /// When, in ISO 8601.
    package var time: String

    /// Makes a decision.
    package init(
        row: String,
        rubric: String,
        criterion: String? = nil,
        action: Action,
        edit: CriterionEdit? = nil,
        reviewer: String? = nil,
        time: String
    ) {
        self.row = row
        self.rubric = rubric
        self.criterion = criterion
        self.action = action
        self.edit = edit
        self.reviewer = reviewer
        self.time = time
    }
}

extension ReviewDecision {
    /// A line of the log.
    var json: JSONValue {
        var object: JSONObject = ["row": .string(row), "rubric": .string(rubric)]
        object["criterion"] = criterion.map(JSONValue.string)
        object["action"] = .string(action.rawValue)
        object["edit"] = edit?.json
        object["reviewer"] = reviewer.map(JSONValue.string)
        object["time"] = .string(time)
        return .object(object)
    }

    init(_ place: DocumentCursor) throws {
        try place.requireKeys(["row", "rubric", "criterion", "action", "edit", "reviewer", "time"])
        let action = try place.required("action").choice(Action.self)
        let edit = try place.member("edit").map(CriterionEdit.init)
        if (action == .edited) != (edit != nil) {
            throw place.error("an edit stands exactly beside the action \"edited\"", remedy: "correct the line")
        }
        self.init(
            row: try place.required("row").text(),
            rubric: try place.required("rubric").text(),
            criterion: try place.member("criterion")?.text(),
            action: action,
            edit: edit,
            reviewer: try place.member("reviewer")?.text(),
            time: try place.required("time").text()
        )
    }
}
