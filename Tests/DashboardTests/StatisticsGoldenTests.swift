// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synthesis
import Testing

@testable import Dashboard

/// Drawings compared with files under Tests/Goldens/Dashboard, which `RECORD_GOLDENS=1 swift test` rewrites.
struct StatisticsGoldenTests {
    private func expectGolden(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/Dashboard/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" { try Data(text.utf8).write(to: file) }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "the drawing differs from \(name); look at it, then record it with RECORD_GOLDENS=1")
    }

    private func lines(_ figure: PlotFigure?) throws -> String {
        try #require(figure).markup.html.replacingOccurrences(of: "><", with: ">\n<") + "\n"
    }

    @Test("Bars with an empty row and a label that is too long")
    func bars() throws {
        let plot = BarPlot(
            title: "Importances",
            note: "Criteria & more.",
            unit: "Criteria",
            rows: [
                .init(label: "essential", count: 1200, color: .essential), .init(label: "<pitfall>", count: 3),
                .init(label: "a label that is much too long", count: 0),
            ]
        )
        try expectGolden(lines(plot.figure), "bar-plot.html")
        #expect(BarPlot(title: "", note: "", unit: "", rows: [.init(label: "x", count: 0)]).figure == nil)
    }

    @Test("Columns over whole numbers")
    func columns() throws {
        var distribution = Distribution()
        for number in [7, 7, 8, 10, 10, 10, 12] { distribution.add(number) }
        let plot = Histogram(title: "Criteria", note: "Rubrics.", unit: "criteria", distribution: distribution)
        try expectGolden(lines(plot.figure), "histogram.html")
        #expect(Histogram(title: "", note: "", unit: "", distribution: Distribution()).figure == nil)
    }
}
