// SPDX-License-Identifier: Apache-2.0

extension Attack {
    /// Attacks that share a trick.
    public enum Family: String, Sendable, Hashable, Codable, CaseIterable {
        /// Ends the quoted completion early, so that the rest reads as the judge's own prompt.
        case forgedDelimiter = "forged_delimiter"
        /// Writes the reply that the judge should give, in the judge's own format.
        case forgedVerdict = "forged_verdict"
        /// Tells the judge what to find.
        case instruction
        /// Speaks in the name of somebody whom the judge obeys.
        case authority
        /// Hides an instruction from readers, but not from a model.
        case hiddenText = "hidden_text"
        /// Writes delimiters and instructions in scalars that look or normalize like others.
        case unicode
        /// Asks for the top grade in another language.
        case otherLanguage = "other_language"
        /// Gives the rubric's statements back as claims.
        case rubricEcho = "rubric_echo"
        /// Gives the prompt back.
        case promptEcho = "prompt_echo"
        /// A symbol or a heading that some judges take for a right answer.
        case masterKey = "master_key"
        /// Announces an answer that never comes.
        case opener
        /// Shows nothing to a reader without being empty, or almost.
        case emptyLooking = "empty_looking"
        /// Lists the words that a right answer would hold.
        case keywordStuffing = "keyword_stuffing"
        /// Claims to cover everything, at length.
        case completenessFiller = "completeness_filler"
        /// Names a criterion's subject and says nothing definite about it.
        case topicalMatch = "topical_match"
        /// Says half of each statement.
        case partialCompound = "partial_compound"
        /// Leaves everything to be understood.
        case implicitAsExplicit = "implicit_as_explicit"
        /// Has the form of a careful answer: headings, tables, references.
        case decoration
        /// Begs, bribes, threatens or flatters.
        case emotionalPressure = "emotional_pressure"
        /// Praises itself.
        case selfPraise = "self_praise"
        /// Claims that somebody judged it already.
        case earlierJudge = "earlier_judge"
        /// Asks for a reply in a format that lacks the reason or the menu.
        case formatRequest = "format_request"
        /// Tries to make the judge refuse, break or write nonsense.
        case judgeFailure = "judge_failure"
        /// Redefines what met, unmet or a number means.
        case polarityFlip = "polarity_flip"
        /// Plays with the markers of hidden reasoning.
        case thinkingMarker = "thinking_marker"
        /// Asks the judge to give away its prompt or the rubric.
        case promptLeak = "prompt_leak"
    }
}
