// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Tensors
import TestSupport
import Testing

@testable import GRPO
@testable import Policies

/// A whole update on a small model against the same loss composed a completion at a time.
@Suite("Policy updates")
struct PolicyUpdateTests {
    private let engine: TorchEngine
    private let configuration = ModelConfiguration(
        architecture: .qwen2,
        vocabularySize: 48,
        hiddenSize: 24,
        intermediateSize: 40,
        layers: 2,
        heads: 4,
        kvHeads: 2,
        maxPositions: 64
    )

    init() throws {
        engine = try TestEngine.load()
    }

    // MARK: What is updated

    private func content(seed: UInt64 = 1, hasReference: Bool = false) throws -> PolicyInTraining.Content {
        let folder = try TemporaryFolder()
        var generator = SplitMix64(seed: seed)
        let shapes = Dictionary(configuration.weights.map { ($0.name, $0.shape) }) { first, _ in first }
        try ModelFile.save(
            to: folder.url.path,
            configuration: configuration,
            tokenizer: nil,
            chatTemplate: nil,
            format: .f32
        ) { name, append in
            let values = (0..<(shapes[name] ?? []).reduce(1, *)).map { _ in
                Float(name.hasSuffix("norm.weight") ? 1 : generator.uniform() - 0.5)
            }
            try values.withUnsafeBufferPointer(append)
        }
        let file = try ModelFile.open(folder.url.path)
        func load(_ purpose: DecoderModel.Purpose) throws -> DecoderModel {
            try DecoderModel.load(file, purpose: purpose, computeType: .float32, engine: engine)
        }
        let model = try load(.training)
        return PolicyInTraining.Content(
            model: model,
            sampler: try Sampler(model: model, maximumRows: 4, maximumRowTokens: 8),
            optimizer: try AdamW(model.parameters, configuration: .init()),
            reference: hasReference ? try load(.inference) : nil
        )
    }

    /// Three prompts; completions of one to six tokens; one group whose rewards were equal.
    private var batch: UpdateBatch {
        func rollout(_ tokens: [Int32], _ advantage: Double) -> TrainedRollout {
            TrainedRollout(
                tokens: tokens,
                samplingLogprobs: [Float](repeating: -4, count: tokens.count),
                advantage: advantage
            )
        }
        return UpdateBatch(groups: [
            .init(
                prompt: [3, 14, 15, 9],
                rollouts: [rollout([5, 35, 8], 0.9), rollout([9], -1.1), rollout([7, 9, 3, 2, 38, 4], 0.2)]
            ),
            .init(prompt: [1], rollouts: [rollout([41, 42], 0), rollout([2], 0)]),
            .init(prompt: [27, 18, 28], rollouts: [rollout([2, 7, 1, 8], -0.5), rollout([18, 28], 0.5)]),
        ])
    }

    private func settings(
        _ aggregation: LossAggregation = .sequenceMean,
        updates: Int = 1,
        budget: Int = 1000,
        learningRate: Double = 0,
        klCoefficient: Double = 0
    ) -> UpdateSettings {
        UpdateSettings(
            objective: TokenObjective(clipLow: 0.2, clipHigh: 0.2, klCoefficient: klCoefficient),
            aggregation: aggregation,
            temperature: 0.9,
            updates: updates,
            tokensPerMicrobatch: budget,
            maximumGradientNorm: 1,
            learningRate: learningRate
        )
    }

    private func run(
        _ settings: UpdateSettings,
        _ content: inout PolicyInTraining.Content,
        _ batch: UpdateBatch? = nil
    ) throws -> UpdateMetrics {
        var update = PolicyUpdate(batch ?? self.batch, settings: settings)
        try update.run(&content) { _ in }
        return update.metrics
    }

