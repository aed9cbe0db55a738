// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Turns a table's columns into the members of a rubric row.
enum TableCells {
    /// Columns that hold lists or mappings; in a CSV file they are written as JSON.
    private static let structured: Set<String> = [
        "criteria", "rubric", "rubrics", "tags", "example_tags", "metadata", "provenance", "ideal_completions_data",
    ]

    /// The members of a CSV file's row: what has to be a list or a mapping is read, empty cells are left out.
    ///
    /// - Parameters:
    ///   - columns: The cells, each a text or null.
    ///   - name: What errors call the row.
    /// - Returns: The members.
    /// - Throws: `DocumentError` for a cell that has to be JSON and is none.
    static func members(of columns: JSONObject, named name: String) throws -> JSONObject {
        JSONObject(
            try columns.members.compactMap { column, value in
                guard let text = value.string else { return nil }
                if structured.contains(column) {
                    return text.isEmpty
                        ? nil : (column, try JSONParser.parse(Array(text.utf8), file: "\(name), \(column)"))
                }
                return (column, column == "prompt" ? messages(text) ?? value : value)
            }
        )
    }

    /// A prompt's messages, where its text is a JSON list of them.
    private static func messages(_ text: String) -> JSONValue? {
        guard text.utf8.first == UInt8(ascii: "["), let list = try? JSONParser.parse(Array(text.utf8), file: "") else {
            return nil
        }
        let isMessages = list.array?.isEmpty == false && list.array?.allSatisfy { $0["role"] != nil } == true
        return isMessages ? list : nil
    }
}
