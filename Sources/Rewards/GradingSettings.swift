// SPDX-License-Identifier: Apache-2.0

public import Judging
import Rubrics

/// A method file: how completions are graded and who judges them, in the sections of a recipe.
public struct GradingSettings: Sendable, Hashable, Codable {
    /// How completions are graded.
    public var reward = RewardSettings()
    /// Who judges.
    public var judge = JudgeSettings()

    /// The defaults: RaR-Explicit by checks.
    public init() {}

    /// Grading by a recipe's sections.
    public init(reward: RewardSettings, judge: JudgeSettings) {
        self.reward = reward
        self.judge = judge
    }

    /// What is asked and what answers are worth.
    public var method: GradingMethod {
        GradingMethod(reward, criteriaPerCall: judge.criteriaPerCall)
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case reward, judge, command
    }

    /// Writes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(reward, forKey: .reward)
        try container.encode(judge, forKey: .judge)
    }

    /// Reads a method; what is missing takes its default. `command` alone is the method `command` by that program.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        reward = try container.value(.reward, or: reward)
        judge = try container.value(.judge, or: judge)
        if let command = try container.decodeIfPresent([String].self, forKey: .command) {
            (judge.command, reward.method) = (command, .command)
        }
        guard judge.command.isEmpty == (reward.method != .command) else {
            throw DecodingError.dataCorruptedError(
                forKey: .reward,
                in: container,
                debugDescription: "reward.method command and judge.command go together: give both, or neither"
            )
        }
    }
}
