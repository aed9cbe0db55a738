// SPDX-License-Identifier: Apache-2.0

/// Draws a line plot: grid and axes, bands, curves, points with tool tips, names at the curves' ends.
struct LinePlotDrawing {
    private let plot: LinePlot
    private let width: Double
    private let height: Double
    private let x: PlotScale
    private let y: PlotScale
    private let xTicks: AxisTicks
    private let yTicks: AxisTicks

    /// Lays the plot out; every series must have a point.
    init(_ plot: LinePlot) {
        self.plot = plot
        let isSmall = plot.size == .small
        (width, height) = isSmall ? (340, 176) : (460, 264)
        let isNamed = plot.series.count > 1
        let longest = plot.series.map(\.name.count).max() ?? 0
        let right = isNamed ? width - 12 - 8 * Double(longest) : width - 12
        let domain = Self.domain(of: plot, ticks: isSmall ? 3 : 4)
        y = PlotScale(domain: domain, start: height - 28, end: 10)
        yTicks = AxisTicks(in: domain, count: isSmall ? 3 : 4)
        let steps = plot.series.flatMap { $0.points.map { Double($0.step) } }
        let (first, last) = (steps.min() ?? 0, steps.max() ?? 1)
        x = PlotScale(domain: first...max(first + 1e-9, last), start: 46, end: right)
        xTicks = AxisTicks(wholeIn: first...last, count: isSmall ? 4 : 5)
    }

    var markup: Markup {
        let layers = grid + plot.series.flatMap(band) + plot.series.flatMap(curve) + names
        return Drawing.svg(label, width: width, height: height, layers)
    }

    private static func domain(of plot: LinePlot, ticks: Int) -> ClosedRange<Double> {
        let points = plot.series.flatMap(\.points)
        var low = points.map { min($0.value, $0.band?.lowerBound ?? $0.value) }.min() ?? 0
        var high = points.map { max($0.value, $0.band?.upperBound ?? $0.value) }.max() ?? 1
        if plot.includesZero { (low, high) = (min(0, low), max(0, high)) }
        if let bounds = plot.bounds {
            low = max(low, bounds.lowerBound)
            high = max(low, min(high, bounds.upperBound))
        }
        return AxisTicks.widened(low...high, count: ticks, within: plot.bounds)
    }

    private var label: String {
        let curves = plot.series.map { series -> String in
            guard let first = series.points.first, let last = series.points.last else { return series.name }
            return "\(series.name) from \(plot.format.text(first.value)) at step \(first.step)"
                + " to \(plot.format.text(last.value)) at step \(last.step)"
        }
        return "\(plot.title): \(curves.joined(separator: "; "))."
    }

    private var grid: [Markup] {
        let horizontal = yTicks.values.flatMap { value in
            [
                Drawing.line("grid", from: (x.start, y.position(value)), to: (x.end, y.position(value))),
                Drawing.text(tickText(value), "tick", at: (x.start - 8, y.position(value) + 4), anchor: "end"),
            ]
        }
        let vertical = xTicks.values.map { value in
            let text = NumberFormat.decimals(0).text(value)
            return Drawing.text(text, "tick", at: (x.position(value), height - 8), anchor: "middle")
        }
        let axis = Drawing.line("axis", from: (x.start, y.start), to: (x.end, y.start))
        let name = Drawing.text("step", "tick", at: (x.start - 8, height - 8), anchor: "end")
        return horizontal + [axis] + vertical + [name]
    }

    private func tickText(_ value: Double) -> String {
        switch plot.format {
        case .percent: plot.format.text(value)
        case .significant where abs(value) >= 1e5 || (value != 0 && abs(value) < 1e-3): plot.format.text(value)
        case .significant, .decimals: NumberFormat.decimals(yTicks.decimals).text(value)
        }
    }

    private func place(_ point: LinePlot.Point) -> (x: Double, y: Double) {
        (x.position(Double(point.step)), y.position(clamped(point.value)))
    }

    private func clamped(_ value: Double) -> Double {
        min(max(value, y.domain.lowerBound), y.domain.upperBound)
    }

    private func band(_ series: LinePlot.Series) -> [Markup] {
        let banded = series.points.compactMap { point in point.band.map { (Double(point.step), $0) } }
        guard banded.count > 1 else { return banded.map { errorBar(at: $0.0, $0.1, series.color) } }
        let upper = banded.map { (x: x.position($0.0), y: y.position(clamped($0.1.upperBound))) }
        let lower = banded.reversed().map { (x: x.position($0.0), y: y.position(clamped($0.1.lowerBound))) }
        let path = Drawing.path(upper + lower, closed: true)
        return [.element("path", ["class": "band \(series.color.rawValue)", "d": path])]
    }

    private func errorBar(at step: Double, _ band: ClosedRange<Double>, _ color: PlotColor) -> Markup {
        Drawing.line(
            "bar \(color.rawValue)",
            from: (x.position(step), y.position(clamped(band.lowerBound))),
            to: (x.position(step), y.position(clamped(band.upperBound)))
        )
    }

    private func curve(_ series: LinePlot.Series) -> [Markup] {
        let isLine = series.mark == .line && series.points.count > 1
        let path = Markup.element(
            "path",
            ["class": "line \(series.color.rawValue)", "d": Drawing.path(series.points.map(place))]
        )
        return (isLine ? [path] : []) + series.points.map { dot($0, of: series) }
    }

    /// A point; on a dense line it is seen only under the pointer, but its tool tip is always there.
    private func dot(_ point: LinePlot.Point, of series: LinePlot.Series) -> Markup {
        let isDense = series.mark == .line && series.points.count > 16
        let name = series.mark == .dots ? "dot faint" : isDense ? "dot dense" : "dot"
        let (cx, cy) = place(point)
        let band = point.band.map { " (\(plot.format.text($0)))" } ?? ""
        let tip = "Step \(point.step), \(series.name): \(plot.format.text(point.value))\(band)"
        return .element(
            "circle",
            [
                "class": "\(name) \(series.color.rawValue)", "cx": Drawing.coordinate(cx), "cy": Drawing.coordinate(cy),
                "r": series.mark == .dots ? "2.2" : isDense ? "4" : "3.2",
            ],
            .element("title", [:], Markup(tip))
        )
    }

    /// The names beside the curves' ends, pushed apart where they would overlap.
    private var names: [Markup] {
        guard plot.series.count > 1 else { return [] }
        let gap = 16.0
        let ends = plot.series.compactMap { series in series.points.last.map { (series, place($0).y) } }
            .sorted { $0.1 < $1.1 }
        var heights = ends.map(\.1)
        for index in heights.indices.dropFirst() { heights[index] = max(heights[index], heights[index - 1] + gap) }
        let overflow = max(0, (heights.last ?? 0) - (height - 32))
        heights = heights.map { $0 - overflow }
        for index in heights.indices.dropLast().reversed() {
            heights[index] = min(heights[index], heights[index + 1] - gap)
        }
        return zip(ends, heights).map { end, height in
            Drawing.text(end.0.name, "name \(end.0.color.rawValue)", at: (x.end + 9, height + 4), anchor: "start")
        }
    }
}
