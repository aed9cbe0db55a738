// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors
import TestSupport
import Testing

/// Every fused operation against the same thing composed of plain ones, forward and backward.
///
/// In bf16 the composition runs in f32 on the rounded inputs, so the tolerance is that of rounding results to 8 bits.
@Suite("Fused operations")
struct FusedOperationTests {
    let engine: TorchEngine

    init() throws {
        engine = try TestEngine.load()
    }

    private static let types: [DType] = [.float32, .bfloat16]

    private func tolerance(_ dtype: DType) -> Double { dtype == .float32 ? 2e-5 : 1.5e-2 }

    /// A working matrix with a gradient buffer, and the f32 leaf that stands for it in the composition.
    private func weight(_ shape: [Int], seed: UInt64, _ dtype: DType) throws -> (fused: Weight, leaf: Tensor) {
        let working = try engine.numbers(shape, seed: seed, scale: 0.5, dtype: dtype)
        return (Weight(working: working, gradient: try engine.zeros(shape)), try working.leaf())
    }

    private func input(_ shape: [Int], seed: UInt64, _ dtype: DType) throws -> (fused: Tensor, leaf: Tensor) {
        let x = try engine.numbers(shape, seed: seed, dtype: dtype)
        return (try x.clone().requiringGradient(), try x.leaf())
    }

    /// Compares results, and after a backward pass from each the gradients of inputs and weights.
    private func compare(
        _ fused: Tensor,
        _ composed: Tensor,
        inputs: [(fused: Tensor, leaf: Tensor)],
        weights: [(fused: Weight, leaf: Tensor)] = [],
        _ dtype: DType
    ) throws {
        #expect(fused.dtype == dtype)
        try expectClose(fused, composed, tolerance: tolerance(dtype), "forward")
        try fused.weighted(seed: 99).backward()
        try composed.weighted(seed: 99).backward()
        for (index, input) in inputs.enumerated() {
            #expect(try input.fused.gradient().dtype == dtype)
            try expectClose(
                input.fused.gradient(),
                input.leaf.gradient(),
                tolerance: tolerance(dtype),
                "gradient of input \(index)"
            )
        }
        for (index, weight) in weights.enumerated() {
            let collected = try #require(weight.fused.gradient)
            #expect(collected.dtype == .float32)
            try expectClose(
                collected,
                weight.leaf.gradient(),
                tolerance: tolerance(dtype),
                "gradient of weight \(index)"
            )
        }
    }

    @Test("Linear, with and without a bias", arguments: types, [false, true])
    func linear(dtype: DType, hasBias: Bool) throws {
        let x = try input([7, 12], seed: 1, dtype)
        let w = try weight([10, 12], seed: 2, dtype)
        let b = try weight([10], seed: 3, .float32)
        let fused = try x.fused.linear(w.fused, bias: hasBias ? b.fused : nil)
        var composed = try x.leaf.matmul(w.leaf.transposed())
        if hasBias { composed = try composed + b.leaf }
        try compare(fused, composed, inputs: [x], weights: hasBias ? [w, b] : [w], dtype)
    }

    @Test("Gradients are added to what the buffer holds, in f32 even over bf16 weights")
    func accumulation() throws {
        let x = try engine.full([1, 2], 1, dtype: .bfloat16)
        let w = try weight([3, 2], seed: 4, .bfloat16)
        let buffer = try #require(w.fused.gradient)
        for _ in 0..<300 { try x.linear(w.fused).to(.float32).sum().backward() }
        // bf16 would stop counting at 256.
        #expect(try buffer.floats() == [Float](repeating: 300, count: 6))
    }

    @Test("A frozen weight collects nothing and lets the gradient through")
    func frozen() throws {
        let x = try input([3, 4], seed: 5, .float32)
        let frozen = Weight(working: try engine.numbers([5, 4], seed: 6))
        try x.fused.linear(frozen).sum().backward()
        try x.leaf.matmul(frozen.working.transposed()).sum().backward()
        try expectClose(x.fused.gradient(), x.leaf.gradient(), tolerance: 1e-6)
        let plain = try engine.numbers([3, 4], seed: 7).linear(frozen)
        #expect(plain.requiresGradient == false)
    }

