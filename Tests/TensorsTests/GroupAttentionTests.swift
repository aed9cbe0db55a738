// SPDX-License-Identifier: Apache-2.0

import Tensors
import TestSupport
import Testing

/// The kernels of group attention against softmax over one dense mask, at the sizes where their blocks end.
@Suite("Group attention")
struct GroupAttentionTests {
    /// Sizes of one case.
    struct Case: Sendable, CustomStringConvertible {
        var prompt: Int
        var completions: [Int]
        var heads: Int
        var kvHeads: Int
        var dimension: Int

        var description: String { "\(prompt) + \(completions), \(heads)/\(kvHeads) heads of \(dimension)" }
        var layout: GroupLayout { GroupLayout(promptLength: prompt, completionLengths: completions) }
    }

    static let cases = [
        Case(prompt: 40, completions: [64, 96, 70], heads: 9, kvHeads: 3, dimension: 64),
        Case(prompt: 5, completions: [1, 7, 3], heads: 4, kvHeads: 2, dimension: 16),
        Case(prompt: 0, completions: [1, 2, 130], heads: 3, kvHeads: 1, dimension: 20),
        Case(prompt: 150, completions: [], heads: 2, kvHeads: 2, dimension: 128),
        Case(prompt: 1, completions: [1], heads: 8, kvHeads: 1, dimension: 64),
        Case(prompt: 140, completions: [17, 1, 150], heads: 7, kvHeads: 7, dimension: 33),
        Case(prompt: 600, completions: [20, 33], heads: 6, kvHeads: 2, dimension: 80),
        Case(prompt: 3, completions: [5], heads: 60, kvHeads: 1, dimension: 24),
    ]

    let engine: TorchEngine

    init() throws {
        engine = try TestEngine.load()
    }

    /// Queries, keys and values cut from one projection, as the model cuts them.
    private func attention(_ projection: Tensor, _ sizes: Case) throws -> Tensor {
        let (heads, kvHeads) = (sizes.heads, sizes.kvHeads)
        return try projection.slice(0..<heads, dimension: 1).groupAttention(
            keys: projection.slice(heads..<heads + kvHeads, dimension: 1),
            values: projection.slice(heads + kvHeads..<heads + 2 * kvHeads, dimension: 1),
            layout: sizes.layout
        )
    }

    /// The same through one mask over all tokens of the group.
    private func composed(_ projection: Tensor, _ sizes: Case) throws -> Tensor {
        let count = sizes.layout.tokenCount
        let (heads, kvHeads) = (sizes.heads, sizes.kvHeads)
        func part(_ range: Range<Int>) throws -> Tensor {
            try projection.slice(range, dimension: 1).transposed(0, 1)
                .reshaped([kvHeads, range.count / kvHeads, count, sizes.dimension])
        }
        let queries = try part(0..<heads)
        let keys = try part(heads..<heads + kvHeads)
        let values = try part(heads + kvHeads..<heads + 2 * kvHeads)
        let scores = try queries.matmul(keys.transposed()) / Double(sizes.dimension).squareRoot()
        let seen = try (scores + mask(sizes.layout)).softmax(-1).matmul(values)
        return try seen.reshaped([heads, count, sizes.dimension]).transposed(0, 1)
            .reshaped([count, heads * sizes.dimension])
    }

    private func mask(_ layout: GroupLayout) throws -> Tensor {
        let count = layout.tokenCount
        var starts = [Int](repeating: 0, count: layout.promptLength)
        for length in layout.completionLengths { starts += [Int](repeating: starts.count, count: length) }
        let values = starts.indices.flatMap { query in
            starts.indices.map { key in
                let isSeen = key <= query && (key < layout.promptLength || starts[key] == starts[query])
                return isSeen ? 0 : -Float.infinity
            }
        }
        return try engine.tensor(values, shape: [count, count])
    }

    private func projection(_ sizes: Case, _ dtype: DType) throws -> Tensor {
        let shape = [sizes.layout.tokenCount, sizes.heads + 2 * sizes.kvHeads, sizes.dimension]
        return try engine.numbers(shape, seed: 31, scale: 2, dtype: dtype)
    }

    @Test("Results and gradients are those of a dense mask", arguments: cases, [DType.float32, .bfloat16])
    func equalsDenseMask(sizes: Case, dtype: DType) throws {
        let x = try projection(sizes, dtype)
        let leaf = try x.leaf()
        let input = try x.clone().requiringGradient()
        let tolerance = dtype == .float32 ? 1e-5 : 1.5e-2
        let (found, expected) = (try attention(input, sizes), try composed(leaf, sizes))
        try expectClose(found, expected, tolerance: tolerance, "forward")
        try found.weighted(seed: 32).backward()
        try expected.weighted(seed: 32).backward()
        try expectClose(input.gradient(), leaf.gradient(), tolerance: tolerance, "gradient")
    }

    @Test("Every bit is the same on one thread and on many", arguments: [DType.float32, .bfloat16])
    func independentOfThreads(dtype: DType) throws {
        let sizes = Self.cases[0]
        let x = try projection(sizes, dtype)
        let threads = engine.threadCount
        defer { try? engine.setThreadCount(threads) }
        let results = try [1, 2, 5].map { count in
            try engine.setThreadCount(count)
            let input = try x.clone().requiringGradient()
            let seen = try attention(input, sizes)
            try seen.weighted(seed: 33).backward()
            return try seen.floats() + input.gradient().floats()
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test("A later token changes nothing before it, nor in another completion")
    func causality() throws {
        let sizes = Case(prompt: 20, completions: [30, 40], heads: 4, kvHeads: 2, dimension: 16)
        let x = try projection(sizes, .bfloat16)
        let before = try attention(x, sizes)
        let changed = try engine.concatenate([x[0..<45], x[45..<46] * -3, x[46..<90]])
        let after = try attention(changed, sizes)
        #expect(try before[0..<45].floats() == after[0..<45].floats())
        #expect(try before[50..<90].floats() == after[50..<90].floats())
        #expect(try before[45..<50].floats() != after[45..<50].floats())
    }
}
