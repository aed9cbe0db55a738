// SPDX-License-Identifier: Apache-2.0

public import Rewards
public import Rubrics

/// The strict, versioned configuration of a training run. Docs/recipes.md explains every number.
public struct TrainingRecipe: Sendable, Hashable {
    /// The run's name, the folder below `runs/`.
    public var name = "run"
    /// Everything random follows from this.
    public var seed: UInt64 = 1
    /// What is trained.
    public var policy = PolicySection()
    /// The prompts and their rubrics.
    public var data = DataSection()
    /// How verdicts become rewards.
    public var reward = RewardSection()
    /// How completions are drawn.
    public var sampling = SamplingSection()
    /// The algorithm.
    public var grpo = GRPOSection()
    /// The optimiser and its schedule.
    public var optimizer = OptimizerSection()
    /// What is measured on held-out prompts, and when.
    public var evaluation = EvaluationSection()
    /// What is saved, and when.
    public var checkpoints = CheckpointSection()

    /// A recipe of defaults; its data has to be named.
    public init() {}

    /// Replaces every path that the recipe names.
    public mutating func resolvePaths(_ resolve: (String) -> String) {
        policy.model = resolve(policy.model)
        data.train = resolve(data.train)
        if !data.heldOut.isEmpty { data.heldOut = resolve(data.heldOut) }
    }
}

extension TrainingRecipe {
    /// What is trained.
    public struct PolicySection: Sendable, Hashable {
        /// A Hugging Face directory or a GGUF file.
        public var model = "models/SmolLM2-135M-Instruct.gguf"
        /// The type that matrices compute in: `bf16` or `f32`. Master weights are always f32.
        public var dtype = ComputeType.bf16
    }

    /// The type that matrices compute in.
    public enum ComputeType: String, Sendable, Hashable, Codable, CaseIterable {
        case bf16
        case f32
    }

    /// The prompts and their rubrics.
    public struct DataSection: Sendable, Hashable {
        /// Rubric rows to train on, a path relative to the recipe.
        public var train = ""
        /// Rubric rows to measure on; empty for none.
        public var heldOut = ""
        /// What to do with criteria whose polarity nobody has decided.
        public var undecided = UndecidedPolicy.error
    }

    /// How verdicts become rewards.
    public struct RewardSection: Sendable, Hashable {
        /// The reward methods that a recipe can name.
        public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
            case rarExplicit = "rar-explicit"
        }

        /// The reward method.
        public var method = Method.rarExplicit
        /// How much each criterion weighs.
        public var weighting = Weighting.categorical
        /// What negative criteria do.
        public var negative = NegativeTreatment.credit
        /// What `cannot assess` does.
        public var cannotAssess = CannotAssessPolicy.notCredited
        /// What failures that a completion itself caused do.
        public var contentFailures = ContentFailurePolicy.notCredited
        /// The least judged share of a rubric's weight for a reward.
        public var minimumJudgedWeight = 0.75
        /// Whether a penalised reward ends at 0.
        public var clip = true
        /// What a criterion that is unjudged for one member of a group does to the others.
        public var unjudgedInGroup = UnjudgedInGroup.renormalize

        /// The reward method's value.
        public var explicit: ExplicitReward {
            ExplicitReward(
                weighting: weighting,
                negative: negative,
                cannotAssess: cannotAssess,
                minimumJudgedWeight: minimumJudgedWeight,
                clip: clip
            )
        }
    }

    /// How completions are drawn in training.
    public struct SamplingSection: Sendable, Hashable {
        /// Divides the logits; above 0.
        public var temperature = 1.0
        /// Only the smallest set of tokens with at least this probability.
        public var topP = 1.0
        /// Only this many most likely tokens; 0 for all.
        public var topK = 0
        /// The longest completion, in tokens.
        public var maxCompletionTokens = 256
        /// Whether every completion runs to the limit, for measurements of speed.
        public var ignoresEndOfSequence = false
    }

    /// The algorithm's numbers.
    public struct GRPOSection: Sendable, Hashable {
        /// Steps: batches of rollouts.
        public var steps = 300
        /// Prompts a step.
        public var promptsPerStep = 6
        /// Completions a prompt.
        public var groupSize = 16
        /// Optimiser steps made from each batch of rollouts.
        public var updatesPerBatch = 1
        /// How token losses become one number.
        public var loss = LossName.grpo
        /// ε_low of the clipped ratio.
        public var clipLow = 0.2
        /// ε_high of the clipped ratio.
        public var clipHigh = 0.2
        /// β, the weight of the divergence from the starting policy; 0 keeps no reference.
        public var klCoefficient = 0.0
        /// What advantages are divided by.
        public var advantageScaling = AdvantageScaling.group
        /// Whether completions cut at the limit leave the loss.
        public var masksTruncatedCompletions = false
        /// The fewest scored completions for a group to count.
        public var minimumGroupSize = 2
        /// The most tokens of one forward and backward pass, whole groups as far as they fit.
        public var tokensPerMicrobatch = 4096
    }

    /// The optimiser and its schedule.
    public struct OptimizerSection: Sendable, Hashable {
        /// The peak learning rate.
        public var learningRate = 5e-6
        /// What follows the warm-up.
        public var schedule = LearningRateSchedule.Shape.constantWithWarmup
        /// The share of steps in which the rate rises.
        public var warmupRatio = 0.1
        /// AdamW's first decay.
        public var beta1 = 0.9
        /// AdamW's second decay.
        public var beta2 = 0.999
        /// AdamW's epsilon.
        public var epsilon = 1e-8
        /// Decoupled weight decay of matrices.
        public var weightDecay = 0.0
        /// Gradients are scaled down to this norm.
        public var maximumGradientNorm = 1.0
    }

    /// What is measured on held-out prompts.
    public struct EvaluationSection: Sendable, Hashable {
        /// Steps between measurements; the untrained and the final policy are always measured. 0 for only those.
        public var every = 0
        /// Completions a prompt.
        public var samples = 4
        /// The sampling temperature.
        public var temperature = 1.0
        /// The seed of the samples, the same at every measurement, so that they are paired.
        public var seed: UInt64 = 0
    }

    /// What is saved.
    public struct CheckpointSection: Sendable, Hashable {
        /// Steps between checkpoints; the last step is always saved. 0 for only that.
        public var every = 50
        /// How many of the newest to keep.
        public var keep = 1
        /// Whether to keep the weights of the best held-out measurement too.
        public var best = true
    }
}

/// What a criterion that is unjudged for one member of a group does to the others.
public enum UnjudgedInGroup: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each member's rubric is renormalised over what was judged for it.
    case renormalize
    /// The criterion counts for no member.
    case dropInGroup = "drop_in_group"
}
