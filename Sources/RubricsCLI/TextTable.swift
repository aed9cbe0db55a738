// SPDX-License-Identifier: Apache-2.0

/// Rows of text in aligned columns.
struct TextTable {
    /// A column's title and where its cells stand.
    struct Column {
        var title: String
        /// Whether cells end at the column's right edge, as numbers do.
        var isNumeric: Bool

        static func text(_ title: String) -> Self { Self(title: title, isNumeric: false) }
        static func number(_ title: String) -> Self { Self(title: title, isNumeric: true) }
    }

    let columns: [Column]
    var rows: [[String]] = []

    /// The titles and the rows, a line each.
    var lines: [String] {
        let cells = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in cells.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return cells.map { row in
            let padded = columns.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].unicodeScalars.count)
                return columns[column].isNumeric ? space + row[column] : row[column] + space
            }
            let line = padded.joined(separator: "  ").unicodeScalars
            return String(String.UnicodeScalarView(line.reversed().drop { $0 == " " }.reversed()))
        }
    }
}
