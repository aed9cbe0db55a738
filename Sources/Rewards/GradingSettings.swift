// SPDX-License-Identifier: Apache-2.0

public import Judging
import Rubrics

/// A method file: how completions are graded and who judges them, in the sections of a recipe.
public struct GradingSettings: Sendable, Hashable, Codable {
    /// How completions are graded.
    public var reward = RewardSettings()
    /// Who judges.
    public var judge = JudgeSettings()
    /// A command that gives rewards itself, with its arguments; none when it is empty. Docs/judges.md has its contract.
    public var command: [String] = []

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

    /// Reads a method; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        reward = try container.value(.reward, or: reward)
        judge = try container.value(.judge, or: judge)
        command = try container.value(.command, or: command)
    }
}
