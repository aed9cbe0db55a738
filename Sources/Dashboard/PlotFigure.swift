// SPDX-License-Identifier: Apache-2.0

import Runs

/// A colour's role in a plot; the style sheet gives each role a colour for light and for dark pages.
enum PlotColor: String, Sendable, Hashable {
    case main
    case quiet
    case content
    case form
    case essential
    case important
    case optional
    case pitfall
}

/// A drawing with its caption and its numbers as a table, for readers who cannot see the drawing.
struct PlotFigure: Sendable, Hashable {
    /// What is shown.
    var title: String
    /// Units and how to read it.
    var note: String
    /// The drawing.
    var drawing: Markup
    /// The numbers.
    var table: DataTable
    /// Whether the drawing keeps its size and scrolls sideways where the page is narrow.
    var scrolls = false

    var markup: Markup {
        let box = Markup.element(
            "div",
            scrolls
                ? ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": title] : ["class": "drawing"],
            drawing
        )
        let caption = Markup.element(
            "figcaption",
            [:],
            .element("strong", [:], Markup(title)),
            .element("span", ["class": "note"], Markup(note))
        )
        return .element("figure", [:], caption, box, table.markup)
    }
}

/// Rows and columns of text behind a fold.
struct DataTable: Sendable, Hashable {
    /// The columns' names; the first column names the rows.
    var columns: [String]
    /// The rows' texts.
    var rows: [[String]]

    /// The table behind a fold.
    var markup: Markup {
        .element(
            "details",
            ["class": "data"],
            .element("summary", [:], Markup("Numbers")),
            .element("div", ["class": "scroll", "tabindex": "0"], bare)
        )
    }

    /// The table alone.
    var bare: Markup {
        let head = Markup.element("tr", [:], columns.map { .element("th", ["scope": "col"], Markup($0)) })
        let body = rows.map { row in
            Markup.element(
                "tr",
                [:],
                row.enumerated().map { index, text in
                    index == 0 ? .element("th", ["scope": "row"], Markup(text)) : .element("td", [:], Markup(text))
                }
            )
        }
        return .element("table", [:], .element("thead", [:], head), .element("tbody", [:], body))
    }
}

/// Coordinates and paths of a drawing.
enum Drawing {
    /// A coordinate with at most one decimal.
    static func coordinate(_ value: Double) -> String {
        let tenths = value.isFinite ? Int((min(max(value, -1e6), 1e6) * 10).rounded()) : 0
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        let sign = tenths < 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }

    /// A path through points.
    static func path(_ points: [(x: Double, y: Double)], closed: Bool = false) -> String {
        let steps = points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(coordinate(point.x)) \(coordinate(point.y))"
        }
        return steps.joined() + (closed ? "Z" : "")
    }

    static func line(_ name: String, from: (x: Double, y: Double), to: (x: Double, y: Double)) -> Markup {
        .element(
            "line",
            [
                "class": name, "x1": coordinate(from.x), "y1": coordinate(from.y), "x2": coordinate(to.x),
                "y2": coordinate(to.y),
            ]
        )
    }

    /// A text at a point, its anchor `start`, `middle` or `end`.
    static func text(_ text: String, _ name: String, at point: (x: Double, y: Double), anchor: String) -> Markup {
        .element(
            "text",
            ["class": name, "x": coordinate(point.x), "y": coordinate(point.y), "text-anchor": anchor],
            Markup(text)
        )
    }

    /// A drawing of a size in its own units, scaled to the width of the page or kept at its own.
    static func svg(_ label: String, width: Double, height: Double, fixed: Bool = false, _ content: [Markup]) -> Markup
    {
        let size = "\(coordinate(width)) \(coordinate(height))"
        return fixed
            ? .element(
                "svg",
                [
                    "viewBox": "0 0 \(size)", "width": coordinate(width), "height": coordinate(height), "role": "img",
                    "aria-label": label,
                ],
                content
            )
            : .element("svg", ["viewBox": "0 0 \(size)", "role": "img", "aria-label": label], content)
    }
}
