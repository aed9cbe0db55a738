// SPDX-License-Identifier: Apache-2.0

import Runs

/// Shares over evaluations, one row a criterion.
struct HeatMap: Sendable, Hashable {
    /// A row of shares; a row without cells is a heading.
    struct Row: Sendable, Hashable {
        var label: String
        /// How many completions an evaluation judged.
        var completions = 0
        /// The share at each column; `nil` where nothing was judged.
        var cells: [Double?] = []
        var isSummary = false
        /// Whether the label names a fault, which the share counts where it is avoided.
        var isAvoided = false
    }

    var title: String
    var note: String
    /// The columns' names: the steps of the evaluations.
    var columns: [String]
    var rows: [Row]

    private static let labelWidth = 218.0
    private static let changeWidth = 60.0
    private static let countWidth = 70.0
    private static let cellHeight = 26.0

    /// Few columns are wider, so that the map fills the page's width better.
    private var cellWidth: Double { min(64, max(46, 620 / Double(columns.count))) }

    var figure: PlotFigure? {
        guard !columns.isEmpty, rows.contains(where: { !$0.cells.isEmpty }) else { return nil }
        return PlotFigure(title: title, note: note, drawing: drawing, table: table, scrolls: true)
    }

    private var table: DataTable {
        let rows = rows.filter { !$0.cells.isEmpty }.map { row in
            [row.label + (row.isAvoided ? " (avoided)" : "")]
                + row.cells.map { $0.map(NumberFormat.percent.text) ?? "–" } + [change(row), String(row.completions)]
        }
        return DataTable(columns: ["Criterion"] + columns.map { "Step \($0)" } + ["Change", "Judged"], rows: rows)
    }

    private var drawing: Markup {
        let width = changeEdge + Self.countWidth
        var y = 30.0
        var content = [head]
        for row in rows {
            if row.cells.isEmpty { y += 10 }
            content.append(draw(row, at: y))
            y += Self.cellHeight
        }
        let label = "\(title). One row a criterion, one column an evaluation; the numbers are in the table below."
        return Drawing.svg(label, width: width, height: y + 6, fixed: true, content)
    }

    private var head: Markup {
        let names = columns.enumerated().map { index, name in
            Drawing.text(name, "tick", at: (center(of: index), 18), anchor: "middle")
        }
        let step = Drawing.text("step", "tick", at: (Self.labelWidth - 10, 18), anchor: "end")
        let change = Drawing.text("change", "tick", at: (changeEdge, 18), anchor: "end")
        let count = Drawing.text("judged", "tick", at: (changeEdge + 64, 18), anchor: "end")
        return .joined([step] + names + [change, count])
    }

    private func draw(_ row: Row, at y: Double) -> Markup {
        guard !row.cells.isEmpty else {
            return Drawing.text(row.label, "rowgroup", at: (0, y + 17), anchor: "start")
        }
        let label = Markup.element(
            "text",
            ["class": row.isSummary ? "row summary" : "row", "x": "0", "y": Drawing.coordinate(y + 17)],
            Markup(Self.shortened(row.label, to: row.isAvoided ? 24 : 31)),
            row.isAvoided ? .element("tspan", ["class": "tick", "dx": "5"], Markup("avoided")) : Markup(""),
            .element("title", [:], Markup(row.label))
        )
        let cells = row.cells.enumerated().map { index, share in draw(share, column: index, row: row, y: y) }
        let change = Drawing.text(change(row), "change", at: (changeEdge, y + 17), anchor: "end")
        let count = ProgressText.grouped(row.completions)
        let judged = Drawing.text(count, "tick", at: (changeEdge + 64, y + 17), anchor: "end")
        return .joined([label] + cells + [change, judged])
    }

    private func draw(_ share: Double?, column: Int, row: Row, y: Double) -> Markup {
        guard let share else {
            return Drawing.text("–", "tick", at: (center(of: column), y + 17), anchor: "middle")
        }
        let text = NumberFormat.percent.text(share)
        let left = Self.labelWidth + cellWidth * Double(column)
        let box = Markup.element(
            "rect",
            [
                "class": "cell", "x": Drawing.coordinate(left + 1), "y": Drawing.coordinate(y + 1),
                "width": Drawing.coordinate(cellWidth - 2), "height": Drawing.coordinate(Self.cellHeight - 2),
                "rx": "3", "fill-opacity": Self.opacity(share),
            ]
        )
        let number = String(text.dropLast())
        let name = "value \(HeatShade(share).rawValue)"
        let tip = Markup.element("title", [:], Markup("\(row.label), step \(columns[column]): credited in \(text)"))
        let label = Drawing.text(number, name, at: (center(of: column), y + 17), anchor: "middle")
        return .element("g", [:], box, label, tip)
    }

    private func center(of column: Int) -> Double {
        Self.labelWidth + cellWidth * (Double(column) + 0.5)
    }

    private var changeEdge: Double {
        Self.labelWidth + cellWidth * Double(columns.count) + Self.changeWidth
    }

    private func change(_ row: Row) -> String {
        guard row.cells.count > 1, let first = row.cells.first ?? nil, let last = row.cells.last ?? nil else {
            return ""
        }
        return NumberFormat.decimals(0).signed((last - first) * 100)
    }

    static func opacity(_ share: Double) -> String {
        NumberFormat.decimals(2).text(0.05 + 0.95 * min(max(share, 0), 1))
    }

    /// Cuts a label to what stands beside the cells; the whole one is in the tool tip and the table.
    private static func shortened(_ label: String, to length: Int) -> String {
        label.count <= length ? label : label.prefix(length - 1).trimmingSuffix { $0 == " " } + "…"
    }
}

/// How dark a cell is, which decides the colour of the number on it.
enum HeatShade: String, Sendable, Hashable {
    case weak
    case middle
    case strong

    /// The shade of a share's cell; the bounds are where black or white on the cell is read better.
    init(_ share: Double) {
        let opacity = 0.05 + 0.95 * min(max(share, 0), 1)
        self = opacity < 0.55 ? .weak : opacity < 0.75 ? .middle : .strong
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = String(self)
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
