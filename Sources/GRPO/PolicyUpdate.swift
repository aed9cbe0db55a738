// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Tensors

/// A rollout as the update sees it.
struct TrainedRollout: Sendable {
    /// The completion's tokens, the end token included.
    var tokens: [Int32]
    /// Each token's log-probability when it was sampled.
    var samplingLogprobs: [Float]
    /// Its group-relative advantage.
    var advantage: Double
}

/// The rollouts of one step that take part in the loss, by prompt.
struct UpdateBatch: Sendable {
    /// One prompt's rollouts.
    struct Group: Sendable {
        var prompt: [Int32]
        var rollouts: [TrainedRollout]
    }

    var groups: [Group]

    /// About how many tokens a pass over the batch reads.
    var tokenCount: Int {
        groups.reduce(0) { sum, group in
            group.rollouts.isEmpty ? sum : group.rollouts.reduce(sum + group.prompt.count) { $0 + $1.tokens.count - 1 }
        }
    }
}

/// The numbers of an update.
struct UpdateSettings: Sendable {
    var objective: TokenObjective
    var aggregation: LossAggregation
    var temperature: Double
    var updates: Int
    var tokensPerMicrobatch: Int
    var maximumGradientNorm: Double
    var learningRate: Double
    /// Whether the rollouts were sampled with older weights, so that tokens carry a weight for it.
    var isStale = false
}

/// What an update did, as means over the batch's trained tokens unless said otherwise.
struct UpdateMetrics: Sendable, Hashable {
    /// The loss without the divergence's part.
    var loss = 0.0
    /// D, the divergence from the reference.
    var divergence = 0.0
    /// The policy's entropy in nats.
    var entropy = 0.0
    /// The share of tokens whose gradient the clip cut off.
    var clipFraction = 0.0
    /// The largest importance ratio.
    var largestRatio = 0.0
    /// |sampling − training log-probability|, with what staleness adds.
    var samplingGapMean = 0.0
    /// The largest such gap.
    var samplingGapMax = 0.0
    /// The gradient's norm before clipping, mean over the updates.
    var gradientNorm = 0.0
    /// Tokens that went through forward and backward passes, prompts included.
    var trainedTokens = 0
}

/// One step's optimiser updates on the engine thread.
struct PolicyUpdate {
    private let settings: UpdateSettings
    private let rollouts: [TrainedRollout]
    private let tokenWeights: [Double]
    private let microbatches: [Microbatch]
    /// A row's log-probabilities under the weights that sampled it, computed on the training path in the first update.
    private var oldLogprobs: [[Float]?]
    private var referenceLogprobs: [[Float]?]
    private(set) var metrics = UpdateMetrics()

    init(_ batch: UpdateBatch, settings: UpdateSettings) {
        self.settings = settings
        rollouts = batch.groups.flatMap(\.rollouts)
        tokenWeights = settings.aggregation.tokenWeights(lengths: rollouts.map(\.tokens.count))
        var index = 0
        let groups = batch.groups.map { group in
            TrainedGroup(
                prompt: group.prompt,
                rows: group.rollouts.map { rollout in
                    defer { index += 1 }
                    return TrainedGroup.Row(index: index, tokens: rollout.tokens)
                }
            )
        }
        microbatches = Microbatch.pack(groups, budget: settings.tokensPerMicrobatch)
        oldLogprobs = [[Float]?](repeating: nil, count: rollouts.count)
        referenceLogprobs = oldLogprobs
    }

    /// Makes every update of the batch and refreshes the sampler.
    ///
    /// - Parameters:
    ///   - content: The policy on its engine thread.
    ///   - progress: Called with the tokens trained on so far, after each microbatch.
    /// - Throws: ``TrainingError`` before the optimiser moves when a loss or a gradient is not finite.
    mutating func run(_ content: inout PolicyInTraining.Content, progress: (Int) throws -> Void) throws {
        guard !microbatches.isEmpty else { return }
        for update in 0..<settings.updates {
            try content.optimizer.resetGradients()
            var totals = Totals()
            for microbatch in microbatches {
                try Task.checkCancellation()
                try accumulate(microbatch, content, update: update, into: &totals)
                metrics.trainedTokens += microbatch.tokens.count
                try progress(metrics.trainedTokens)
            }
            let norm = try content.optimizer.gradientNorm()
            guard norm.isFinite, totals.loss.isFinite else {
                throw TrainingError(
                    .nonFinite,
                    "the loss is \(totals.loss) and the gradient's norm \(norm) in update \(update + 1) of the step, which was "
                        + "not made; lower optimizer.learning_rate in the run's recipe.yaml and resume, or start a run "
                        + "with policy.model set to a checkpoint's policy folder"
                )
            }
            let scale = min(1, settings.maximumGradientNorm / (norm + 1e-6))
            try content.optimizer.update(learningRate: settings.learningRate, gradientScale: scale)
            metrics.gradientNorm += norm / Double(settings.updates)
            record(totals, update: update)
        }
        try content.sampler.refresh()
    }

