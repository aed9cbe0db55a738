// SPDX-License-Identifier: Apache-2.0

import Tensors
import TestSupport
import Testing

/// The bf16 kernels of training's large products against f32, at the sizes where their blocks end.
@Suite("Training products")
struct TrainingProductTests {
    let engine: TorchEngine

    init() throws {
        engine = try TestEngine.load()
    }

    private func pair(_ shape: [Int], seed: UInt64, scale: Float = 1) throws -> (x: Tensor, leaf: Tensor) {
        let x = try engine.numbers(shape, seed: seed, scale: scale, dtype: .bfloat16)
        return (try x.clone().requiringGradient(), try x.leaf())
    }

    private func weight(_ shape: [Int], seed: UInt64) throws -> (fused: Weight, leaf: Tensor) {
        let working = try engine.numbers(shape, seed: seed, scale: 0.3, dtype: .bfloat16)
        return (Weight(working: working, gradient: try engine.zeros(shape)), try working.leaf())
    }

    @Test(
        "Linear, whatever the tokens, inputs and outputs",
        arguments: [
            [32, 2, 2], [33, 66, 130], [101, 576, 62], [200, 48, 192], [97, 1000, 320], [64, 34, 15], [2101, 34, 70],
        ]
    )
    func linear(sizes: [Int]) throws {
        let x = try pair([sizes[0], sizes[1]], seed: 41)
        let w = try weight([sizes[2], sizes[1]], seed: 42)
        let b = try engine.numbers([sizes[2]], seed: 43)
        let bias = Weight(working: b, gradient: try engine.zeros([sizes[2]]))
        let found = try x.x.linear(w.fused, bias: bias)
        let expected = try x.leaf.matmul(w.leaf.transposed()) + b
        try expectClose(found, expected, tolerance: 5e-3, "forward")
        try found.weighted(seed: 44).backward()
        try expected.weighted(seed: 44).backward()
        try expectClose(x.x.gradient(), x.leaf.gradient(), tolerance: 1e-2, "gradient of the input")
        let collected = try #require(w.fused.gradient)
        try expectClose(collected, w.leaf.gradient(), tolerance: 1e-2, "gradient of the weight")
    }

    @Test("A frozen linear layer passes the gradient on, a trained one over frozen inputs collects its own")
    func halfFrozen() throws {
        let x = try pair([40, 64], seed: 45)
        let w = try weight([70, 64], seed: 46)
        try x.x.linear(Weight(working: w.fused.working)).weighted(seed: 47).backward()
        try x.leaf.matmul(w.leaf.transposed()).weighted(seed: 47).backward()
        try expectClose(x.x.gradient(), x.leaf.gradient(), tolerance: 1e-2)
        try x.x.detached().linear(w.fused).weighted(seed: 47).backward()
        let collected = try #require(w.fused.gradient)
        try expectClose(collected, w.leaf.gradient(), tolerance: 1e-2)
    }

    @Test(
        "Log-probabilities over several slices of a vocabulary, with and without a gradient of the entropy",
        arguments: [
            [49, 64, 3100], [24, 30, 1536], [7, 130, 1601], [1, 2, 5], [60, 576, 4000], [1111, 18, 1700],
        ],
        [false, true]
    )
    func tokenLogprobs(sizes: [Int], usesEntropy: Bool) throws {
        let (rows, vocabulary) = (sizes[0], sizes[2])
        let hidden = try pair([rows, sizes[1]], seed: 51)
        let w = try weight([vocabulary, sizes[1]], seed: 52)
        let targets = try engine.tensor((0..<rows).map { Int64($0 * 7919 % vocabulary) })
        let found = try hidden.x.tokenLogprobs(w.fused, targets: targets, temperature: 0.8)
        let all = try (hidden.leaf.matmul(w.leaf.transposed()) / 0.8).logSoftmax(-1)
        let logprobs = try all.gathering(targets.reshaped([rows, 1]), dimension: 1).reshaped([rows])
        let entropy = try -(all.exp() * all).sum(-1)
        // The logits are summed and kept in f32.
        try expectClose(found.logprobs, logprobs, tolerance: 1e-5, "log-probabilities")
        try expectClose(found.entropy, entropy, tolerance: 1e-5, "entropies")
        if usesEntropy {
            try (found.logprobs.weighted(seed: 53) + found.entropy.weighted(seed: 54)).backward()
            try (logprobs.weighted(seed: 53) + entropy.weighted(seed: 54)).backward()
        } else {
            try found.logprobs.weighted(seed: 53).backward()
            try logprobs.weighted(seed: 53).backward()
        }
        try expectClose(hidden.x.gradient(), hidden.leaf.gradient(), tolerance: 1e-2, "hidden states")
        let collected = try #require(w.fused.gradient)
        try expectClose(collected, w.leaf.gradient(), tolerance: 1e-2, "output matrix")
    }

    @Test("Every bit is the same on one thread and on many")
    func independentOfThreads() throws {
        let threads = engine.threadCount
        defer { try? engine.setThreadCount(threads) }
        let x = try engine.numbers([130, 64], seed: 61, dtype: .bfloat16)
        let targets = try engine.tensor((0..<130).map { Int64($0 * 13) })
        let results = try [1, 2, 5].map { count in
            try engine.setThreadCount(count)
            let w = try weight([2000, 64], seed: 62)
            let square = try weight([64, 64], seed: 63)
            let hidden = try x.clone().requiringGradient()
            let found = try hidden.linear(square.fused).tokenLogprobs(w.fused, targets: targets)
            try found.logprobs.weighted(seed: 64).backward()
            return try [found.logprobs, hidden.gradient(), w.fused.gradient, square.fused.gradient]
                .compactMap(\.self).flatMap { try $0.floats() }
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }
}
