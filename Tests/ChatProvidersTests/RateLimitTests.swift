// SPDX-License-Identifier: Apache-2.0

import JudgeServer
import Testing

@Suite("Rate limits")
struct RateLimitTests {
    @Test("A bucket starts full, refills all the time and never beyond its limit")
    func bucket() {
        var bucket = TokenBucket(limit: 120)
        bucket.take(120)
        #expect(bucket.remaining == 0 && bucket.wait(for: 1) == .milliseconds(500))
        bucket.refill(at: .milliseconds(500))
        #expect(bucket.remaining == 1 && bucket.wait(for: 1) == .zero)
        bucket.take(3)
        #expect(bucket.remaining == 0 && bucket.wait(for: 1) == .milliseconds(1500))
        bucket.refill(at: .seconds(1000))
        #expect(bucket.remaining == 120)
        bucket.refill(at: .seconds(1))
        #expect(bucket.remaining == 120 && bucket.wait(for: 500) == .zero)
    }

    @Test(
        "Durations are written as OpenAI writes them",
        arguments: [
            (Duration.seconds(1), "1s"), (.seconds(360), "6m0s"), (.milliseconds(120), "120ms"), (.zero, "0ms"),
            (.milliseconds(1500), "1.5s"), (.seconds(61), "1m1s"), (.milliseconds(60_500), "1m0.5s"),
            (.microseconds(1), "1ms"),
        ]
    )
    func durations(duration: Duration, text: String) {
        #expect(duration.headerText == text)
    }
}

@Suite("Fault plans")
struct FaultPlanTests {
    @Test("Shares lie side by side, bursts go before them")
    func plan() {
        let plan = FaultPlan(
            shares: [.init(.serverError, 0.25), .init(.prose, 0.5)],
            bursts: [.init(2..<4, .unavailable)]
        )
        let draws = [0, 0.2, 0.25, 0.7, 0.75, 0.99]
        #expect(
            draws.map { plan.fault(call: 0, attempt: 0, draw: $0) } == [
                .serverError, .serverError, .prose, .prose, nil, nil,
            ]
        )
        #expect(
            (0..<6).map { plan.fault(call: $0, attempt: 0, draw: 0.9) } == [
                nil, nil, .unavailable, .unavailable, nil, nil,
            ]
        )
    }

    @Test("Every fault has a name of its own")
    func names() {
        #expect(Set(Fault.allCases.map(\.rawValue)).count == 25)
        #expect(Fault(rawValue: "truncated_json") == .truncatedJSON && Fault(rawValue: "html_ok") == .htmlOK)
    }
}