    // MARK: One microbatch

    /// Sums over the tokens of one update.
    fileprivate struct Totals {
        var loss = 0.0
        var divergence = 0.0
        var entropy = 0.0
        var clipped = 0.0
        var largestRatio = 0.0
        var gap = 0.0
        var largestGap = 0.0
        var tokens = 0.0
    }

    private mutating func accumulate(
        _ microbatch: Microbatch,
        _ content: PolicyInTraining.Content,
        update: Int,
        into totals: inout Totals
    ) throws {
        let reference = try referenceLogprobs(microbatch, content.reference)
        let (logprobs, entropy) = try Self.logprobs(microbatch, content.model, settings.temperature)
        let policy = try logprobs.detached().floats()
        if update == 0 { store(policy, of: microbatch, in: &oldLogprobs) }
        totals.entropy += Double(try entropy.detached().sum().item())

        var gradients = [Float](repeating: 0, count: policy.count)
        var place = 0
        for row in microbatch.rows {
            let old = oldLogprobs[row] ?? []
            for token in old.indices {
                let value = settings.objective.value(
                    policy: Double(policy[place]),
                    old: Double(old[token]),
                    reference: reference.map { Double($0[place]) },
                    advantage: rollouts[row].advantage,
                    weight: stalenessWeight(row, token)
                )
                gradients[place] = Float(value.gradient * tokenWeights[row])
                totals.add(value, weight: tokenWeights[row], klCoefficient: settings.objective.klCoefficient)
                totals.add(gap: abs(Double(rollouts[row].samplingLogprobs[token]) - Double(policy[place])))
                place += 1
            }
        }
        // Nothing to learn from groups of equal rewards: their backward pass would add zeros.
        guard gradients.contains(where: { $0 != 0 }) else { return }
        // d loss / d logprob is known in closed form, so the scalar to differentiate is its product with the
        // log-probabilities.
        try (logprobs * content.model.engine.tensor(gradients, device: content.model.device)).sum().backward()
    }

    private func stalenessWeight(_ row: Int, _ token: Int) -> Double {
        guard settings.isStale, let old = oldLogprobs[row] else { return 1 }
        let sampling = rollouts[row].samplingLogprobs[token]
        return TokenObjective.stalenessWeight(old: Double(old[token]), sampling: Double(sampling))
    }

    private static func logprobs(
        _ microbatch: Microbatch,
        _ model: DecoderModel,
        _ temperature: Double
    ) throws -> (logprobs: Tensor, entropy: Tensor) {
        let hidden = try model.hiddenStates(microbatch.tokens, groups: microbatch.layouts)
        let predictors = try model.engine.tensor(microbatch.predictors.map(Int64.init), device: model.device)
        return try model.tokenLogprobs(
            hidden.selecting(predictors),
            targets: microbatch.targets,
            temperature: temperature
        )
    }

    /// The reference policy's log-probabilities, computed once a batch; `nil` without a reference.
    private mutating func referenceLogprobs(_ microbatch: Microbatch, _ model: DecoderModel?) throws -> [Float]? {
        guard let model else { return nil }
        let stored = microbatch.rows.compactMap { referenceLogprobs[$0] }
        if stored.count == microbatch.rows.count { return stored.flatMap(\.self) }
        let temperature = settings.temperature
        let values = try model.engine.withoutGradients {
            try Self.logprobs(microbatch, model, temperature).logprobs.floats()
        }
        store(values, of: microbatch, in: &referenceLogprobs)
        return values
    }

    private func store(_ values: [Float], of microbatch: Microbatch, in rows: inout [[Float]?]) {
        var start = 0
        for row in microbatch.rows {
            let end = start + rollouts[row].tokens.count
            rows[row] = Array(values[start..<end])
            start = end
        }
    }

    /// Losses and ratios are those of the last update; the gap to the sampler belongs to the first.
    private mutating func record(_ totals: Totals, update: Int) {
        let tokens = max(totals.tokens, 1)
        metrics.loss = totals.loss
        metrics.divergence = totals.divergence / tokens
        metrics.entropy = totals.entropy / tokens
        metrics.clipFraction = totals.clipped / tokens
        metrics.largestRatio = max(metrics.largestRatio, totals.largestRatio)
        guard update == 0 else { return }
        metrics.samplingGapMean = totals.gap / tokens
        metrics.samplingGapMax = totals.largestGap
    }
}

extension PolicyUpdate.Totals {
    fileprivate mutating func add(_ value: TokenObjective.Value, weight: Double, klCoefficient: Double) {
        loss += weight * (value.loss - klCoefficient * value.divergence)
        divergence += value.divergence
        clipped += value.isClipped ? 1 : 0
        largestRatio = max(largestRatio, value.ratio)
        tokens += 1
    }

    fileprivate mutating func add(gap value: Double) {
        gap += value
        largestGap = max(largestGap, value)
    }
}
