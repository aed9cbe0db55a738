// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Foundation
import Judging
import Policies
import Rewards
public import Rubrics
import Tensors

/// A recipe with its data, read and checked before any work starts.
public struct TrainingInputs: Sendable {
    /// The recipe.
    public let recipe: TrainingRecipe
    /// The model's place.
    public var modelPath: String { recipe.policy.model }
    /// The prompts to train on.
    public let train: [RubricTask]
    /// The prompts to measure on.
    public let heldOut: [RubricTask]
    /// What the reader should know, for example criteria dropped for their undecided polarity.
    public let notes: [String]

    /// Reads the recipe's data.
    ///
    /// - Throws: `DocumentError`, `RewardError` or ``TrainingError`` naming the file, the row and the way out.
    public init(_ recipe: TrainingRecipe) throws {
        self.recipe = recipe
        var notes: [String] = []
        func load(_ path: String) throws -> [RubricTask] {
            let rows = try RubricFile(reading: Self.text(path), file: path)
            notes += rows.notes
            let resolution = try recipe.data.undecided.resolve(rows.tasks)
            let tasks = resolution.tasks
            notes += resolution.dropped.map {
                "\(path): dropped \($0.criterion) of \($0.task), whose polarity is undecided"
            }
            guard !tasks.isEmpty else {
                throw TrainingError(.invalidData, "\(path) holds no rows: write at least one rubric row")
            }
            try recipe.reward.explicit.validate(tasks)
            return tasks
        }
        train = try load(recipe.data.train)
        heldOut = recipe.data.heldOut.isEmpty ? [] : try load(recipe.data.heldOut)
        let known = Set(train.map(\.id))
        if let shared = heldOut.first(where: { known.contains($0.id) }) {
            throw TrainingError(
                .invalidData,
                "\(recipe.data.heldOut): the row \(shared.id) is also in \(recipe.data.train): held-out rows must be others"
            )
        }
        self.notes = notes
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TrainingError(.invalidData, "\(path) cannot be read: check the recipe's data section")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TrainingError(.invalidData, "\(path) is not UTF-8: save it as UTF-8")
        }
        return text
    }

    /// The held-out measurement; `nil` without held-out rows.
    func heldOutEvaluation(judge: any Judge) -> RubricEvaluation? {
        guard !heldOut.isEmpty else { return nil }
        return RubricEvaluation(
            tasks: heldOut,
            judge: judge,
            reward: recipe.reward.explicit,
            configuration: RubricEvaluation.Configuration(
                samples: recipe.evaluation.samples,
                temperature: recipe.evaluation.temperature,
                maxCompletionTokens: recipe.sampling.maxCompletionTokens,
                seed: recipe.evaluation.seed
            )
        )
    }
}

extension PolicyInTraining {
    /// Loads the policy that a recipe trains, and makes sure that the recipe's prompts fit it.
    init(_ inputs: TrainingInputs, weights: String, engine: TorchEngine, threads: Int) async throws {
        let recipe = inputs.recipe
        let rows = recipe.grpo.promptsPerStep * recipe.grpo.groupSize
        try await self.init(
            weights,
            base: inputs.modelPath,
            engine: engine,
            configuration: Configuration(
                computeType: recipe.policy.dtype == .bf16 ? .bfloat16 : .float32,
                optimizer: AdamW.Configuration(
                    beta1: recipe.optimizer.beta1,
                    beta2: recipe.optimizer.beta2,
                    epsilon: recipe.optimizer.epsilon,
                    weightDecay: recipe.optimizer.weightDecay
                ),
                keepsReference: recipe.grpo.klCoefficient > 0,
                // Rows beyond this gain little speed and cost memory for caches and logits.
                maximumRows: max(min(rows, 64), recipe.grpo.groupSize, recipe.evaluation.samples),
                maximumCompletionTokens: recipe.sampling.maxCompletionTokens,
                threads: threads,
                seed: recipe.seed,
                device: .cpu
            )
        )
        for task in inputs.train + inputs.heldOut {
            _ = try prompts.tokens(of: task, leaving: recipe.sampling.maxCompletionTokens)
        }
    }
}