    private func gradients(_ content: PolicyInTraining.Content) throws -> [[Float]] {
        try content.model.parameters.map { try #require($0.gradient).floats() }
    }

    private func weights(_ content: PolicyInTraining.Content) throws -> [[Float]] {
        try content.model.parameters.map { try $0.master.floats() }
    }

    /// Each rollout's log-probabilities, read on its own behind its prompt.
    private func logprobs(_ model: DecoderModel) throws -> [Tensor] {
        try batch.groups.flatMap { group in
            try group.rollouts.map { rollout in
                let tokens = group.prompt + rollout.tokens.dropLast()
                let layout = GroupLayout(promptLength: tokens.count, completionLengths: [])
                let hidden = try model.hiddenStates(tokens, groups: [layout])[group.prompt.count - 1..<tokens.count]
                return try model.tokenLogprobs(hidden, targets: rollout.tokens, temperature: 0.9).logprobs
            }
        }
    }

    private func expectClose(_ a: [[Float]], _ b: [[Float]], tolerance: Float, _ name: String = "") {
        let scale = b.joined().reduce(Float(0)) { max($0, abs($1)) }
        let worst = zip(a.joined(), b.joined()).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(a.map(\.count) == b.map(\.count) && worst <= tolerance * scale, "\(name): \(worst) of \(scale)")
    }

    // MARK: Tests

    @Test(
        "The first update's gradient is that of Σ weight · advantage · log-probability",
        arguments: [LossAggregation.sequenceMean, .tokenMean, .constantLength(8)]
    )
    func firstGradient(aggregation: LossAggregation) throws {
        var content = try content()
        let metrics = try run(settings(aggregation), &content)
        let found = try gradients(content)
        try content.optimizer.resetGradients()
        let rollouts = batch.groups.flatMap(\.rollouts)
        let weights = aggregation.tokenWeights(lengths: rollouts.map(\.tokens.count))
        for (row, logprobs) in try logprobs(content.model).enumerated() {
            try (logprobs.sum() * (-rollouts[row].advantage * weights[row])).backward()
        }
        expectClose(found, try gradients(content), tolerance: 1e-5)
        let loss = rollouts.indices.reduce(0.0) {
            $0 - rollouts[$1].advantage * weights[$1] * Double(rollouts[$1].tokens.count)
        }
        #expect(abs(metrics.loss - loss) < 1e-12)
        #expect(metrics.largestRatio == 1 && metrics.clipFraction == 0 && metrics.divergence == 0)
        let norm = found.joined().reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(metrics.gradientNorm - norm) < 1e-6 * norm)
    }

    /// d/dθ Σ w·A·weight·logπ with w = min(exp(old − sampling), 2) held fixed.
    @Test("At staleness 1 each token's gradient carries its truncated importance weight")
    func staleGradient() throws {
        var (found, expected) = (try content(), try content())
        var stale = settings()
        stale.isStale = true
        let metrics = try run(stale, &found)
        let rollouts = batch.groups.flatMap(\.rollouts)
        let weights = LossAggregation.sequenceMean.tokenWeights(lengths: rollouts.map(\.tokens.count))
        var (loss, truncated) = (0.0, 0)
        try expected.optimizer.resetGradients()
        for (row, logprobs) in try logprobs(expected.model).enumerated() {
            let own = try logprobs.detached().floats().enumerated().map { token, old in
                let weight = exp(Double(old) - Double(rollouts[row].samplingLogprobs[token]))
                truncated += weight > 2 ? 1 : 0
                return -rollouts[row].advantage * weights[row] * min(weight, 2)
            }
            loss += own.reduce(0, +)
            try (logprobs * expected.model.engine.tensor(own.map(Float.init), device: .cpu)).sum().backward()
        }
        expectClose(try gradients(found), try gradients(expected), tolerance: 1e-5)
        #expect(abs(metrics.loss - loss) < 1e-6)
        #expect(metrics.largestRatio == 1)
        #expect(truncated > 0 && truncated < rollouts.reduce(0) { $0 + $1.tokens.count })
    }

    @Test(
        "How the batch is cut changes nothing",
        arguments: [LossAggregation.sequenceMean, .tokenMean, .constantLength(8)],
        [1, 7, 12, 20]
    )
    func cuts(aggregation: LossAggregation, budget: Int) throws {
        var (whole, cut) = (try content(hasReference: true), try content(hasReference: true))
        let options = (updates: 3, learningRate: 1e-2, klCoefficient: 0.1)
        func settings(budget: Int) -> UpdateSettings {
            self.settings(
                aggregation,
                updates: options.updates,
                budget: budget,
                learningRate: options.learningRate,
                klCoefficient: options.klCoefficient
            )
        }
        let expected = try run(settings(budget: 1000), &whole)
        let found = try run(settings(budget: budget), &cut)
        expectClose(try gradients(cut), try gradients(whole), tolerance: 1e-3, "gradients")
        #expect(abs(found.loss - expected.loss) < 1e-4)
        #expect(abs(found.divergence - expected.divergence) < 1e-4)
        #expect(abs(found.entropy - expected.entropy) < 1e-4)
        #expect(abs(found.samplingGapMean - expected.samplingGapMean) < 1e-4)
        #expect(found.clipFraction == expected.clipFraction)
        #expect(found.trainedTokens >= expected.trainedTokens)
    }

