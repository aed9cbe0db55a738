// SPDX-License-Identifier: Apache-2.0

import Runs
import Synthesis

/// How often whole numbers came up, as columns.
struct Histogram: Sendable, Hashable {
    var title: String
    var note: String
    /// What the numbers are, as the axis says it.
    var unit: String
    var distribution: Distribution

    private static let width = 460.0
    private static let height = 210.0
    private static let binLimit = 24

    /// The plot as a figure; `nil` where nothing was counted.
    var figure: PlotFigure? {
        guard distribution.count > 0 else { return nil }
        return PlotFigure(title: title, note: "\(note) \(summary)", drawing: drawing, table: table)
    }

    /// The mean, the median and the range in words.
    private var summary: String {
        guard let mean = distribution.mean, let median = distribution.quantile(0.5), let range = distribution.range
        else {
            return ""
        }
        return "Mean \(NumberFormat.decimals(1).text(mean)), median \(median), from \(range.lowerBound) to "
            + "\(range.upperBound)."
    }

    private var drawing: Markup {
        let bins = distribution.bins(limit: Self.binLimit)
        let largest = Double(bins.map(\.count).max() ?? 1)
        let domain = AxisTicks.widened(0...largest, count: 3, within: nil)
        let y = PlotScale(domain: domain, start: Self.height - 28, end: 10)
        let step = (Self.width - 64) / Double(bins.count)
        let grid = AxisTicks(in: domain, count: 3).values.flatMap { value in
            [
                Drawing.line("grid", from: (52, y.position(value)), to: (Self.width - 12, y.position(value))),
                Drawing.text(
                    ProgressText.grouped(Int(value.rounded())),
                    "tick",
                    at: (46, y.position(value) + 4),
                    anchor: "end"
                ),
            ]
        }
        let columns = bins.enumerated().map { place, bin in draw(bin, left: 52 + step * Double(place), step, y) }
        return Drawing.svg(
            "\(title). \(summary)",
            width: Self.width,
            height: Self.height,
            grid + columns + labels(bins, step)
        )
    }

    private func draw(_ bin: (values: ClosedRange<Int>, count: Int), left: Double, _ step: Double, _ y: PlotScale)
        -> Markup
    {
        let top = y.position(Double(bin.count))
        return .element(
            "rect",
            [
                "class": "column main", "x": Drawing.coordinate(left + 1), "y": Drawing.coordinate(top),
                "width": Drawing.coordinate(max(1, step - 2)), "height": Drawing.coordinate(y.start - top), "rx": "1",
            ],
            .element("title", [:], Markup("\(name(bin.values)) \(unit): \(ProgressText.grouped(bin.count))"))
        )
    }

    private func labels(_ bins: [(values: ClosedRange<Int>, count: Int)], _ step: Double) -> [Markup] {
        let every = max(1, (bins.count + 7) / 8)
        let marks = bins.enumerated().filter { $0.offset % every == 0 }.map { place, bin in
            Drawing.text(
                ProgressText.grouped(bin.values.lowerBound),
                "tick",
                at: (52 + step * (Double(place) + 0.5), Self.height - 10),
                anchor: "middle"
            )
        }
        return marks + [Drawing.line("axis", from: (52, Self.height - 28), to: (Self.width - 12, Self.height - 28))]
    }

    private func name(_ values: ClosedRange<Int>) -> String {
        values.count == 1 ? String(values.lowerBound) : "\(values.lowerBound)–\(values.upperBound)"
    }

    private var table: DataTable {
        DataTable(
            columns: [unit.prefix(1).uppercased() + unit.dropFirst(), "Count"],
            rows: distribution.bins(limit: Self.binLimit).map { [name($0.values), ProgressText.grouped($0.count)] }
        )
    }
}
