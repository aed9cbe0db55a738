// SPDX-License-Identifier: Apache-2.0

import Tensors

extension Sampler {
    /// The log-probability of each continuation's whole token sequence after `prompt`, in nats.
    ///
    /// The prompt is read once for all continuations, each of which sees the prompt and itself.
    ///
    /// - Parameters:
    ///   - continuations: Tokens that may follow; the empty sequence follows for certain.
    ///   - prompt: Tokens; not empty.
    /// - Returns: One number a continuation.
    /// - Throws: `TensorError` for an empty prompt, and when a text does not fit the context.
    func logprobs(of continuations: [[Int32]], after prompt: [Int32]) throws -> [Double] {
        guard !prompt.isEmpty else {
            throw TensorError(code: .operation, message: "a prompt has no tokens: write at least one")
        }
        var found = try tokenLogprobs(of: continuations.filter { !$0.isEmpty }, after: prompt)[...]
        return continuations.map { continuation in
            let sum = found.prefix(continuation.count).reduce(0) { $0 + Double($1) }
            found = found.dropFirst(continuation.count)
            return sum
        }
    }

    /// The log-probability of each token of continuations that have some, one after the other.
    private func tokenLogprobs(of continuations: [[Int32]], after prompt: [Int32]) throws -> [Float] {
        guard !continuations.isEmpty else { return [] }
        // The last token of a continuation predicts nothing, so it is not read; the layout takes no empty texts.
        let read = continuations.map { Array($0.dropLast()) }.filter { !$0.isEmpty }
        let layout = GroupLayout(promptLength: prompt.count, completionLengths: read.map(\.count))
        return try model.engine.withoutGradients {
            let hidden = try model.hiddenStates(prompt + read.flatMap(\.self), groups: [layout])
            let places = predictors(of: continuations.map(\.count), after: prompt.count)
            let indices = try model.engine.tensor(places, device: model.device)
            return try model.tokenLogprobs(hidden.selecting(indices), targets: continuations.flatMap(\.self))
                .logprobs.floats()
        }
    }

    /// The packed place whose hidden state predicts each token: the prompt's last one predicts every first token.
    private func predictors(of lengths: [Int], after promptLength: Int) -> [Int64] {
        var start = promptLength
        return lengths.flatMap { length in
            defer { start += length - 1 }
            return [Int64(promptLength - 1)] + (start..<start + length - 1).map(Int64.init)
        }
    }
}