    @Test("A second update measures its ratios from the weights that sampled")
    func secondUpdate() throws {
        var (one, two) = (try content(), try content())
        let old = try logprobs(one.model).map { try $0.detached().floats() }
        _ = try run(settings(learningRate: 5e-3), &one)
        let new = try logprobs(one.model).map { try $0.detached().floats() }
        let metrics = try run(settings(updates: 2, learningRate: 5e-3), &two)
        let rollouts = batch.groups.flatMap(\.rollouts)
        let weights = LossAggregation.sequenceMean.tokenWeights(lengths: rollouts.map(\.tokens.count))
        var (loss, largest, clipped, tokens) = (0.0, 0.0, 0, 0)
        for row in rollouts.indices {
            for (before, after) in zip(old[row], new[row]) {
                let value = TokenObjective().value(
                    policy: Double(after),
                    old: Double(before),
                    reference: nil,
                    advantage: rollouts[row].advantage
                )
                loss += value.loss * weights[row]
                largest = max(largest, value.ratio)
                clipped += value.isClipped ? 1 : 0
                tokens += 1
            }
        }
        #expect(largest > 1.05)
        #expect(abs(metrics.loss - loss) < 1e-4)
        #expect(abs(metrics.largestRatio - largest) < 1e-3)
        #expect(abs(metrics.clipFraction - Double(clipped) / Double(tokens)) < 1e-9)
        #expect(two.optimizer.step == 2)
    }

    @Test("An update along its gradient lowers the loss, and a good token becomes likelier")
    func improvement() throws {
        var content = try content()
        let before = try logprobs(content.model).map { try $0.sum().item() }
        _ = try run(settings(learningRate: 1e-3), &content)
        let after = try logprobs(content.model).map { try $0.sum().item() }
        for (row, rollout) in batch.groups.flatMap(\.rollouts).enumerated() where abs(rollout.advantage) > 0.4 {
            #expect((after[row] - before[row]) * rollout.advantage > 0, "row \(row)")
        }
    }

    @Test("The divergence is 0 while the policy is the reference, and pulls back after")
    func divergence() throws {
        var content = try content(hasReference: true)
        var idle = batch
        for group in idle.groups.indices {
            for rollout in idle.groups[group].rollouts.indices { idle.groups[group].rollouts[rollout].advantage = 0 }
        }
        let start = try run(settings(klCoefficient: 1), &content, idle)
        #expect(start.divergence == 0 && start.loss == 0 && start.gradientNorm == 0)
        _ = try run(settings(updates: 4, learningRate: 1e-2, klCoefficient: 0), &content)
        let away = try run(settings(learningRate: 1e-3, klCoefficient: 1), &content, idle)
        #expect(away.divergence > 1e-3 && away.gradientNorm > 0)
        let back = try run(settings(klCoefficient: 1), &content, idle)
        #expect(back.divergence < away.divergence)
    }

    @Test("The gap between sampling and training log-probabilities is measured, not trained on")
    func samplingGap() throws {
        var content = try content()
        var shifted = batch
        let rows = try logprobs(content.model).map { try $0.detached().floats() }
        var row = 0
        for group in shifted.groups.indices {
            for rollout in shifted.groups[group].rollouts.indices {
                shifted.groups[group].rollouts[rollout].samplingLogprobs = rows[row].map { $0 + 0.25 }
                row += 1
            }
        }
        shifted.groups[0].rollouts[1].samplingLogprobs[0] += 0.5
        let metrics = try run(settings(), &content, shifted)
        let count = Double(batch.groups.flatMap(\.rollouts).reduce(0) { $0 + $1.tokens.count })
        #expect(abs(metrics.samplingGapMean - (0.25 + 0.5 / count)) < 1e-4)
        #expect(abs(metrics.samplingGapMax - 0.75) < 1e-4)
        let expected = try gradients(content)
        _ = try run(settings(), &content)
        #expect(try gradients(content) == expected)
    }

    @Test("A loss that is not finite stops before the optimiser moves", arguments: [Double.nan, .infinity, 1e300])
    func nonFinite(advantage: Double) throws {
        var content = try content()
        let before = try weights(content)
        var broken = batch
        broken.groups[2].rollouts[0].advantage = advantage
        let error = #expect(throws: TrainingError.self) {
            _ = try run(settings(learningRate: 1e-3), &content, broken)
        }
        #expect("\(String(describing: error))".contains("not made"))
        #expect(try weights(content) == before)
        #expect(content.optimizer.step == 0)
    }

    @Test("Nothing to train on is no update")
    func empty() throws {
        var content = try content()
        let before = try weights(content)
        let metrics = try run(settings(learningRate: 1), &content, UpdateBatch(groups: []))
        _ = try run(settings(learningRate: 1), &content, UpdateBatch(groups: [.init(prompt: [1], rollouts: [])]))
        #expect(metrics == UpdateMetrics())
        #expect(try weights(content) == before && content.optimizer.step == 0)
    }
}
