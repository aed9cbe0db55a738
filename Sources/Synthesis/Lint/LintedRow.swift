// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A criterion with its texts taken apart.
struct LintedCriterion: Sendable {
    /// The criterion.
    let criterion: Criterion
    /// Its position, behind those of its parents.
    let path: [Int]
    /// The weight as the row writes it, sign included.
    let signedWeight: Double?
    let title: LintText
    let description: LintText
    /// What the description is about: stems, sorted.
    let content: [UInt64]

    init(_ criterion: Criterion, path: [Int], signedWeight: Double?, _ vocabulary: LintVocabulary) {
        self.criterion = criterion
        self.path = path
        self.signedWeight = signedWeight
        title = LintText(criterion.title, vocabulary)
        description = LintText(criterion.description, vocabulary)
        content = description.content
    }

    /// Whether it stands for something to be avoided, whichever way it is worded.
    var isPitfall: Bool {
        criterion.importance == .pitfall || criterion.polarity == .negative
    }
}

/// A row with its texts taken apart, as the rules take it.
struct LintedRow: Sendable {
    let task: RubricTask
    let format: RubricFormat
    let slips: [RowSlip]
    let file: String
    let line: Int?
    let vocabulary: LintVocabulary
    /// The messages of the prompt.
    let prompt: [LintText]
    /// The reference answer; `nil` where there is none.
    let reference: LintText?
    /// The criteria, children behind their parents.
    let criteria: [LintedCriterion]
    /// What the prompt is about.
    let promptStems: Set<UInt64>

    init(
        _ task: RubricTask,
        format: RubricFormat = .native,
        slips: [RowSlip] = [],
        signedWeights: [Double?]? = nil,
        file: String = "",
        line: Int? = nil,
        vocabulary: LintVocabulary = .standard
    ) {
        self.task = task
        self.format = format
        self.slips = slips
        self.file = file
        self.line = line
        self.vocabulary = vocabulary
        prompt = task.prompt.map { LintText($0.content, vocabulary) }
        reference = task.referenceAnswer.map { LintText($0, vocabulary) }
        criteria = Self.flattened(task.criteria, weights: signedWeights, vocabulary)
        promptStems = prompt.reduce(into: []) { stems, text in
            for word in text.words where word.isContent { stems.insert(word.stem) }
        }
    }

    /// The criteria that are no children.
    var roots: [LintedCriterion] { criteria.filter { $0.path.count == 1 } }

    private static func flattened(
        _ criteria: [Criterion],
        below path: [Int] = [],
        weights: [Double?]? = nil,
        _ vocabulary: LintVocabulary
    ) -> [LintedCriterion] {
        criteria.enumerated().flatMap { position, criterion in
            let weight = weights.flatMap { $0.indices.contains(position) ? $0[position] : nil } ?? criterion.weight
            let place = path + [position]
            return [LintedCriterion(criterion, path: place, signedWeight: weight, vocabulary)]
                + (criterion.children.isEmpty ? [] : flattened(criterion.children, below: place, vocabulary))
        }
    }

    /// A finding about the row as a whole.
    func finding(
        _ rule: LintRule,
        _ message: String,
        suggestion: String? = nil,
        severity: LintSeverity? = nil
    ) -> LintFinding {
        finding(rule, nil, message, suggestion: suggestion, severity: severity)
    }

    /// A finding at one of its criteria.
    func finding(
        _ rule: LintRule,
        _ criterion: LintedCriterion?,
        _ message: String,
        suggestion: String? = nil,
        severity: LintSeverity? = nil,
        fix: LintFix? = nil
    ) -> LintFinding {
        LintFinding(
            rule: rule,
            severity: severity ?? rule.severity,
            file: file,
            line: line,
            task: task.id,
            criterion: criterion?.criterion.id,
            message: message,
            suggestion: suggestion,
            fix: fix
        )
    }
}

/// A concern of lint: what it finds in one row.
protocol RowRules: SendableMetatype {
    /// The rules that findings can be of.
    static var rules: Set<LintRule> { get }
    /// What is found in a row.
    static func findings(in row: LintedRow) -> [LintFinding]
}
