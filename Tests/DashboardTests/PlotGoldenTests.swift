// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs
import Testing

@testable import Dashboard

/// Drawings compared with files under Tests/Goldens/Dashboard, which `RECORD_GOLDENS=1 swift test` rewrites.
struct PlotGoldenTests {
    private func expectGolden(_ figure: PlotFigure?, _ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/Dashboard")
        let file = folder.appendingPathComponent(name)
        let text = try #require(figure).markup.html.replacingOccurrences(of: "><", with: ">\n<") + "\n"
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "the drawing differs from \(name); look at it, then record it with RECORD_GOLDENS=1")
    }

    private func points(_ values: [Double?], band: Double? = nil) -> [LinePlot.Point] {
        values.enumerated().compactMap { step, value in
            value.map { value in
                LinePlot.Point(
                    step: step * 10,
                    value: value,
                    band: value.isNaN ? nil : band.map { (value - $0)...(value + $0) }
                )
            }
        }
    }

    @Test("Curves with bands, a curve without points left out, names pushed apart")
    func linePlot() throws {
        let plot = LinePlot(
            title: "Pass <rates>",
            note: "Shares & such.",
            series: [
                .init(name: "content", color: .content, points: points([0.4, 0.42, 0.41], band: 0.05)),
                .init(name: "form", color: .form, points: points([0.1, .nan, 0.43], band: 0.1)),
                .init(name: "none", color: .quiet, points: []),
            ],
            format: .percent,
            bounds: 0...1
        )
        try expectGolden(plot.figure, "line-plot.html")
    }

    @Test("A single point with an interval is a bar; dots have no line")
    func sparsePlot() throws {
        let plot = LinePlot(
            title: "Held-out",
            note: "One evaluation.",
            series: [
                .init(name: "held-out", color: .main, points: points([0.4], band: 0.05)),
                .init(name: "each", color: .quiet, points: points([0.3, 0.5]), mark: .dots),
            ],
            size: .small
        )
        try expectGolden(plot.figure, "sparse-plot.html")
    }

    @Test("A heat map with a heading, a summary row and a missing cell")
    func heatMap() throws {
        let map = HeatMap(
            title: "Held-out criteria",
            note: "Percent.",
            columns: ["0", "10", "20"],
            rows: [
                .init(label: "Content"), .init(label: "All", completions: 240, cells: [0, 0.5, 1], isSummary: true),
                .init(label: "Recommends aspirin", completions: 12, cells: [0.2, 0.4, 0.6], isAvoided: true),
                .init(
                    label: "A title that is much too long to stand beside its cells",
                    completions: 4,
                    cells: [0.3, nil, 0.1]
                ),
            ]
        )
        try expectGolden(map.figure, "heat-map.html")
    }

    @Test("Changes with and without an interval")
    func changePlot() throws {
        let plot = ChangePlot(
            title: "Before and after",
            note: "Means.",
            rows: [
                .init(
                    label: "All",
                    color: .main,
                    before: 0.3,
                    after: 0.6,
                    difference: .init(mean: 0.3, low: 0.25, high: 0.35)
                ),
                .init(label: "Form", color: .form, before: 0.9, after: 0.8),
            ],
            bounds: 0...1
        )
        try expectGolden(plot.figure, "change-plot.html")
    }

    @Test("Plots without values are no figures")
    func emptyPlots() {
        #expect(LinePlot(title: "", note: "", series: []).figure == nil)
        let empty = LinePlot.Series(name: "x", color: .main, points: [.init(step: 1, value: .nan)])
        #expect(LinePlot(title: "", note: "", series: [empty]).figure == nil)
        #expect(HeatMap(title: "", note: "", columns: ["0"], rows: [.init(label: "x")]).figure == nil)
        #expect(ChangePlot(title: "", note: "", rows: []).figure == nil)
    }

    @Test("No value, however wild, puts a coordinate that is no number into a drawing", arguments: 0..<200)
    func wildValues(seed: UInt64) throws {
        var generator = TestGenerator(seed: seed)
        let wild: [Double] = [0, -0.0, .infinity, -.infinity, .nan, 1e300, -1e300, .leastNonzeroMagnitude, 1, 1e-12]
        let values = (0..<6).map { _ in generator.next() < 0.5 ? wild[Int(generator.next() * 10)] : generator.next() }
        let plot = LinePlot(title: "t", note: "n", series: [.init(name: "s", color: .main, points: points(values))])
        let html = plot.figure?.drawing.html ?? ""
        #expect(!html.contains("=\"nan") && !html.contains("=\"inf") && !html.contains("=\"-inf"))
    }
}
