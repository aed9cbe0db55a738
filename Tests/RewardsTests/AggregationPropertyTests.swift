// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Testing

/// Random judged criteria with every scheme.
private struct Sample {
    var judged: [JudgedCriterion]
    let schemes: [Aggregation]

    init(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        judged = (0..<Int.random(in: 1...12, using: &generator)).map { index in
            JudgedCriterion(
                id: "c\(index)",
                polarity: Bool.random(using: &generator) ? .positive : .negative,
                importance: Importance.allCases[Int.random(in: 0..<4, using: &generator)],
                weight: Double.random(in: 0.01...5, using: &generator),
                isCredited: Bool.random(using: &generator)
            )
        }
        schemes = [
            .weightedMean, .hierarchical, .essentialGated(cap: Double.random(in: 0...1, using: &generator)),
            .softMin(temperature: Double.random(in: 0.001...3, using: &generator)),
            .geometricMean(floor: Double.random(in: 0.001...0.9, using: &generator)),
        ]
    }

    func value(_ scheme: Aggregation) throws -> Double {
        try #require(scheme.value(of: judged))
    }
}

@Suite("Properties of aggregations")
struct AggregationPropertyTests {
    @Test("A value lies in the scheme's range", arguments: 0..<200)
    func range(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        for scheme in sample.schemes {
            let value = try sample.value(scheme)
            #expect(value >= scheme.range.lowerBound - 1e-12 && value <= scheme.range.upperBound)
        }
    }

    @Test("The order of criteria does not matter", arguments: 0..<200)
    func permutation(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        var shuffled = sample
        var generator = SplitMix64(seed: seed, path: 1)
        shuffled.judged.shuffle(using: &generator)
        for scheme in sample.schemes {
            #expect(abs(try sample.value(scheme) - shuffled.value(scheme)) < 1e-12)
        }
    }

    @Test("Crediting one more criterion never lowers a value", arguments: 0..<200)
    func monotone(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        for index in sample.judged.indices {
            var better = sample
            better.judged[index].isCredited = true
            for scheme in sample.schemes {
                #expect(try better.value(scheme) >= sample.value(scheme) - 1e-12)
            }
        }
    }

    @Test("A gate and a soft minimum are never above the mean", arguments: 0..<200)
    func belowMean(seed: UInt64) throws {
        let sample = Sample(seed: seed)
        let mean = try sample.value(.weightedMean)
        #expect(try sample.value(sample.schemes[2]) <= mean)
        #expect(try sample.value(sample.schemes[3]) <= mean + 1e-12)
    }

    @Test(
        "Nothing that weighs anything has no value",
        arguments: [Aggregation.weightedMean, .softMin(), .geometricMean()]
    )
    func nothing(aggregation: Aggregation) {
        #expect(aggregation.value(of: []) == nil)
        #expect(aggregation.value(of: [JudgedCriterion(polarity: .positive, weight: 0, isCredited: true)]) == nil)
    }
}
