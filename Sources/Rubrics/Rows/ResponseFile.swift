// SPDX-License-Identifier: Apache-2.0

/// A response to be judged: a line of `responses.jsonl`.
public struct ResponseRow: Sendable, Hashable {
    /// The identifier, unique within its file.
    public var id: String
    /// The identifier of the rubric row that the response answers.
    public var task: String
    /// The response.
    public var response: String
    /// The task that the row itself carries, where it has a prompt of its own.
    public var ownTask: RubricTask?

    /// Makes a row.
    public init(id: String, task: String, response: String, ownTask: RubricTask? = nil) {
        self.id = id
        self.task = task
        self.response = response
        self.ownTask = ownTask
    }
}

/// A file of responses, read: JSON lines of `{"id", "response", "task"?}`, or with `prompt`, `criteria` and
/// `reference_answer` of their own.
public enum ResponseFile {
    private static let keys = ["id", "response", "task", "prompt", "criteria", "reference_answer"]

    /// The rows of a file, in file order.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: Its name, for errors.
    /// - Returns: The rows.
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    public static func rows(in bytes: [UInt8], file: String) throws -> [ResponseRow] {
        var rows: [ResponseRow] = []
        var ids: Set<ExactText> = []
        try Document.forEachJSONLine(of: bytes, file: file) { document in
            let row = try row(at: document.root)
            guard ids.insert(ExactText(row.id)).inserted else {
                throw document.root.error("duplicate row id \"\(row.id)\"", remedy: "give each response its own")
            }
            rows.append(row)
        }
        return rows
    }

    private static func row(at place: DocumentCursor) throws -> ResponseRow {
        try place.requireKeys(keys)
        let id = try place.required("id").identifier()
        let task = try place.member("task")?.identifier()
        var row = ResponseRow(id: id, task: task ?? id, response: try place.required("response").text())
        guard let prompt = try place.member("prompt")?.prompt() else {
            if let stray = place.member("criteria") ?? place.member("reference_answer") {
                throw stray.error("a rubric without a \"prompt\"", remedy: "add the prompt that the response answers")
            }
            return row
        }
        row.ownTask = RubricTask(
            id: row.task,
            prompt: prompt,
            referenceAnswer: try place.member("reference_answer")?.text(),
            criteria: place.member("criteria") == nil ? [] : try NativeRow(place).criteria()
        )
        return row
    }
}
