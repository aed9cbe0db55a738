// SPDX-License-Identifier: Apache-2.0

/// The shape of rubric rows (Docs/formats.md). Raw values are what a user types.
public enum RubricFormat: String, Sendable, Hashable, CaseIterable {
    /// The native row: `id`, `prompt`, `criteria`.
    case native = "rubrics"
    /// *Rubrics as Rewards*, as on Hugging Face: `question`, `rubric`.
    case rar
    /// HealthBench: `prompt`, `rubrics`. Criteria with points below zero are faults.
    case healthBench = "healthbench"
    /// open-instruct's rubric verifier: `messages`, `ground_truth` with a JSON text.
    case openInstruct = "open-instruct"
    /// The rubric judge of verifiers 0.4: `criteria` of `name`, `text`, `weight`, `choices`.
    case verifiers
    /// autorubric: `name`, `weight`, `requirement`, `options`.
    case autorubric
    /// The `rubric` package: `weight`, `requirement`.
    case rubric
    /// A judge of Harbor's rewardkit: `[judge]`, `[[criterion]]`.
    case rewardkit
    /// Prometheus: one statement with the descriptions of the ratings 1 to 5.
    case prometheus
    /// A training row of OpenRLHF: `prompt`, `label` with the rubric as JSON text.
    case openRLHF = "openrlhf"
    /// A training row of verl: `prompt`, `reward_model` with the rubric as JSON text.
    case verl
    /// A training row of TRL: `prompt`, `rubric` with the rubric as JSON text.
    case trl
}

extension RubricFormat {
    /// How files of the format are laid out.
    package enum Layout: Sendable, Hashable {
        /// A row a line.
        case lines
        /// A rubric a file, in the first of these extensions unless a file's name says another.
        case files(extensions: [String])
    }

    /// How files of the format are laid out.
    package var layout: Layout {
        switch self {
        case .native, .rar, .healthBench, .openInstruct, .openRLHF, .verl, .trl: .lines
        case .verifiers: .files(extensions: ["toml", "json"])
        case .rewardkit: .files(extensions: ["toml"])
        case .autorubric, .rubric: .files(extensions: ["yaml", "yml", "json"])
        case .prometheus: .files(extensions: ["json"])
        }
    }

    /// Whether rows of both formats may stand side by side: a list of `weight` and `requirement` is read by both
    /// packages.
    package func isCompatible(with other: RubricFormat) -> Bool {
        let packages: [RubricFormat] = [.autorubric, .rubric]
        return self == other || packages.contains(self) && packages.contains(other)
    }
}
