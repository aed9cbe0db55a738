// SPDX-License-Identifier: Apache-2.0

/// What a criterion's title says about its statement.
struct TitleCue {
    /// The cue; `nil` where the title says nothing.
    let cue: PolarityCue?

    /// Reads a title.
    ///
    /// - Parameters:
    ///   - title: The title.
    ///   - isNegated: Whether the statement says that something is not named.
    init(_ title: String, isNegated: Bool) {
        let words = StatementText(title).words
        cue = Self.weight(of: words, isNegated: isNegated).map { PolarityCue(ground: .title, weight: $0) }
    }

    private static func weight(of words: [String], isNegated: Bool) -> Double? {
        guard let first = words.first else { return nil }
        if words.last == "avoidance" || virtues.contains(first) { return 2.3 }
        if first == "pitfall", words.count > 1, words[1] == ":" {
            return weight(of: Array(words.dropFirst(2)), isNegated: isNegated).map { min($0, 1) - 0.7 } ?? -0.7
        }
        let verb = VerbForm(first)
        if verb?.verbClass == .avoidance || negations.begin(words[...]) {
            return 2.3
        }
        if faults.contains(first) { return -1.8 }
        switch verb?.verbClass {
        case .error, .failure: return -1.8
        case .assertion: return isNegated ? -0.4 : -1
        case .avoidance, .virtue, .explanation, .mention, .exclusion, .sanction, nil: return isNegated ? -0.5 : nil
        }
    }

    private static let negations: Phrases = ["does not", "do not", "doesn't", "don't"]
    private static let virtues: Set<String> = [
        "no", "not", "exclude", "excludes", "excluding", "exclusion", "without", "prevents", "preventing", "eliminates",
        "eliminating", "rules", "never",
    ]
    private static let faults: Set<String> = [
        "failure", "omission", "lack", "lacking", "missing", "incorrect", "wrong", "inaccurate", "inadequate",
        "insufficient", "absence", "incomplete", "misdiagnosis", "misidentification", "misinterpretation", "neglected",
        "omitted", "ignored", "overlooked", "unclear", "misleading",
    ]
}
