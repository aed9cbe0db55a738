// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import GRPO

@Suite("Learning-rate schedules")
struct LearningRateScheduleTests {
    private func rates(_ shape: LearningRateSchedule.Shape, warmup: Double, steps: Int) -> [Double] {
        let schedule = LearningRateSchedule(shape: shape, peak: 8, warmupRatio: warmup, steps: steps)
        return (1...steps).map { schedule.rate(at: $0) }
    }

    @Test("Tables")
    func tables() {
        #expect(rates(.constantWithWarmup, warmup: 0, steps: 4) == [8, 8, 8, 8])
        #expect(rates(.constantWithWarmup, warmup: 0.5, steps: 8) == [2, 4, 6, 8, 8, 8, 8, 8])
        #expect(rates(.linear, warmup: 0, steps: 4) == [8, 6, 4, 2])
        #expect(rates(.linear, warmup: 0.5, steps: 8) == [2, 4, 6, 8, 6.4, 4.8, 3.2, 1.6].map(nearest(.linear)))
        let cosine = rates(.cosine, warmup: 0, steps: 4)
        #expect(zip(cosine, [8, 6.828_427_124_746_19, 4, 1.171_572_875_253_81]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(rates(.cosine, warmup: 1, steps: 4) == [2, 4, 6, 8])
        #expect(rates(.linear, warmup: 0.1, steps: 1) == [8])
    }

    /// The table's decimals as the schedule's arithmetic rounds them.
    private func nearest(_ shape: LearningRateSchedule.Shape) -> (Double) -> Double {
        let found = rates(shape, warmup: 0.5, steps: 8)
        return { value in found.first { abs($0 - value) < 1e-12 } ?? value }
    }

    @Test(
        "It rises to the peak, never falls below 0, and wastes no step",
        arguments: LearningRateSchedule.Shape.allCases,
        [0, 0.03, 0.1, 0.5, 0.99, 1]
    )
    func shape(shape: LearningRateSchedule.Shape, warmup: Double) {
        for steps in [1, 2, 3, 10, 97] {
            let rates = rates(shape, warmup: warmup, steps: steps)
            #expect(rates.allSatisfy { $0 > 0 && $0 <= 8 })
            #expect(rates.max() == 8)
            let top = rates.firstIndex(of: 8) ?? 0
            #expect(rates[...top].elementsEqual(rates[...top].sorted()))
            #expect(rates[top...].elementsEqual(rates[top...].sorted(by: >)))
        }
    }
}

@Suite("The order of tasks")
struct TaskOrderTests {
    private func visits(_ order: TaskOrder, promptsPerStep: Int, steps: Int) -> [Int] {
        (1...steps).flatMap { order.tasks(step: $0, promptsPerStep: promptsPerStep) }
    }

    @Test("Every epoch visits every task once, also where a step crosses its end", arguments: 0..<50 as Range<UInt64>)
    func epochs(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let count = Int.random(in: 1...30, using: &generator)
        let order = TaskOrder(count: count, seed: seed)
        let promptsPerStep = Int.random(in: 1...8, using: &generator)
        let visits = visits(order, promptsPerStep: promptsPerStep, steps: 4 * count)
        for epoch in 0..<visits.count / count {
            #expect(visits[epoch * count..<(epoch + 1) * count].sorted() == Array(0..<count))
        }
    }

    @Test("The seed decides it, and each epoch has an order of its own")
    func seeds() {
        let order = TaskOrder(count: 24, seed: 5)
        let visits = visits(order, promptsPerStep: 4, steps: 12)
        #expect(self.visits(TaskOrder(count: 24, seed: 5), promptsPerStep: 4, steps: 12) == visits)
        #expect(self.visits(TaskOrder(count: 24, seed: 6), promptsPerStep: 4, steps: 12) != visits)
        #expect(Array(visits.prefix(24)) != Array(visits.suffix(24)))
        // A step follows from its number alone.
        #expect(order.tasks(step: 9, promptsPerStep: 4) == Array(visits[32..<36]))
    }
}