    @Test("Without gradients nothing is recorded")
    func withoutGradients() throws {
        let w = try weight([5, 4], seed: 8, .float32)
        let result = try engine.withoutGradients { try engine.numbers([3, 4], seed: 9).linear(w.fused) }
        #expect(result.requiresGradient == false)
        #expect(try engine.numbers([3, 4], seed: 9).linear(w.fused).requiresGradient)
    }

    @Test("Embedding: an id that comes twice adds twice", arguments: types)
    func embedding(dtype: DType) throws {
        let w = try weight([9, 6], seed: 10, dtype)
        let ids = try engine.tensor([3, 0, 8, 3, 3] as [Int64])
        try compare(ids.embedding(w.fused), w.leaf.selecting(ids), inputs: [], weights: [w], dtype)
    }

    @Test("RMS norm over the last dimension", arguments: types, [[7, 20], [5, 3, 8]])
    func rmsNorm(dtype: DType, shape: [Int]) throws {
        let x = try input(shape, seed: 11, dtype)
        let w = try weight([shape[shape.count - 1]], seed: 12, .float32)
        let fused = try x.fused.rmsNorm(w.fused, epsilon: 1e-5)
        let meanSquare = try (x.leaf * x.leaf).mean(-1, keepingDimensions: true)
        let composed = try x.leaf / (meanSquare + 1e-5).squareRoot() * w.leaf
        try compare(fused, composed, inputs: [x], weights: [w], dtype)
    }

    @Test("RMS norm of a slice, which does not lie in order in memory", arguments: types)
    func rmsNormOfSlice(dtype: DType) throws {
        let x = try input([6, 5, 8], seed: 13, dtype)
        let w = try weight([8], seed: 14, .float32)
        let fused = try x.fused.slice(1..<4, dimension: 1).rmsNorm(w.fused, epsilon: 1e-6)
        let part = try x.leaf.slice(1..<4, dimension: 1)
        let composed = try part / ((part * part).mean(-1, keepingDimensions: true) + 1e-6).squareRoot() * w.leaf
        try compare(fused, composed, inputs: [x], weights: [w], dtype)
    }

    @Test("RoPE turns the halves of every head, of a slice too", arguments: types)
    func rope(dtype: DType) throws {
        let x = try input([5, 4, 8], seed: 15, dtype)
        let angles = try engine.numbers([5, 4], seed: 16, scale: 3)
        let cosines = try engine.tensor(angles.floats().map { cos($0) }, shape: [5, 4])
        let sines = try engine.tensor(angles.floats().map { sin($0) }, shape: [5, 4])
        let fused = try x.fused.slice(1..<4, dimension: 1).rope(cosines: cosines, sines: sines)
        let part = try x.leaf.slice(1..<4, dimension: 1)
        let (a, b) = (try part.slice(0..<4, dimension: 2), try part.slice(4..<8, dimension: 2))
        let (c, s) = (try cosines.reshaped([5, 1, 4]), try sines.reshaped([5, 1, 4]))
        let composed = try engine.concatenate([a * c - b * s, b * c + a * s], dimension: 2)
        try compare(fused, composed, inputs: [x], dtype)
    }

    @Test("SwiGLU of [gate | up]", arguments: types)
    func swiglu(dtype: DType) throws {
        let x = try engine.numbers([6, 14], seed: 17, scale: 8, dtype: dtype)
        let pair = (fused: try x.clone().requiringGradient(), leaf: try x.leaf())
        let gate = try pair.leaf.slice(0..<7, dimension: 1)
        let composed = try gate.silu() * pair.leaf.slice(7..<14, dimension: 1)
        try compare(pair.fused.swiglu(), composed, inputs: [pair], dtype)
    }

    @Test("SwiGLU and its gradient stay finite at the ends of the range")
    func swigluExtremes() throws {
        let x = try engine.tensor([-1e4, -90, 0, 90, 1e4, 1, 1, 1, 1, 1] as [Float], shape: [1, 10])
        let leaf = try x.clone().requiringGradient()
        let y = try leaf.swiglu()
        try y.sum().backward()
        #expect(try y.floats().map { $0.rounded() } == [0, 0, 0, 90, 10_000])
        #expect(try leaf.gradient().isFinite().to(.float32).sum().item() == 10)
    }

