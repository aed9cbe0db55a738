// SPDX-License-Identifier: Apache-2.0

/// A rule of `rubrics lint`; Docs/lint.md says why each is there.
package enum LintRule: String, Sendable, Hashable, CaseIterable {
    // Rows and files.
    case unreadableRow = "unreadable-row"
    case noRows = "no-rows"
    case mixedFormats = "mixed-formats"
    case duplicateID = "duplicate-id"
    case duplicateQuestion = "duplicate-question"
    case sharedQuestion = "shared-question"
    case constantCount = "constant-count"
    // The rubric as a whole.
    case criterionCount = "criterion-count"
    case allNegative = "all-negative"
    // Importance and weight.
    case missingImportance = "missing-importance"
    case misspeltImportance = "misspelt-importance"
    case weightSign = "weight-sign"
    case weightRange = "weight-range"
    case weightOrder = "weight-order"
    // Polarity.
    case undecidedPolarity = "undecided-polarity"
    case titleContradictsText = "title-contradicts-text"
    case polarityContradictsText = "polarity-contradicts-text"
    // Wording.
    case compoundCriterion = "compound-criterion"
    case severalSentences = "several-sentences"
    case vagueWording = "vague-wording"
    case notSelfContained = "not-self-contained"
    case titleLength = "title-length"
    case genericCriterion = "generic-criterion"
    // Repetition.
    case duplicateCriterion = "duplicate-criterion"
    case mirroredPitfall = "mirrored-pitfall"
    case contradictoryCriteria = "contradictory-criteria"
    // The reference answer.
    case emptyReference = "empty-reference"
    case referenceSaysNothing = "reference-says-nothing"
    case answerInQuestion = "answer-in-question"
    case copiedReference = "copied-reference"
    // Damaged text.
    case replacementCharacter = "replacement-character"
    case mojibake
    case lostEscape = "lost-escape"
    case doubledBackslash = "doubled-backslash"
    case controlCharacter = "control-character"
    case surroundingSpace = "surrounding-space"
}

extension LintRule {
    /// What the rule finds, in one line.
    package var summary: String {
        switch self {
        case .unreadableRow: "a row that cannot be read"
        case .noRows: "a file without rows"
        case .mixedFormats: "rows of two formats in one file"
        case .duplicateID: "an identifier that an earlier row has"
        case .duplicateQuestion: "a question that the file asks twice"
        case .sharedQuestion: "a question that another of the files asks too"
        case .constantCount: "nearly every row has the same number of criteria"
        case .criterionCount: "fewer than 7 or more than 20 criteria"
        case .allNegative: "nothing that a good answer could earn"
        case .missingImportance: "no importance where the row's others have one"
        case .misspeltImportance: "an importance that is not written as the format writes it"
        case .weightSign: "a weight whose sign disagrees with the importance"
        case .weightRange: "a weight outside the format's range"
        case .weightOrder: "a weight that puts a lower importance over a higher one"
        case .undecidedPolarity: "nobody has decided whether meeting it is good or bad"
        case .titleContradictsText: "a title that says the opposite of the description"
        case .polarityContradictsText: "a polarity that the wording contradicts"
        case .compoundCriterion: "several statements in one criterion"
        case .severalSentences: "more than one sentence"
        case .vagueWording: "wording that leaves the verdict to taste"
        case .notSelfContained: "wording that points at something the judge does not see"
        case .titleLength: "a title that is not two to four words"
        case .genericCriterion: "nothing in it belongs to its question"
        case .duplicateCriterion: "a criterion that says what an earlier one says"
        case .mirroredPitfall: "a pitfall that scores another criterion's fact again"
        case .contradictoryCriteria: "two criteria that no answer can meet together"
        case .emptyReference: "no reference answer"
        case .referenceSaysNothing: "a reference answer without an answer"
        case .answerInQuestion: "a question that holds its reference answer"
        case .copiedReference: "a criterion that copies a long part of the reference answer"
        case .replacementCharacter: "a character that was lost in decoding (U+FFFD)"
        case .mojibake: "UTF-8 that was read as Latin-1 or Windows-1252"
        case .lostEscape: "a LaTeX command whose backslash was read as an escape"
        case .doubledBackslash: "a LaTeX command behind two backslashes"
        case .controlCharacter: "a character that nobody sees"
        case .surroundingSpace: "white space around a title or behind a description"
        }
    }

    /// How bad its findings are, unless one says otherwise.
    package var severity: LintSeverity {
        switch self {
        case .unreadableRow, .noRows, .mixedFormats, .duplicateID, .allNegative: .error
        case .constantCount, .severalSentences, .vagueWording, .titleLength, .surroundingSpace, .answerInQuestion,
            .compoundCriterion, .controlCharacter:
            .note
        default: .warning
        }
    }
}
