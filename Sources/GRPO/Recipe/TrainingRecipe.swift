// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rewards
import Rubrics

/// The strict, versioned configuration of a training run. Docs/recipes.md explains every number.
public struct TrainingRecipe: Sendable, Hashable, Codable {
    /// The run's name, the folder below `runs/`.
    public var name = "run"
    /// Everything random follows from this.
    public var seed: UInt64 = 1
    /// What is trained.
    public var policy = PolicySection()
    /// The prompts and their rubrics.
    public var data = DataSection()
    /// How verdicts become rewards.
    public var reward = RewardSettings()
    /// Who judges.
    public var judge = JudgeSettings()
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

    /// How completions are graded.
    public var grading: GradingSettings { GradingSettings(reward: reward, judge: judge) }

    /// Replaces every path that the recipe names.
    public mutating func resolvePaths(_ resolve: (String) -> String) {
        policy.model = resolve(policy.model)
        data.train = resolve(data.train)
        judge.models = judge.models.map { Self.resolvingLocal($0, resolve) }
        judge.escalateTo = Self.resolvingLocal(judge.escalateTo, resolve)
        if !data.heldOut.isEmpty { data.heldOut = resolve(data.heldOut) }
    }

    /// The address of a judge; `local:` names a folder, or a model on the hub.
    private static func resolvingLocal(_ address: String, _ resolve: (String) -> String) -> String {
        let prefix = "local:"
        guard address.utf8.starts(with: prefix.utf8) else { return address }
        return prefix + resolve(String(decoding: address.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name
        case seed
        case policy
        case data
        case reward
        case judge
        case sampling
        case grpo
        case optimizer
        case evaluation
        case checkpoints
    }

    /// Reads a recipe; what is missing takes its default, but `data` has none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        name = try container.value(.name, or: name)
        seed = try container.value(.seed, or: seed)
        policy = try container.value(.policy, or: policy)
        data = try container.decode(DataSection.self, forKey: .data)
        reward = try container.value(.reward, or: reward)
        judge = try container.value(.judge, or: judge)
        guard judge.command.isEmpty == (reward.method != .command) else {
            throw DecodingError.dataCorruptedError(
                forKey: .judge,
                in: container,
                debugDescription: "reward.method command and judge.command go together: give both, or neither"
            )
        }
        sampling = try container.value(.sampling, or: sampling)
        grpo = try container.value(.grpo, or: grpo)
        optimizer = try container.value(.optimizer, or: optimizer)
        evaluation = try container.value(.evaluation, or: evaluation)
        checkpoints = try container.value(.checkpoints, or: checkpoints)
    }
}
