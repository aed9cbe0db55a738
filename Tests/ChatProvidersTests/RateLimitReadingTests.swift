// SPDX-License-Identifier: Apache-2.0

import ChatModels
import NIOHTTP1
import Testing

@testable import ChatProviders

@Suite("Limits in headers")
struct RateLimitReadingTests {
    private func answer(_ headers: [(String, String)]) -> HTTPTransport.Answer {
        HTTPTransport.Answer(status: 429, headers: HTTPHeaders(headers), body: [])
    }

    @Test(
        "Durations are read as OpenAI writes them, or as seconds; longer than a day counts as a day",
        arguments: [
            ("6m0s", 360.0), ("1.5s", 1.5), ("120ms", 0.12), ("1h2m3s", 3_723), ("0s", 0), ("7", 7), ("0.25", 0.25),
            ("1m0.5s", 60.5), ("2d", 86_400), ("1e300", 86_400), ("99999999999999999999h", 86_400),
        ]
    )
    func durations(text: String, seconds: Double) throws {
        let duration = try #require(Duration(spelled: text))
        #expect(abs(duration / .seconds(1) - seconds) < 1e-9)
    }

    @Test(
        "Anything else is no duration",
        arguments: ["", "s", "soon", "5x", "-1", "-1s", "1s2", "nan", "inf", "1 s", "1.2.3s", "6M", "\u{661}s"]
    )
    func wrong(text: String) {
        #expect(Duration(spelled: text) == nil)
    }

    @Test("What the headers say is read; what is missing or no number is left out")
    func headers() {
        let limits = answer([
            ("X-RateLimit-Remaining-Requests", "0"), ("x-ratelimit-reset-requests", "6m0s"),
            ("x-ratelimit-remaining-tokens", "many"), ("x-ratelimit-reset-tokens", "soon"),
        ]).rateLimits
        #expect(limits == RateLimits(remainingRequests: 0, requestReset: .seconds(360)))
        #expect(answer([("content-type", "text/html")]).rateLimits == nil)
        #expect(answer([("x-ratelimit-reset-tokens", "soon")]).rateLimits == nil)
    }

    @Test(
        "How long to stay away is never more than a day, and never a crash",
        arguments: [
            ("retry-after", "1e300", 86_400), ("retry-after-ms", "1e300", 86_400), ("retry-after-ms", "inf", 86_400),
            ("retry-after-ms", "250", 0.25), ("retry-after", "-5", nil), ("retry-after", "nan", nil),
            ("retry-after-ms", "nan", nil), ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, String, Double?)]
    )
    func retryAfter(name: String, value: String, seconds: Double?) throws {
        let endpoint = try ChatEndpoint("http://localhost/v1#m") { _ in nil }
        let found = answer([(name, value)]).failure(of: endpoint).retryAfter
        #expect(found == seconds.map { .seconds($0) })
    }
}