    @Test("Attention with grouped queries, with a mask or causal", arguments: types, [false, true])
    func attention(dtype: DType, isCausal: Bool) throws {
        let queries = try input([1, 4, 5, 8], seed: 18, dtype)
        let keys = try input([1, 2, 5, 8], seed: 19, dtype)
        let values = try input([1, 2, 5, 8], seed: 20, dtype)
        let mask = try causalMask(queries: 5, prompt: 0)
        let fused = try queries.fused.attention(
            keys: keys.fused,
            values: values.fused,
            mask: isCausal ? nil : mask.to(dtype),
            causal: isCausal
        )
        let heads = try (0..<4).map { head in
            try attend(queries.leaf[0][head], keys.leaf[0][head / 2], values.leaf[0][head / 2], mask)
        }
        let composed = try engine.concatenate(heads).reshaped([1, 4, 5, 8])
        try compare(fused, composed, inputs: [queries, keys, values], dtype)
    }

    @Test(
        "Group attention: each completion sees the prompt and its own past",
        arguments: types,
        [
            GroupLayout(promptLength: 4, completionLengths: [3, 1, 5]),
            GroupLayout(promptLength: 4, completionLengths: [2, 2]),
            GroupLayout(promptLength: 1, completionLengths: [1]),
            GroupLayout(promptLength: 6, completionLengths: []),
        ]
    )
    func groupAttention(dtype: DType, layout: GroupLayout) throws {
        let count = layout.tokenCount
        let queries = try input([count, 6, 4], seed: 21, dtype)
        let keys = try input([count, 2, 4], seed: 22, dtype)
        let values = try input([count, 2, 4], seed: 23, dtype)
        let fused = try queries.fused.groupAttention(keys: keys.fused, values: values.fused, layout: layout)
        let composed = try composedGroupAttention(queries.leaf, keys.leaf, values.leaf, layout)
        try compare(fused, composed, inputs: [queries, keys, values], dtype)
    }

    private func composedGroupAttention(
        _ queries: Tensor,
        _ keys: Tensor,
        _ values: Tensor,
        _ layout: GroupLayout
    ) throws -> Tensor {
        let prompt = layout.promptLength
        let kvRatio = queries.shape[1] / keys.shape[1]
        func head(_ x: Tensor, _ index: Int, _ range: Range<Int>) throws -> Tensor {
            try x[range].slice(index..<index + 1, dimension: 1).reshaped([range.count, x.shape[2]])
        }
        var heads: [Tensor] = []
        for index in 0..<queries.shape[1] {
            let kv = index / kvRatio
            let (k, v) = (try head(keys, kv, 0..<prompt), try head(values, kv, 0..<prompt))
            var parts = [try attend(head(queries, index, 0..<prompt), k, v, causalMask(queries: prompt, prompt: 0))]
            var start = prompt
            for length in layout.completionLengths {
                let own = start..<start + length
                let k = try engine.concatenate([k, head(keys, kv, own)])
                let v = try engine.concatenate([v, head(values, kv, own)])
                let mask = try causalMask(queries: length, prompt: prompt)
                parts.append(try attend(head(queries, index, own), k, v, mask))
                start += length
            }
            heads.append(try engine.concatenate(parts))
        }
        return try engine.concatenate(heads, dimension: 1)
    }

