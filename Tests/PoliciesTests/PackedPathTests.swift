// SPDX-License-Identifier: Apache-2.0

import Policies
import Tensors
import Testing

/// The packed-group training path against each completion run on its own behind its prompt.
@Suite("Packed groups equal plain sequences")
struct PackedGroupTests {
    private struct Group {
        var prompt: [Int32]
        var completions: [[Int32]]
    }

    /// Several groups, prompts of one token and of many, completions of one token and of several lengths.
    private static let groups = [
        Group(prompt: [3, 14, 15, 9, 26], completions: [[5, 35, 8], [9], [7, 9, 3, 2, 38, 4], [62]]),
        Group(prompt: [1], completions: [[41, 42]]),
        Group(prompt: [27, 18, 28, 18, 28, 45, 9], completions: [[2, 7], [18, 28]]),
    ]

    private func tolerance(_ dtype: DType) -> Double { dtype == .float32 ? 1e-4 : 0.04 }

    /// Log-probabilities and entropies of every completion token, read packed: prompts once, a completion's last token
    /// left out because it predicts nothing.
    private func packed(_ model: DecoderModel) throws -> (logprobs: Tensor, entropy: Tensor) {
        var (tokens, predictors, targets) = ([Int32](), [Int64](), [Int32]())
        var layouts: [GroupLayout] = []
        for group in Self.groups {
            let start = tokens.count
            tokens += group.prompt
            for completion in group.completions {
                predictors.append(Int64(start + group.prompt.count - 1))
                predictors += (tokens.count..<tokens.count + completion.count - 1).map(Int64.init)
                tokens += completion.dropLast()
                targets += completion
            }
            let lengths = group.completions.map { $0.count - 1 }.filter { $0 > 0 }
            layouts.append(GroupLayout(promptLength: group.prompt.count, completionLengths: lengths))
        }
        let hidden = try model.hiddenStates(tokens, groups: layouts)
        return try model.tokenLogprobs(
            hidden.selecting(model.engine.tensor(predictors)),
            targets: targets,
            temperature: 0.8
        )
    }

    /// The same, one prompt and completion at a time.
    private func plain(_ model: DecoderModel) throws -> (logprobs: Tensor, entropy: Tensor) {
        var (logprobs, entropy) = ([Tensor](), [Tensor]())
        for group in Self.groups {
            for completion in group.completions {
                let tokens = group.prompt + completion.dropLast()
                let layout = GroupLayout(promptLength: tokens.count, completionLengths: [])
                let hidden = try model.hiddenStates(tokens, groups: [layout])[group.prompt.count - 1..<tokens.count]
                let found = try model.tokenLogprobs(hidden, targets: completion, temperature: 0.8)
                logprobs.append(found.logprobs)
                entropy.append(found.entropy)
            }
        }
        return (try model.engine.concatenate(logprobs), try model.engine.concatenate(entropy))
    }

    /// Runs a backward pass that gives every token a gradient of its own and collects all parameters' gradients.
    private func gradients(_ model: DecoderModel, _ found: (logprobs: Tensor, entropy: Tensor)) throws -> [[Float]] {
        for parameter in model.parameters { try parameter.gradient?.fillWithZeros() }
        let weights = (0..<found.logprobs.count).map { Float(($0 * 37) % 11) / 5 - 1 }
        let scale = try model.engine.tensor(weights)
        try (found.logprobs * scale + found.entropy * scale * 0.25).sum().backward()
        return try model.parameters.map { try #require($0.gradient).floats() }
    }

    @Test(
        "Log-probabilities, entropies and the gradients of all parameters",
        arguments: SmallModel.allCases,
        [DType.float32, .bfloat16]
    )
    func equal(_ small: SmallModel, dtype: DType) throws {
        let model = try small.load(computeType: dtype)
        let (packed, plain) = (try packed(model), try plain(model))
        #expect(relativeDistance(try packed.logprobs.floats(), try plain.logprobs.floats()) < tolerance(dtype))
        #expect(relativeDistance(try packed.entropy.floats(), try plain.entropy.floats()) < tolerance(dtype))
        let (found, expected) = (try gradients(model, packed), try gradients(model, plain))
        for (index, parameter) in model.parameters.enumerated() {
            // The key's bias shifts all scores of a query alike, so its gradient is rounding alone.
            if parameter.name.hasSuffix("qkv_proj.bias"), dtype != .float32 { continue }
            let distance = relativeDistance(found[index], expected[index])
            #expect(distance < tolerance(dtype), "\(parameter.name): \(distance)")
        }
    }

    @Test("The gradient is the loss's slope", arguments: SmallModel.allCases)
    func finiteDifferences(_ small: SmallModel) throws {
        let model = try small.load()
        let gradients = try gradients(model, packed(model))
        let weights = (0..<(try packed(model).logprobs.count)).map { Float(($0 * 37) % 11) / 5 - 1 }
        func loss() throws -> Double {
            try model.engine.withoutGradients {
                let (logprobs, entropy) = try packed(model)
                let (a, b) = (try logprobs.floats(), try entropy.floats())
                return weights.indices.reduce(0) { $0 + Double(weights[$1]) * (Double(a[$1]) + 0.25 * Double(b[$1])) }
            }
        }
        for (index, parameter) in model.parameters.enumerated() {
            // One step along the gradient itself sees every element at once.
            let gradient = try model.engine.tensor(gradients[index], shape: parameter.master.shape)
            let length = gradients[index].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let saved = try parameter.master.clone()
            let step = 1e-3
            func moved(_ distance: Double) throws -> Double {
                try parameter.master.assign(saved + gradient * (distance / length))
                return try loss()
            }
            let slope = (try moved(step) - moved(-step)) / (2 * step)
            try parameter.master.assign(saved)
            #expect(abs(slope - length) < 0.02 * length + 1e-3, "\(parameter.name): \(slope) for \(length)")
        }
    }

    @Test("Logits of one packed prompt and completion are those of the whole text", arguments: SmallModel.allCases)
    func wholeText(_ small: SmallModel) throws {
        let model = try small.load(purpose: .inference)
        let tokens: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]
        let whole = try model.logits(of: tokens)
        for cut in 1..<tokens.count {
            let layout = GroupLayout(promptLength: cut, completionLengths: [tokens.count - cut])
            let logits = try model.logits(model.hiddenStates(tokens, groups: [layout])).floats()
            #expect(largestDifference(logits, whole.flatMap(\.self)) < 1e-4)
        }
    }

    @Test("A text longer than the context is refused")
    func tooLong() throws {
        let model = try SmallModel.llama.load(purpose: .inference)
        let error = #expect(throws: TensorError.self) { _ = try model.logits(of: [Int32](repeating: 1, count: 65)) }
        #expect(error?.message == "a text of 65 tokens does not fit the model's 64")
    }
}
