// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dashboard

struct MarkupTests {
    @Test(arguments: [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("\"'", "&quot;&#39;"),
        ("<\u{338}script>", "&lt;\u{338}script&gt;"),
        ("\"\u{338} onload=", "&quot;\u{338} onload="),
        ("a\r\nb", "a\nb"),
        ("\u{0}\u{1B}\u{7F}\u{85}\tx", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\tx"),
        ("ĠG\u{307}é", "ĠG\u{307}é"),
    ])
    func escapes(text: String, html: String) {
        #expect(Array(Markup(text).html.unicodeScalars) == Array(html.unicodeScalars))
    }

    @Test("Attributes are escaped, content is kept, empty elements close themselves")
    func elements() {
        let inner = Markup.element("b", [:], Markup("1 < 2"))
        #expect(Markup.element("p", ["title": "\"x\""], inner).html == "<p title=\"&quot;x&quot;\"><b>1 &lt; 2</b></p>")
        #expect(Markup.element("line", ["x1": "0"]).html == "<line x1=\"0\"/>")
        #expect(Markup.element("td", [:], Markup("")).html == "<td></td>")
    }
}

struct NumberFormatTests {
    @Test(arguments: [
        (NumberFormat.decimals(2), 0.345, "0.35"), (.decimals(2), -0.345, "−0.35"), (.decimals(2), -0.001, "0.00"),
        (.percent, 0.5, "50%"), (.percent, 0, "0%"), (.significant, 912.4, "912"), (.significant, 12_345, "12,345"),
        (.significant, 0.0112, "0.0112"), (.significant, 0.00004, "4.0e−5"), (.significant, 3.4e9, "3.40G"),
        (.significant, 0, "0.00"), (.decimals(1), .nan, "–"),
    ])
    func texts(format: NumberFormat, value: Double, text: String) {
        #expect(format.text(value) == text)
    }

    @Test(arguments: [(0.24, "+0.24"), (-0.24, "−0.24"), (0.001, "0.00"), (-0.001, "0.00")])
    func signed(value: Double, text: String) {
        #expect(NumberFormat.decimals(2).signed(value) == text)
    }
}

struct AxisTicksTests {
    @Test(arguments: [
        (0.0...1.0, 4, [0, 0.25, 0.5, 0.75, 1], 2), (0.31...0.69, 4, [0.4, 0.5, 0.6], 1),
        (0...40, 5, [0, 10, 20, 30, 40], 0),
        (0...0.0013, 3, [0, 0.0005, 0.001], 4), (-3...3, 3, [-2, 0, 2], 0), (880...940, 3, [880, 900, 920, 940], 0),
    ])
    func roundNumbers(range: ClosedRange<Double>, count: Int, values: [Double], decimals: Int) {
        let ticks = AxisTicks(in: range, count: count)
        #expect(ticks.values.count == values.count)
        for (tick, value) in zip(ticks.values, values) { #expect(abs(tick - value) < 1e-9) }
        #expect(ticks.decimals == decimals)
    }

    @Test("Steps have whole ticks, however few there are", arguments: [0.0...1, 1...2, 0...3, 17...17, 0...1_000_000])
    func wholeTicks(range: ClosedRange<Double>) {
        let ticks = AxisTicks(wholeIn: range, count: 5)
        #expect(!ticks.values.isEmpty && ticks.values.count <= 7)
        #expect(ticks.values.allSatisfy { $0 == $0.rounded() && range.contains($0) })
    }

    @Test("A range is widened to round numbers but not beyond its bounds")
    func widens() {
        #expect(AxisTicks.widened(0.31...0.69, count: 4, within: nil) == 0.30000000000000004...0.7000000000000001)
        #expect(AxisTicks.widened(0.05...0.99, count: 4, within: 0...1) == 0...1)
        let flat = AxisTicks.widened(0.5...0.5, count: 4, within: 0...1)
        #expect(flat.lowerBound < 0.5 && flat.upperBound > 0.5)
        let zero = AxisTicks.widened(0...0, count: 3, within: 0...1)
        #expect(zero.lowerBound == 0 && zero.upperBound > 0)
    }

    @Test("Whatever the values, the range holds them and the ticks lie within", arguments: 0..<200)
    func alwaysContains(seed: UInt64) {
        var generator = TestGenerator(seed: seed)
        let scale = 20 * generator.next() - 10
        let (first, second) = ((generator.next() - 0.5) * .pow10(scale), (generator.next() - 0.5) * .pow10(scale))
        let range = min(first, second)...max(first, second)
        let widened = AxisTicks.widened(range, count: 4, within: nil)
        let slack = 1e-6 * (range.upperBound - range.lowerBound)
        #expect(widened.lowerBound <= range.lowerBound + slack && widened.upperBound >= range.upperBound - slack)
        let ticks = AxisTicks(in: widened, count: 4)
        #expect((2...8).contains(ticks.values.count))
    }
}
