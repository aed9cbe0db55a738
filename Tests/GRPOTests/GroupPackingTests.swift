// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Tensors
import Testing

@testable import GRPO

@Suite("Packing groups")
struct GroupPackingTests {
    private func group(prompt: [Int32], firstIndex: Int = 0, _ rows: [[Int32]]) -> TrainedGroup {
        TrainedGroup(
            prompt: prompt,
            rows: rows.enumerated().map { TrainedGroup.Row(index: firstIndex + $0, tokens: $1) }
        )
    }

    @Test("A group: the prompt once, completions without their last tokens, and who predicts what")
    func layout() throws {
        let packed = Microbatch.pack([group(prompt: [1, 2, 3], [[10, 11, 12], [20], [30, 31]])], budget: 100)
        let batch = try #require(packed.first)
        #expect(packed.count == 1)
        #expect(batch.tokens == [1, 2, 3, 10, 11, 30])
        #expect(batch.layouts == [GroupLayout(promptLength: 3, completionLengths: [2, 1])])
        #expect(batch.predictors == [2, 3, 4, 2, 2, 5])
        #expect(batch.targets == [10, 11, 12, 20, 30, 31])
        #expect(batch.rows == [0, 1, 2])
    }

    @Test("Two groups stand one after the other; one that does not fit starts the next batch")
    func severalGroups() {
        let groups = [
            group(prompt: [1, 2], [[10, 11]]), group(prompt: [3], firstIndex: 1, [[20, 21, 22], [30]]),
            group(prompt: [4, 5, 6], firstIndex: 3, [[40]]),
        ]
        let packed = Microbatch.pack(groups, budget: 6)
        #expect(packed.map(\.tokens) == [[1, 2, 10, 3, 20, 21], [4, 5, 6]])
        #expect(packed[0].predictors == [1, 2, 3, 4, 5, 3])
        #expect(packed[1].layouts == [GroupLayout(promptLength: 3, completionLengths: [])])
        #expect(packed.flatMap(\.rows) == [0, 1, 2, 3])
    }

    @Test("A group over the budget is split, and each part reads the prompt again")
    func split() {
        let packed = Microbatch.pack(
            [group(prompt: [1, 2], [[10, 11, 12], [20, 21, 22], [30, 31, 32]])],
            budget: 6
        )
        #expect(packed.map(\.tokens) == [[1, 2, 10, 11, 20, 21], [1, 2, 30, 31]])
    }

    @Test("A row over the budget stands alone, and empty groups take no part")
    func edges() {
        let long = [Int32](0..<50)
        let packed = Microbatch.pack([group(prompt: [1], []), group(prompt: [2], [long, [7]])], budget: 10)
        #expect(packed.map(\.rows) == [[0], [1]])
        #expect(packed.map(\.tokens.count) == [50, 1])
        #expect(Microbatch.pack([], budget: 10).isEmpty)
        #expect(Microbatch.pack([group(prompt: [1], [])], budget: 10).isEmpty)
    }

    @Test("Every target comes once, within the budget, after the token before it", arguments: 0..<200 as Range<UInt64>)
    func properties(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var index = 0
        let groups = (0..<Int.random(in: 1...5, using: &generator)).map { number in
            let prompt = (0..<Int.random(in: 1...9, using: &generator)).map { Int32(1000 * number + $0) }
            let rows = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<Int.random(in: 1...12, using: &generator)).map { _ in Int32.random(in: 0..<100, using: &generator)
                }
            }
            defer { index += rows.count }
            return group(prompt: prompt, firstIndex: index, rows)
        }
        let budget = Int.random(in: 8...60, using: &generator)
        var seen: [Int: [Int32]] = [:]
        let rows = groups.flatMap { group in group.rows.map { (prompt: group.prompt, row: $0) } }
        for batch in Microbatch.pack(groups, budget: budget) {
            #expect(batch.tokens.count <= budget || batch.rows.count == 1)
            #expect(batch.layouts.reduce(0) { $0 + $1.tokenCount } == batch.tokens.count)
            #expect(batch.predictors.count == batch.targets.count)
            #expect(batch.layouts.allSatisfy { !$0.completionLengths.contains(0) })
            var place = 0
            for number in batch.rows {
                let (prompt, row) = rows[number]
                let range = place..<place + row.tokens.count
                let before = [prompt[prompt.count - 1]] + row.tokens.dropLast()
                #expect(batch.predictors[range].map { batch.tokens[$0] } == before)
                seen[number, default: []] += batch.targets[range]
                place = range.upperBound
            }
            #expect(place == batch.targets.count)
        }
        #expect(seen.count == rows.count)
        for (number, row) in rows.enumerated() { #expect(seen[number] == row.row.tokens) }
    }
}
