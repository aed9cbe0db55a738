// SPDX-License-Identifier: Apache-2.0

/// Writes progress: one line redrawn in place on a terminal, now and then a plain line elsewhere.
///
/// The clock and the sink are the caller's, so that tests need no terminal and no waiting.
public struct ProgressLine<Time: Clock> where Time.Duration == Duration {
    /// Where the text goes.
    public enum Style: Sendable, Hashable {
        /// A terminal of this width.
        case live(columns: Int)
        /// A file or a pipe.
        case plain
    }

    /// The time, for rates and redrawing.
    package let clock: Time
    private let style: Style
    private let sink: (String) -> Void
    private var isDrawn = false
    private var lastDrawn: Time.Instant

    /// Makes a progress line.
    ///
    /// - Parameters:
    ///   - clock: What measures time.
    ///   - style: Whether there is a terminal.
    ///   - sink: Takes the text, line ends and control sequences included.
    public init(clock: Time, style: Style, sink: @escaping (String) -> Void) {
        self.clock = clock
        self.style = style
        self.sink = sink
        lastDrawn = clock.now
    }

    /// Shows a state that the next one replaces.
    ///
    /// On a terminal at most ten a second are drawn; elsewhere a state is written when 30 seconds have passed in silence.
    public mutating func show(_ text: String) {
        let now = clock.now
        let age = lastDrawn.duration(to: now)
        switch style {
        case .live(let columns):
            guard !isDrawn || age >= .milliseconds(100) else { return }
            sink("\r\u{1B}[2K" + Self.fit(text, columns: columns))
            isDrawn = true
        case .plain:
            guard age >= .seconds(30) else { return }
            sink(text + "\n")
        }
        lastDrawn = now
    }

    /// Writes a line that stays.
    public mutating func write(_ line: String) {
        clear()
        sink(line + "\n")
        lastDrawn = clock.now
    }

    /// Removes the line that is drawn, before something else writes to the terminal.
    public mutating func clear() {
        guard isDrawn else { return }
        sink("\r\u{1B}[2K")
        isDrawn = false
    }

    /// Cuts a text to a terminal's width: a wrapped line could not be redrawn.
    private static func fit(_ text: String, columns: Int) -> String {
        let visible = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        guard visible.count >= columns, columns > 1 else { return String(String.UnicodeScalarView(visible)) }
        return String(String.UnicodeScalarView(visible.prefix(columns - 2))) + "…"
    }
}

/// Durations and counts in a few characters.
package enum ProgressText {
    /// A duration, for example `42 s`, `6:20`, `1:02:10`.
    package static func duration(_ duration: Duration) -> String {
        let seconds = max(0, Int(duration.seconds.rounded()))
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" }
        return minutes > 0 ? "\(minutes):\(twoDigits(rest))" : "\(rest) s"
    }

    /// A rate to three digits, for example `0.52`, `8.1`, `870`, `1,240`.
    package static func rate(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value >= 100 { return grouped(Int(min(value, 1e15).rounded())) }
        return fixed(value, digits: value >= 10 ? 1 : 2)
    }

    /// A number with a fixed count of decimals, at most nine.
    package static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return value.description }
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale + scale).dropFirst()
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return digits == 0 ? sign + grouped(scaled) : "\(sign)\(grouped(scaled / scale)).\(fraction)"
    }

    /// An integer with commas between its thousands.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
