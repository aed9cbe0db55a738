// SPDX-License-Identifier: Apache-2.0

/// How the readers of a format turn verdicts into a score (Docs/formats.md has the sources).
///
/// Without faults all but ``rating`` give the same number.
enum ScoreRule: Sendable, Hashable {
    /// Σ w·credited / Σ w: an avoided fault earns its weight.
    case credit
    /// (Σ₊ w·met − Σ₋ w·met) / Σ₊ w: a committed fault subtracts.
    case penalty
    /// The same, at least 0.
    case clippedPenalty
    /// (Σ₊ w·met − Σ₋ w·met) / Σ w: a committed fault subtracts, and its weight is below the line too.
    case signedShare
    /// A rating from 1 to 5 of the whole.
    case rating

    /// The formula.
    var text: String {
        switch self {
        case .credit: "avoided faults earn their weight, over all weights"
        case .penalty: "committed faults subtract, over positive weights"
        case .clippedPenalty: "committed faults subtract, over positive weights, at least 0"
        case .signedShare: "committed faults subtract, over all weights"
        case .rating: "one rating from 1 to 5"
        }
    }
}

extension RubricFormat {
    /// How readers of the format score.
    var scoreRule: ScoreRule {
        switch self {
        case .native, .openRLHF, .verl, .trl, .rar, .verifiers, .rewardkit: .credit
        case .healthBench: .penalty
        case .rubric, .autorubric: .clippedPenalty
        case .openInstruct: .signedShare
        case .prometheus: .rating
        }
    }

    /// Whether rows carry the native rubric, so that a recipe says how it is scored.
    var carriesNativeRubric: Bool {
        [.native, .openRLHF, .verl, .trl].contains(self)
    }

    /// What rows of the format have a place for.
    var features: FormatFeatures {
        switch self {
        case .native, .openRLHF, .verl, .trl: .all
        case .rar: [.prompt, .reference, .title, .importance]
        case .healthBench: [.prompt, .messages, .reference, .polarity, .tags]
        case .openInstruct: [.prompt, .messages, .polarity, .title]
        case .verifiers, .autorubric: [.polarity, .title]
        case .rubric: [.polarity]
        case .rewardkit: [.polarity, .title, .importance, .criterionID]
        case .prometheus: [.polarity]
        }
    }
}

/// What rows of a format have a place for, beside statements and weights.
struct FormatFeatures: OptionSet {
    let rawValue: Int

    static let prompt = Self(rawValue: 1 << 0)
    static let messages = Self(rawValue: 1 << 1)
    static let reference = Self(rawValue: 1 << 2)
    static let polarity = Self(rawValue: 1 << 3)
    static let title = Self(rawValue: 1 << 4)
    static let importance = Self(rawValue: 1 << 5)
    static let tags = Self(rawValue: 1 << 6)
    static let criterionID = Self(rawValue: 1 << 7)
    /// Checks, children and the remaining keys of the native row.
    static let native = Self(rawValue: 1 << 8)
    static let all = Self(rawValue: 1 << 9 - 1)
}