    /// softmax(q kᵀ / √d + mask) v of one head.
    private func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor) throws -> Tensor {
        let scale = Double(q.shape[1]).squareRoot()
        return try (q.matmul(k.transposed()) / scale + mask).softmax(-1).matmul(v)
    }

    private func causalMask(queries: Int, prompt: Int) throws -> Tensor {
        let values = (0..<queries).flatMap { query in
            (0..<prompt + queries).map { $0 <= prompt + query ? 0 : -Float.infinity }
        }
        return try engine.tensor(values, shape: [queries, prompt + queries])
    }

    @Test(
        "Log-probabilities and entropies through chunks",
        arguments: types,
        [(temperature: 1.0, chunk: 256), (temperature: 0.7, chunk: 3), (temperature: 1.6, chunk: 1)]
    )
    func tokenLogprobs(dtype: DType, setting: (temperature: Double, chunk: Int)) throws {
        let hidden = try input([8, 6], seed: 24, dtype)
        let w = try weight([40, 6], seed: 25, dtype)
        let targets = try engine.tensor([0, 39, 7, 7, 21, 3, 12, 38] as [Int64])
        let fused = try hidden.fused.tokenLogprobs(
            w.fused,
            targets: targets,
            temperature: setting.temperature,
            chunk: setting.chunk
        )
        let all = try (hidden.leaf.matmul(w.leaf.transposed()) / setting.temperature).logSoftmax(-1)
        let logprobs = try all.gathering(targets.reshaped([8, 1]), dimension: 1).reshaped([8])
        let entropy = try -(all.exp() * all).sum(-1)
        #expect(fused.logprobs.dtype == .float32 && fused.entropy.dtype == .float32)
        try expectClose(fused.logprobs, logprobs, tolerance: tolerance(dtype), "log-probabilities")
        try expectClose(fused.entropy, entropy, tolerance: tolerance(dtype), "entropies")
        try (fused.logprobs.weighted(seed: 26) + fused.entropy.weighted(seed: 27)).backward()
        try (logprobs.weighted(seed: 26) + entropy.weighted(seed: 27)).backward()
        try expectClose(hidden.fused.gradient(), hidden.leaf.gradient(), tolerance: tolerance(dtype), "hidden states")
        let collected = try #require(w.fused.gradient)
        try expectClose(collected, w.leaf.gradient(), tolerance: tolerance(dtype), "output matrix")
    }

    @Test("Log-probabilities of extreme logits are finite, and a NaN is seen")
    func tokenLogprobsAtExtremes() throws {
        let identity = try engine.tensor([1, 0, 0, 0, 1, 0, 0, 0, 1] as [Float], shape: [3, 3])
        let hidden = try engine.tensor([1e4, 0, -1e4, .nan, 0, 0] as [Float], shape: [2, 3])
        let (logprobs, entropy) = try hidden.tokenLogprobs(
            Weight(working: identity),
            targets: engine.tensor([2, 1] as [Int64])
        )
        let found = try logprobs.floats()
        #expect(found[0] == -2e4)
        #expect(try entropy.floats()[0] == 0)
        #expect(found[1].isNaN)
    }

    @Test("A target outside the vocabulary is refused", arguments: [-1, 3] as [Int64])
    func targetOutsideVocabulary(target: Int64) throws {
        let hidden = try engine.numbers([2, 3], seed: 28)
        let error = #expect(throws: TensorError.self) {
            _ = try hidden.tokenLogprobs(
                Weight(working: engine.numbers([3, 3], seed: 29)),
                targets: engine.tensor([0, target])
            )
        }
        #expect(error?.message.contains("\(target)") == true)
    }

    @Test("Shapes that do not fit are refused with both shapes")
    func shapeErrors() throws {
        let x = try engine.zeros([4, 8])
        let w = Weight(working: try engine.zeros([7, 3]))
        func message(_ body: () throws -> Tensor) -> String {
            do {
                return "\(try body())"
            } catch {
                return "\(error)"
            }
        }
        #expect(message { try x.linear(w) }.hasPrefix("linear of [4, 8] by [7, 3]: "))
        #expect(message { try x.rmsNorm(w, epsilon: 1e-5) }.hasPrefix("RMS norm of [4, 8] by [7, 3]: "))
        #expect(message { try x.swiglu().swiglu().swiglu().swiglu() }.hasPrefix("SwiGLU of [4, 1]: "))
        #expect(message { try x.rope(cosines: x, sines: x) }.hasPrefix("RoPE of [4, 8] by [4, 8]: "))
        let heads = try engine.zeros([4, 2, 4])
        let layout = GroupLayout(promptLength: 2, completionLengths: [1])
        #expect(
            message { try heads.groupAttention(keys: heads, values: heads, layout: layout) }
                .hasPrefix("group attention of [4, 2, 4] over [4, 2, 4]: ")
        )
        let ids = try engine.tensor([0, 7] as [Int64])
        #expect(message { try ids.embedding(w) }.hasPrefix("embedding of [2] by [7, 3]: "))
    }
}
