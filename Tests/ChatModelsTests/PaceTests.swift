// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import ChatModels

@Suite("Paces")
struct PaceTests {
    @Test("Without a rate there is no pace")
    func none() {
        #expect(Pace(perMinute: nil) == nil)
    }

    // Sixty a minute are one a second, and ten seconds' worth may come at once.
    @Test("A burst passes at once, and what is beyond it comes at the rate")
    func burst() throws {
        var pace = try #require(Pace(perMinute: 60))
        let waits = (0..<13).map { _ in pace.draw(1, at: 0) }
        #expect(waits == Array(repeating: 0, count: 10) + [1, 2, 3])
        // Two seconds later two have flowed back: thirteen less two, and one more, is two too many.
        #expect(pace.draw(1, at: 2) == 2)
        #expect(pace.draw(1, at: 1000) == 0)
    }

    @Test("A slow rate lets at least one pass at once", arguments: [(1, 60.0), (6, 10.0)])
    func slow(perMinute: Int, wait: Double) throws {
        var pace = try #require(Pace(perMinute: perMinute))
        #expect(pace.draw(1, at: 0) == 0)
        #expect(abs(pace.draw(1, at: 0) - wait) < 1e-9)
    }

    @Test("More than a burst waits for its rest")
    func large() throws {
        var pace = try #require(Pace(perMinute: 600))
        #expect(pace.draw(250, at: 0) == 15)
    }

    @Test("What was not used is given back, but never more than was drawn")
    func settling() throws {
        var pace = try #require(Pace(perMinute: 600))
        _ = pace.draw(250, at: 0)
        pace.settle(150)
        #expect(pace.draw(10, at: 0) == 1)
        pace.settle(1e9)
        #expect(pace.draw(100, at: 0) == 0)
        #expect(pace.draw(10, at: 0) == 1)
    }

    @Test("What was used beyond the estimate is drawn too")
    func excess() throws {
        var pace = try #require(Pace(perMinute: 600))
        _ = pace.draw(50, at: 0)
        pace.settle(-50)
        #expect(pace.draw(20, at: 0) == 2)
    }

    @Test("In no stretch of time passes more than a burst and the rate", arguments: 0..<50 as Range<UInt64>)
    func rate(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var pace = try #require(Pace(perMinute: 120))
        var now = 0.0
        let passed = (0..<60).map { _ in
            now += generator.uniform() * 2
            let amount = generator.uniform() * 8
            return (time: now + pace.draw(amount, at: now), amount: amount)
        }
        for first in passed.indices {
            var sum = 0.0
            for later in passed[(first + 1)...] {
                sum += later.amount
                #expect(sum <= 20 + 2 * (later.time - passed[first].time) + 1e-9)
            }
        }
    }
}
