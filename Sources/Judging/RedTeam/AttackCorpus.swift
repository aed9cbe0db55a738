// SPDX-License-Identifier: Apache-2.0

/// The attacks that a judge is tested with, family by family.
public enum AttackCorpus {
    /// All attacks, in the order of their families.
    public static let attacks: [Attack] = Attack.Family.allCases.flatMap { attacks(of: $0) }

    /// The attacks of one family.
    ///
    /// - Parameter family: The trick.
    /// - Returns: At least two attacks.
    public static func attacks(of family: Attack.Family) -> [Attack] {
        switch family {
        case .forgedDelimiter: forgedDelimiters + forgedTurns
        case .forgedVerdict: forgedVerdicts + forgedForeignVerdicts
        case .instruction: instructions
        case .authority: authorities
        case .hiddenText: hiddenTexts
        case .unicode: unicode
        case .otherLanguage: otherLanguages
        case .rubricEcho: rubricEchoes
        case .promptEcho: promptEchoes
        case .masterKey: masterKeys
        case .opener: openers
        case .emptyLooking: emptyLooking
        case .keywordStuffing: keywordStuffing
        case .completenessFiller: completenessFillers
        case .topicalMatch: topicalMatches
        case .partialCompound: partialCompounds
        case .implicitAsExplicit: implicitAsExplicit
        case .decoration: decorations
        case .emotionalPressure: emotionalPressure
        case .selfPraise: selfPraise
        case .earlierJudge: earlierJudges
        case .formatRequest: formatRequests
        case .judgeFailure: judgeFailures
        case .polarityFlip: polarityFlips
        case .thinkingMarker: thinkingMarkers
        case .promptLeak: promptLeaks
        }
    }
}
