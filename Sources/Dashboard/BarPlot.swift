// SPDX-License-Identifier: Apache-2.0

import Runs

/// Counts of names as bars from the left.
struct BarPlot: Sendable, Hashable {
    /// One name.
    struct Row: Sendable, Hashable {
        var label: String
        var count: Int
        var color = PlotColor.main
    }

    var title: String
    var note: String
    /// What is counted, as the table's column says it.
    var unit: String
    var rows: [Row]

    private static let width = 460.0
    private static let rowHeight = 26.0
    private static let labelWidth = 150.0
    private static let numberWidth = 112.0

    /// The plot as a figure; `nil` where nothing was counted.
    var figure: PlotFigure? {
        guard total > 0 else { return nil }
        return PlotFigure(title: title, note: note, drawing: drawing, table: table)
    }

    private var total: Int { rows.reduce(0) { $0 + $1.count } }

    private func share(_ row: Row) -> String {
        NumberFormat.decimals(1).text(100 * Double(row.count) / Double(max(1, total))) + "%"
    }

    private var drawing: Markup {
        let largest = Double(max(1, rows.map(\.count).max() ?? 1))
        let scale = PlotScale(domain: 0...largest, start: Self.labelWidth, end: Self.width - Self.numberWidth)
        let bars = rows.enumerated().map { draw($1, at: Self.rowHeight * Double($0), scale) }
        let words = rows.map { "\($0.label) \(ProgressText.grouped($0.count))" }.joined(separator: ", ")
        return Drawing.svg("\(title): \(words).", width: Self.width, height: Self.rowHeight * Double(rows.count), bars)
    }

    private func draw(_ row: Row, at top: Double, _ scale: PlotScale) -> Markup {
        let text = "\(ProgressText.grouped(row.count))\u{2002}"
        let bar = Markup.element(
            "rect",
            [
                "class": "column \(row.color.rawValue)", "x": Drawing.coordinate(scale.start),
                "y": Drawing.coordinate(top + 5),
                "width": Drawing.coordinate(
                    max(row.count > 0 ? 1 : 0, scale.position(Double(row.count)) - scale.start)
                ),
                "height": Drawing.coordinate(Self.rowHeight - 10), "rx": "2",
            ],
            .element("title", [:], Markup("\(row.label): \(ProgressText.grouped(row.count)), \(share(row))"))
        )
        let label = Drawing.text(shortened(row.label), "row", at: (0, top + 17), anchor: "start")
        let end = scale.position(Double(row.count)) + 8
        let number = Markup.element(
            "text",
            ["class": "value", "x": Drawing.coordinate(end), "y": Drawing.coordinate(top + 17)],
            Markup(text),
            .element("tspan", ["class": "tick"], Markup(share(row)))
        )
        return .joined([label, bar, number])
    }

    /// A label that fits; the table has the whole one.
    private func shortened(_ label: String) -> String {
        let scalars = label.unicodeScalars
        return scalars.count <= 21 ? label : String(String.UnicodeScalarView(scalars.prefix(20))) + "…"
    }

    private var table: DataTable {
        DataTable(
            columns: ["", unit, "Share"],
            rows: rows.map { [$0.label, ProgressText.grouped($0.count), share($0)] }
        )
    }
}
