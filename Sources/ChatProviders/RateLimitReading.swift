// SPDX-License-Identifier: Apache-2.0

import ChatModels
import NIOHTTP1

extension HTTPTransport.Answer {
    /// What OpenAI's headers (`x-ratelimit-*`) say; `nil` where there are none.
    var rateLimits: RateLimits? {
        func text(_ name: String) -> String? { headers.first(name: "x-ratelimit-\(name)") }
        let limits = RateLimits(
            remainingRequests: text("remaining-requests").flatMap { Int($0) },
            remainingTokens: text("remaining-tokens").flatMap { Int($0) },
            requestReset: text("reset-requests").flatMap(Duration.init(spelled:)),
            tokenReset: text("reset-tokens").flatMap(Duration.init(spelled:))
        )
        return limits == RateLimits() ? nil : limits
    }
}

extension Duration {
    /// Reads `6m0s`, `1.5s`, `120ms`, or a number of seconds; longer than a day counts as a day.
    init?(spelled text: String) {
        if let seconds = Double(text) {
            guard seconds.isFinite, seconds >= 0 else { return nil }
            self = .seconds(min(seconds, 86_400))
            return
        }
        var total = 0.0
        var rest = text.utf8[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0 >= 0x61 && $0 <= 0x7A }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(String(digits) ?? ""), let factor = Self.units[String(unit) ?? ""] else {
                return nil
            }
            total += number * factor
        }
        self = .seconds(min(total, 86_400))
    }

    private static let units = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400]
}
