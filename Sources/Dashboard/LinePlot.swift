// SPDX-License-Identifier: Apache-2.0

/// Curves over steps, each with a band where it has one.
struct LinePlot: Sendable, Hashable {
    /// A value at a step.
    struct Point: Sendable, Hashable {
        var step: Int
        var value: Double
        /// The ends of the value's interval.
        var band: ClosedRange<Double>?
    }

    /// One curve, or a cloud of dots.
    struct Series: Sendable, Hashable {
        enum Mark: Sendable, Hashable {
            case line
            case dots
        }

        var name: String
        var color: PlotColor
        var points: [Point]
        var mark = Mark.line
    }

    /// The space that a plot takes.
    enum Size: Sendable, Hashable {
        case regular
        case small
    }

    var title: String
    var note: String
    var series: [Series]
    var format = NumberFormat.decimals(2)
    /// What the values can be at all, so that an axis does not promise more.
    var bounds: ClosedRange<Double>?
    var includesZero = false
    var size = Size.regular

    /// The plot as a figure; `nil` where no series has a point.
    var figure: PlotFigure? {
        let drawn = series.filter { series in series.points.contains { Self.isDrawable($0.value) } }
        guard !drawn.isEmpty else { return nil }
        var plot = self
        plot.series = drawn.map { series in
            var series = series
            series.points.removeAll { !Self.isDrawable($0.value) }
            return series
        }
        return PlotFigure(title: title, note: note, drawing: LinePlotDrawing(plot).markup, table: plot.table)
    }

    /// Whether a value has a place on an axis; beyond, the axis's own arithmetic would overflow.
    private static func isDrawable(_ value: Double) -> Bool {
        abs(value) < 1e100
    }

    private var table: DataTable {
        let steps = Set(series.flatMap { $0.points.map(\.step) }).sorted()
        let rows = steps.map { step in
            [String(step)]
                + series.map { series in
                    guard let point = series.points.first(where: { $0.step == step }) else { return "" }
                    let band = point.band.map { " (\(format.text($0)))" }
                    return format.text(point.value) + (band ?? "")
                }
        }
        return DataTable(columns: ["Step"] + series.map(\.name), rows: rows)
    }
}
