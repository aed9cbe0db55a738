// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

/// A trained matrix as the fused operations see it: what is multiplied, and where its gradient is collected.
public struct Weight {
    /// The matrix in the compute type, [out, in]; it never requires a gradient itself.
    public var working: Tensor
    /// The fp32 buffer of the same shape to which backward passes add; `nil` when the matrix is frozen.
    public var gradient: Tensor?

    /// Pairs a working matrix with its gradient buffer.
    public init(working: Tensor, gradient: Tensor? = nil) {
        self.working = working
        self.gradient = gradient
    }

    var code: rubrics_weight { rubrics_weight(working: working.pointer, gradient: gradient?.pointer) }
}

extension Weight? {
    var code: rubrics_weight { self?.code ?? rubrics_weight(working: nil, gradient: nil) }
}

/// How the tokens of one packed group lie: the prompt first, then each completion.
public struct GroupLayout: Sendable, Hashable {
    /// Tokens of the shared prompt.
    public var promptLength: Int
    /// Tokens of each completion, in order; none is empty.
    public var completionLengths: [Int]

    /// Describes a packed group.
    public init(promptLength: Int, completionLengths: [Int]) {
        self.promptLength = promptLength
        self.completionLengths = completionLengths
    }

    /// All tokens of the group.
    public var tokenCount: Int { completionLengths.reduce(promptLength, +) }
}

/// Operations in which training spends its time, forward and backward. The names are PyTorch's.
extension Tensor {
    /// `self` [token, in] times the transpose of `weight` [out, in], plus `bias` [out].
    public func linear(_ weight: Weight, bias: Weight? = nil) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.linear(pointer, weight.code, bias.code),
            "linear of \(shape) by \(weight.working.shape)"
        )
    }

    /// The rows of `weight` [vocabulary, width] that these ids (i64 [token]) name.
    public func embedding(_ weight: Weight) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.embedding(pointer, weight.code),
            "embedding of \(shape) by \(weight.working.shape)"
        )
    }

    /// x / rms(x) · weight over the last dimension (Zhang & Sennrich 2019); `weight` is f32.
    public func rmsNorm(_ weight: Weight, epsilon: Double) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.rms_norm(pointer, weight.code, epsilon),
            "RMS norm of \(shape) by \(weight.working.shape)"
        )
    }

    /// Rotary positions (Su et al. 2021) on [token, head, d] with f32 tables [token, d / 2], halves rotated as Hugging
    /// Face lays them out.
    public func rope(cosines: Tensor, sines: Tensor) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.rope(pointer, cosines.pointer, sines.pointer),
            "RoPE of \(shape) by \(cosines.shape)"
        )
    }

    /// silu(gate) · up for [token, 2n] = [gate | up] (Shazeer 2020).
    public func swiglu() throws -> Tensor {
        try engine.tensor(engine.table.pointee.swiglu(pointer), "SwiGLU of \(shape)")
    }

    /// Attention of queries [batch, head, token, d] over keys and values [batch, kv head, token, d].
    ///
    /// - Parameters:
    ///   - keys: [batch, kv head, token, d].
    ///   - values: [batch, kv head, token, d].
    ///   - mask: Added to the scores, broadcast to [batch, head, query, key]; `nil` for none.
    ///   - causal: Whether each query sees only the keys up to its own position.
    /// - Returns: [batch, head, token, d].
    /// - Throws: ``TensorError`` when shapes do not fit.
    public func attention(keys: Tensor, values: Tensor, mask: Tensor? = nil, causal: Bool = false) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.attention(pointer, keys.pointer, values.pointer, mask?.pointer, causal ? 1 : 0),
            "attention of \(shape) over \(keys.shape)"
        )
    }

    /// Attention of one packed group: each completion sees the prompt and its own past.
    ///
    /// Queries are [token, head, d], keys and values [token, kv head, d]; the result is [token, head · d].
    public func groupAttention(keys: Tensor, values: Tensor, layout: GroupLayout) throws -> Tensor {
        try layout.completionLengths.map(Int64.init).withUnsafeBufferPointer { lengths in
            let code = rubrics_group_layout(
                prompt_length: Int64(layout.promptLength),
                completion_lengths: lengths.baseAddress,
                completions: Int64(lengths.count)
            )
            return try engine.tensor(
                engine.table.pointee.group_attention(pointer, keys.pointer, values.pointer, code),
                "group attention of \(shape) over \(keys.shape)"
            )
        }
    }

    /// Log-probabilities of `targets` (i64 [token]) and entropies, both f32 [token], of
    /// log_softmax(self · weightᵀ / temperature) for hidden states [token, width] and an output matrix
    /// [vocabulary, width].
    ///
    /// bf16 on a CPU with AVX-512 BF16 works through slices of the vocabulary with f32 logits, and keeps their
    /// exponentials in bf16 for the backward pass where these fit 512 MiB. Elsewhere it works through `chunk` tokens at a
    /// time, forward and backward, and no [token, vocabulary] matrix is kept.
    public func tokenLogprobs(
        _ weight: Weight,
        targets: Tensor,
        temperature: Double = 1,
        chunk: Int = 256
    ) throws -> (logprobs: Tensor, entropy: Tensor) {
        var results: (rubrics_tensor?, rubrics_tensor?) = (nil, nil)
        let status = engine.table.pointee.token_logprobs(
            pointer,
            weight.code,
            targets.pointer,
            temperature,
            Int64(chunk),
            &results.0,
            &results.1
        )
        let name = "log-probabilities of \(targets.shape) tokens"
        try engine.check(status, name)
        return (try engine.tensor(results.0, name), try engine.tensor(results.1, name))
    }
}
