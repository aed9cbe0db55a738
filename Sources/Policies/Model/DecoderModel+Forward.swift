// SPDX-License-Identifier: Apache-2.0

public import Tensors

/// Keys (after RoPE) and values of one layer, each [token, kv head, d].
struct KeysAndValues {
    var keys: Tensor
    var values: Tensor
}

extension DecoderModel {
    /// Normalised hidden states, [token, width], of packed groups laid one after the other.
    ///
    /// Each group holds its prompt once and then its completions, which see the prompt and themselves.
    ///
    /// - Parameters:
    ///   - tokens: The groups' tokens, as many as `groups` lay out.
    ///   - groups: How they lie.
    /// - Returns: [token, width], in the compute type.
    /// - Throws: `TensorError` when a text does not fit the context.
    public func hiddenStates(_ tokens: [Int32], groups: [GroupLayout]) throws -> Tensor {
        try forward(tokens, groups: groups, visitLayer: { _ in })
    }

    /// The keys and values of every layer over `prompt`, and the logits [vocabulary] after its last token.
    func prefill(_ prompts: [[Int32]]) throws -> (layers: [KeysAndValues], logits: Tensor) {
        var layers: [KeysAndValues] = []
        let groups = prompts.map { GroupLayout(promptLength: $0.count, completionLengths: []) }
        let hidden = try forward(prompts.flatMap(\.self), groups: groups) { layers.append($0) }
        var end: Int64 = -1
        let last = prompts.map { prompt in
            end += Int64(prompt.count)
            return end
        }
        return (layers, try logits(hidden.selecting(engine.tensor(last, device: device))))
    }

    /// Logits, f32 [row, vocabulary], of normalised hidden states.
    public func logits(_ hidden: Tensor) throws -> Tensor {
        try hidden.linear(Weight(working: outputMatrix.working)).to(.float32)
    }

    /// Log-probabilities of `targets` and entropies, both f32 [token], after hidden states [token, width].
    public func tokenLogprobs(
        _ hidden: Tensor,
        targets: [Int32],
        temperature: Double = 1
    ) throws -> (logprobs: Tensor, entropy: Tensor) {
        try hidden.tokenLogprobs(
            outputMatrix.weight,
            targets: engine.tensor(targets.map(Int64.init), device: device),
            temperature: temperature
        )
    }

    private func forward(
        _ tokens: [Int32],
        groups: [GroupLayout],
        visitLayer: (KeysAndValues) throws -> Void
    ) throws -> Tensor {
        try attend(tokens, positions: groups.flatMap(Self.positions)) { _, queries, keysAndValues in
            try visitLayer(keysAndValues)
            return try groupedAttention(queries, keysAndValues, groups)
        }
    }

    /// Where each token of a packed group stands: completions continue the prompt.
    private static func positions(_ group: GroupLayout) -> [Int] {
        Array(0..<group.promptLength)
            + group.completionLengths.flatMap { group.promptLength..<group.promptLength + $0 }
    }

    private func groupedAttention(
        _ queries: Tensor,
        _ context: KeysAndValues,
        _ groups: [GroupLayout]
    ) throws -> Tensor {
        var start = 0
        let parts = try groups.map { group in
            let range = start..<start + group.tokenCount
            start = range.upperBound
            return try queries[range].groupAttention(
                keys: context.keys[range],
                values: context.values[range],
                layout: group
            )
        }
        return parts.count == 1 ? parts[0] : try engine.concatenate(parts)
    }

    /// The layers, with attention left to the caller: `attention` gets the layer's index, queries [token, head, d], keys
    /// and values, and gives [token, head · d].
    func attend(
        _ tokens: [Int32],
        positions: [Int],
        attention: (Int, Tensor, KeysAndValues) throws -> Tensor
    ) throws -> Tensor {
        guard let furthest = positions.max(), furthest < configuration.maxPositions else {
            throw TensorError(
                code: .operation,
                message: "a text of \(positions.count) tokens does not fit the model's \(configuration.maxPositions)"
            )
        }
        let rotation = try rotary.rows(at: positions)
        let ids = try engine.tensor(tokens.map(Int64.init), device: device)
        var x = try ids.embedding(embedding.weight)
        for (index, layer) in layers.enumerated() {
            let (queries, context) = try project(x, layer, rotation)
            let seen = try attention(index, queries, context)
            x = try x + seen.linear(layer.attentionOutput.weight)
            let normal = try x.rmsNorm(layer.feedForwardNorm.weight, epsilon: configuration.rmsNormEps)
            x = try x + normal.linear(layer.gateUp.weight).swiglu().linear(layer.down.weight)
        }
        return try x.rmsNorm(finalNorm.weight, epsilon: configuration.rmsNormEps)
    }

    private func project(
        _ x: Tensor,
        _ layer: Layer,
        _ rotation: (cosines: Tensor, sines: Tensor)
    ) throws -> (queries: Tensor, context: KeysAndValues) {
        let c = configuration
        let normal = try x.rmsNorm(layer.attentionNorm.weight, epsilon: c.rmsNormEps)
        let heads = try normal.linear(layer.qkv.weight, bias: layer.qkvBias?.weight)
            .reshaped([-1, c.heads + 2 * c.kvHeads, c.headDimension])
        var queries = try heads.slice(0..<c.heads, dimension: 1)
        var keys = try heads.slice(c.heads..<c.heads + c.kvHeads, dimension: 1)
        let values = try heads.slice(c.heads + c.kvHeads..<c.heads + 2 * c.kvHeads, dimension: 1)
        if let queryNorm = layer.queryNorm, let keyNorm = layer.keyNorm {
            queries = try queries.rmsNorm(queryNorm.weight, epsilon: c.rmsNormEps)
            keys = try keys.rmsNorm(keyNorm.weight, epsilon: c.rmsNormEps)
        }
        return (
            try queries.rope(cosines: rotation.cosines, sines: rotation.sines),
            KeysAndValues(keys: try keys.rope(cosines: rotation.cosines, sines: rotation.sines), values: values)
        )
    }
}
