// SPDX-License-Identifier: Apache-2.0

/// A programmatic predicate over a completion: whether a criterion's *statement* is met.
///
/// Polarity is applied after it, exactly as after a judge.
public indirect enum Check: Sendable, Hashable {
    /// At least one of the terms stands in the text, at word boundaries.
    case anyOf([String])
    /// Every term stands in the text.
    case allOf([String])
    /// None of the terms stands in the text.
    case noneOf([String])
    /// The regular expression matches somewhere in the raw completion.
    case regex(String)
    /// A number within `tolerance` of `value` stands in the text, followed by `unit` when one is given.
    case number(value: Double, tolerance: Double, unit: String?)
    /// The completion's final answer equals this text.
    case finalAnswer(String)
    /// The completion chooses this letter of a multiple-choice question.
    case choice(String)
    /// The number of words lies within the bounds.
    case words(min: Int?, max: Int?)
    /// One sentence of bounded length holds at least one term of each list: a relation, not a list of keywords.
    case sentence(allOf: [[String]], minWords: Int, maxWords: Int)
    /// The share of repeated word trigrams is at most `max`, in [0, 1].
    case repetition(max: Double)
    /// The completion is valid JSON.
    case json
    /// Every check holds.
    case and([Check])
    /// At least one check holds.
    case or([Check])
    /// The check does not hold.
    case not(Check)
}
