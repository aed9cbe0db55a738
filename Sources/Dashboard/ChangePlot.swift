// SPDX-License-Identifier: Apache-2.0

import Runs

/// Means before and after training on one axis, with the interval of their paired difference.
struct ChangePlot: Sendable, Hashable {
    /// One comparison.
    struct Row: Sendable, Hashable {
        var label: String
        var color: PlotColor
        var before: Double
        var after: Double
        /// The paired difference; `nil` while the run goes on.
        var difference: Estimate?
    }

    var title: String
    var note: String
    var rows: [Row]
    var bounds: ClosedRange<Double>?

    private static let width = 460.0
    private static let rowHeight = 54.0

    var figure: PlotFigure? {
        guard !rows.isEmpty else { return nil }
        return PlotFigure(title: title, note: note, drawing: drawing, table: table)
    }

    private var scale: PlotScale {
        let ends = rows.flatMap { row in
            [row.before, row.after] + (row.difference.map { [row.before + $0.low, row.before + $0.high] } ?? [])
        }
        let range = (ends.min() ?? 0)...(ends.max() ?? 1)
        let domain = AxisTicks.widened(min(0, range.lowerBound)...range.upperBound, count: 5, within: bounds)
        return PlotScale(domain: domain, start: 6, end: Self.width - 10)
    }

    private var drawing: Markup {
        let scale = scale
        let bottom = Self.rowHeight * Double(rows.count) + 8
        let ticks = AxisTicks(in: scale.domain, count: 5)
        let grid = ticks.values.flatMap { value in
            let x = scale.position(value)
            return [
                Drawing.line("grid", from: (x, 24), to: (x, bottom)),
                Drawing.text(
                    NumberFormat.decimals(ticks.decimals).text(value),
                    "tick",
                    at: (x, bottom + 18),
                    anchor: value == ticks.values.first ? "start" : value == ticks.values.last ? "end" : "middle"
                ),
            ]
        }
        let lines = rows.enumerated().map { draw($1, at: Self.rowHeight * Double($0), scale: scale) }
        return Drawing.svg(label, width: Self.width, height: bottom + 26, grid + lines)
    }

    private func draw(_ row: Row, at top: Double, scale: PlotScale) -> Markup {
        let y = top + 38
        let (before, after) = (scale.position(row.before), scale.position(row.after))
        let texts = [
            Drawing.text(row.label, "name \(row.color.rawValue)", at: (scale.start, top + 18), anchor: "start"),
            .element(
                "text",
                [
                    "class": "value", "x": Drawing.coordinate(scale.end), "y": Drawing.coordinate(top + 18),
                    "text-anchor": "end",
                ],
                numbers(row)
            ),
        ]
        let interval = row.difference.map { difference in
            Drawing.line(
                "interval \(row.color.rawValue)",
                from: (scale.position(clamped(row.before + difference.low, scale)), y),
                to: (scale.position(clamped(row.before + difference.high, scale)), y)
            )
        }
        let link = Drawing.line("link \(row.color.rawValue)", from: (before, y), to: (after, y))
        let ends = [
            circle("end hollow", at: (before, y), "\(row.label), before training: \(precise(row.before))"),
            circle("end \(row.color.rawValue)", at: (after, y), "\(row.label), after: \(precise(row.after))"),
        ]
        return .joined(texts + [interval].compactMap(\.self) + [link] + ends)
    }

    private func precise(_ value: Double) -> String { NumberFormat.decimals(3).text(value) }

    private func clamped(_ value: Double, _ scale: PlotScale) -> Double {
        min(max(value, scale.domain.lowerBound), scale.domain.upperBound)
    }

    private func circle(_ name: String, at point: (x: Double, y: Double), _ tip: String) -> Markup {
        .element(
            "circle",
            ["class": name, "cx": Drawing.coordinate(point.x), "cy": Drawing.coordinate(point.y), "r": "5.5"],
            .element("title", [:], Markup(tip))
        )
    }

    /// The numbers of a row, the difference set off from what it is made of.
    private func numbers(_ row: Row) -> Markup {
        let change = "\(NumberFormat.decimals(3).text(row.before)) → \(NumberFormat.decimals(3).text(row.after))"
        guard let difference = row.difference else { return Markup(change) }
        return .element("tspan", ["class": "tick"], Markup("\(change):\u{2002}"))
            + .element("tspan", ["class": "delta"], Markup(NumberFormat.decimals(3).signed(difference.mean)))
            + .element("tspan", ["class": "tick"], Markup("\u{2002}(\(difference.range(decimals: 3)))"))
    }

    private func differenceText(_ row: Row) -> String {
        let format = NumberFormat.decimals(3)
        let change = "\(format.text(row.before)) → \(format.text(row.after))"
        return row.difference.map { "\(change): \(format.signed($0.mean)) (\($0.range(decimals: 3)))" } ?? change
    }

    private var label: String {
        "\(title): " + rows.map { "\($0.label) \(differenceText($0))" }.joined(separator: "; ") + "."
    }

    private var table: DataTable {
        let format = NumberFormat.decimals(3)
        return DataTable(
            columns: ["", "Before", "After", "Difference", "95% interval"],
            rows: rows.map { row in
                [
                    row.label, format.text(row.before), format.text(row.after), format.signed(row.after - row.before),
                    row.difference.map { $0.range(decimals: 3) } ?? "–",
                ]
            }
        )
    }
}
