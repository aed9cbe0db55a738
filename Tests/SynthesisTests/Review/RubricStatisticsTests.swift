// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Statistics of rubrics")
struct RubricStatisticsTests {
    @Test("Hand-counted rows")
    func counts() {
        var statistics = RubricStatistics()
        statistics.add(
            RubricTask(
                id: "a",
                prompt: [Message(role: .user, content: " two\u{3000}words ")],
                referenceAnswer: "one",
                domain: "medicine",
                criteria: [
                    Criterion(id: "c1", description: "d e f", importance: .essential, weight: 5, check: .json),
                    Criterion(id: "c2", description: "d", importance: .pitfall, weight: 1, polarity: .undecided),
                    Criterion(id: "c3", description: "d", importance: .pitfall, weight: 2, polarity: .negative),
                ]
            )
        )
        statistics.add(
            RubricTask(
                id: "b",
                prompt: [Message(role: .user, content: "w")],
                criteria: [Criterion(description: "d", weight: 3)]
            )
        )
        #expect((statistics.rows, statistics.criteria, statistics.undecidedRows) == (2, 4, 1))
        #expect(statistics.criteriaCounts.counts == [3: 1, 1: 1])
        #expect(statistics.promptWords.counts == [2: 1, 1: 1] && statistics.referenceWords.counts == [1: 1])
        #expect(statistics.descriptionWords.mean == 1.5)
        #expect(statistics.importances["pitfall"] == 2 && statistics.importances["none"] == 1)
        #expect(statistics.polaritiesByImportance["pitfall negative"] == 1)
        #expect(statistics.weights["pitfall"]?.mean == 1.5 && statistics.weights["pitfall"]?.high == 2)
        #expect(statistics.checks["json"] == 1 && statistics.checks["judge"] == 3)
        #expect(statistics.domains.ranked.map(\.name) == ["medicine", "none"])
    }

    @Test("Bins hold every value once, whatever the values", arguments: 0..<100)
    func bins(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var distribution = Distribution()
        let spread = Int.random(in: 1...5000, using: &generator)
        for _ in 0..<200 { distribution.add(Int.random(in: 0...spread, using: &generator)) }
        let bins = distribution.bins(limit: 24)
        #expect(bins.count <= 25 && bins.reduce(0) { $0 + $1.count } == 200)
        for (bin, next) in zip(bins, bins.dropFirst()) { #expect(bin.values.upperBound + 1 == next.values.lowerBound) }
    }

    @Test("Quantiles are values that were counted", arguments: [(0.0, 1), (0.5, 2), (0.75, 3), (0.76, 9), (1, 9)])
    func quantiles(share: Double, value: Int) {
        var distribution = Distribution()
        for number in [9, 1, 3, 2] { distribution.add(number) }
        #expect(distribution.quantile(share) == value)
        #expect(Distribution().quantile(share) == nil)
    }
}
