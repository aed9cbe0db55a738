// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ChatModels

@Suite("Adaptive concurrency")
struct AdaptiveConcurrencyTests {
    @Test("It begins with the most, which is at least one", arguments: [(8, 8), (1, 1), (0, 1), (-3, 1)])
    func beginning(most: Int, limit: Int) {
        #expect(AdaptiveConcurrency(most: most).limit == limit)
    }

    @Test("Being turned away halves it, once for all calls that were under way")
    func decrease() {
        var concurrency = AdaptiveConcurrency(most: 8)
        let calls = (0..<8).map { _ in concurrency.start() }
        concurrency.turnAway(calls[4])
        #expect(concurrency.limit == 4)
        for call in calls { concurrency.turnAway(call) }
        #expect(concurrency.limit == 4)
        concurrency.turnAway(concurrency.start())
        #expect(concurrency.limit == 2)
    }

    @Test("It never falls below one")
    func floor() {
        var concurrency = AdaptiveConcurrency(most: 8)
        for _ in 0..<10 { concurrency.turnAway(concurrency.start()) }
        #expect(concurrency.limit == 1)
    }

    // 4, 4.25, 4.49, 4.71, 4.92, 5.12: the fifth success is the first of the next round.
    @Test("A round of successes raises it by one, never beyond the most")
    func increase() {
        var concurrency = AdaptiveConcurrency(most: 8)
        concurrency.turnAway(concurrency.start())
        let limits = (0..<5).map { _ in
            concurrency.succeed()
            return concurrency.limit
        }
        #expect(limits == [4, 4, 4, 4, 5])
        for _ in 0..<100 { concurrency.succeed() }
        #expect(concurrency.limit == 8)
    }
}
