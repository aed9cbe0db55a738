// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dashboard

/// WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what a drawing needs (1.4.11).
struct ReportColorsTests {
    private enum Mode: String, CaseIterable {
        case light
        case dark
    }

    private static let onPage = [
        "ink", "muted", "main", "content", "form", "essential", "important", "optional", "pitfall", "good", "bad",
    ]

    private func channels(_ name: String, _ mode: Mode) throws -> [Double] {
        let token = try #require(ReportColors.tokens.first { $0.name == name })
        let hex = try #require(Int((mode == .light ? token.light : token.dark).dropFirst(), radix: 16))
        return [hex >> 16 & 0xFF, hex >> 8 & 0xFF, hex & 0xFF].map { Double($0) / 255 }
    }

    private func luminance(_ channels: [Double]) -> Double {
        let linear = channels.map { $0 <= 0.04045 ? $0 / 12.92 : .power(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private func contrast(_ first: [Double], _ second: [Double]) -> Double {
        let (one, two) = (luminance(first), luminance(second))
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    @Test("Text and named curves can be read on the page and on its cards", arguments: onPage)
    func text(name: String) throws {
        for mode in Mode.allCases {
            for ground in ["page", "surface"] {
                #expect(try contrast(channels(name, mode), channels(ground, mode)) >= 4.5, "\(mode) \(ground)")
            }
        }
    }

    @Test("Quiet marks can be seen")
    func marks() throws {
        for mode in Mode.allCases { #expect(try contrast(channels("quiet", mode), channels("page", mode)) >= 3) }
    }

    @Test("Text on marked passages and notices can be read", arguments: ["good-wash", "bad-wash", "mixed-wash"])
    func marked(wash: String) throws {
        for mode in Mode.allCases {
            #expect(try contrast(channels("ink", mode), channels(wash, mode)) >= 7)
            #expect(try contrast(channels("muted", mode), channels(wash, mode)) >= 4.5)
        }
    }

    @Test("The number on every cell of a heat map can be read", arguments: 0...100)
    func cells(percent: Int) throws {
        let share = Double(percent) / 100
        for mode in Mode.allCases {
            let opacity = 0.05 + 0.95 * share
            let (heat, page) = (try channels("heat", mode), try channels("page", mode))
            let cell = zip(heat, page).map { $0 * opacity + $1 * (1 - opacity) }
            let number = try channels("heat-\(HeatShade(share).rawValue)", mode)
            #expect(contrast(number, cell) >= 4.5, "\(mode)")
        }
    }
}
