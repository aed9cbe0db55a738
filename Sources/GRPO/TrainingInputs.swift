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
    /// The rows to train on, and those to measure on.
    private let files: (train: TaskFile, heldOut: TaskFile?)

    /// The prompts to train on.
    public var train: [RubricTask] { files.train.tasks }
    /// The prompts to measure on.
    public var heldOut: [RubricTask] { files.heldOut?.tasks ?? [] }
    /// What the reader should know, for example criteria dropped for their undecided polarity.
    public var notes: [String] { files.train.notes + (files.heldOut?.notes ?? []) }

    /// Reads the recipe's data.
    ///
    /// - Throws: `DocumentError`, `TaskFileError` or ``TrainingError`` naming the file, the row and the way out.
    public init(_ recipe: TrainingRecipe) throws {
        self.recipe = recipe
        func read(_ path: String) throws -> TaskFile {
            try TaskFile(
                path,
                tags: recipe.data.tags,
                undecided: recipe.data.undecided,
                method: recipe.grading.method
            )
        }
        files = (try read(recipe.data.train), recipe.data.heldOut.isEmpty ? nil : try read(recipe.data.heldOut))
        if case .explicit(let reward) = recipe.grading.method.reward {
            try files.train.validate { try recipe.reward.shaping.validate($0, for: reward) }
        }
        let known = Set(train.map { ExactText($0.id) })
        if let shared = heldOut.first(where: { known.contains(ExactText($0.id)) }) {
            throw TrainingError(
                .invalidData,
                "\(recipe.data.heldOut): the row \(shared.id) is also in \(recipe.data.train): held-out rows must be others"
            )
        }
    }

    /// Makes sure that the model is there and sound as far as its headers tell, and that every prompt fits it.
    ///
    /// - Throws: `ModelFileError` or `ContextOverflow`.
    public func validateModel() throws {
        try checkContext(PromptFormat(ModelFile.open(modelPath)))
    }

    /// Makes sure that every prompt leaves room for a whole completion.
    fileprivate func checkContext(_ prompts: PromptFormat) throws {
        for task in train + heldOut { _ = try prompts.tokens(of: task, leaving: recipe.sampling.maxCompletionTokens) }
    }

    /// Runs a check of the tasks as they are judged; its errors name the file.
    ///
    /// - Parameter check: Throws for a task that nobody can judge.
    /// - Throws: `TaskFileError`.
    public func validate(_ check: ([RubricTask]) throws -> Void) throws {
        let method = recipe.grading.method
        for file in [files.train, files.heldOut].compactMap(\.self) {
            try file.validate { try check($0.map(method.judgedTask)) }
        }
    }

    /// The held-out measurement; `nil` without held-out rows.
    func heldOutEvaluation(_ grading: RunGrading) -> RubricEvaluation? {
        guard !heldOut.isEmpty else { return nil }
        return RubricEvaluation(
            tasks: heldOut,
            grader: grading.grader,
            configuration: RubricEvaluation.Configuration(
                samples: recipe.evaluation.samples,
                temperature: recipe.evaluation.temperature,
                maxCompletionTokens: recipe.sampling.maxCompletionTokens,
                seed: recipe.evaluation.seed
            ),
            keepFailures: grading.keepFailures
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
        try inputs.checkContext(prompts)
    }
}
