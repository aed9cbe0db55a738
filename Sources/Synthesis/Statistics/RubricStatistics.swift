// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// What files of rubrics hold, in numbers: rows are taken one after another and none is kept.
package struct RubricStatistics: Sendable {
    /// How many rows could be read.
    package private(set) var rows = 0
    /// How many rows could not.
    package private(set) var malformed = 0
    /// How many criteria there are, children not counted.
    package private(set) var criteria = 0
    /// How many rows have a criterion whose polarity is undecided.
    package private(set) var undecidedRows = 0
    /// Criteria a rubric.
    package private(set) var criteriaCounts = Distribution()
    /// Words of a prompt.
    package private(set) var promptWords = Distribution()
    /// Words of a reference answer, where there is one.
    package private(set) var referenceWords = Distribution()
    /// Words of a criterion's description.
    package private(set) var descriptionWords = Distribution()
    /// Criteria by importance; `none` where a criterion has none.
    package private(set) var importances = NameCounts()
    /// Criteria by polarity.
    package private(set) var polarities = NameCounts()
    /// Criteria by importance and polarity, as `pitfall negative`.
    package private(set) var polaritiesByImportance = NameCounts()
    /// Weights by importance; those of criteria without one under `none`.
    package private(set) var weights: [String: NumberSummary] = [:]
    /// Criteria by what decides them: the name of their check, or `judge`.
    package private(set) var checks = NameCounts()
    /// Criteria by kind; `none` where a criterion has none.
    package private(set) var kinds = NameCounts()
    /// Rows by domain.
    package private(set) var domains = NameCounts()
    /// Rows by source.
    package private(set) var sources = NameCounts()
    /// Rows by what their provenance says of how they came about; `none` where it says nothing.
    package private(set) var strategies = NameCounts()
    /// Rows by the model that wrote them; `none` where provenance names none.
    package private(set) var models = NameCounts()
    /// Changes to rows by who made them and what they were, as `review edited`.
    package private(set) var changes = NameCounts()

    /// Makes statistics of nothing.
    package init() {}

    /// Takes a row that cannot be read.
    package mutating func addMalformed() {
        malformed += 1
    }

    /// Takes a row.
    package mutating func add(_ task: RubricTask) {
        rows += 1
        criteriaCounts.add(task.criteria.count)
        promptWords.add(task.prompt.reduce(0) { $0 + $1.content.wordCount })
        if let reference = task.referenceAnswer { referenceWords.add(reference.wordCount) }
        if task.criteria.contains(where: { $0.polarity == .undecided }) { undecidedRows += 1 }
        domains.add(task.domain ?? Self.none)
        sources.add(task.source ?? Self.none)
        strategies.add(task.provenance?.strategy ?? Self.none)
        models.add(task.provenance?.model ?? Self.none)
        for change in task.provenance?.changes ?? [] { changes.add("\(change.by) \(change.action)") }
        for criterion in task.criteria { add(criterion) }
    }

    private mutating func add(_ criterion: Criterion) {
        criteria += 1
        let importance = criterion.importance?.rawValue ?? Self.none
        importances.add(importance)
        polarities.add(criterion.polarity.rawValue)
        polaritiesByImportance.add("\(importance) \(criterion.polarity.rawValue)")
        if let weight = criterion.weight { weights[importance, default: NumberSummary()].add(weight) }
        checks.add(criterion.check?.json.object?.members.first?.key ?? "judge")
        kinds.add(criterion.kind?.rawValue ?? Self.none)
        descriptionWords.add(criterion.description.wordCount)
    }

    /// What stands for a thing that is not said.
    package static let none = "none"
    /// The importances in the paper's order, and what stands for none.
    package static let importanceNames = Importance.allCases.map(\.rawValue) + [none]
}

extension String {
    /// The number of runs of what is no white space.
    var wordCount: Int {
        var (count, isInWord) = (0, false)
        for scalar in unicodeScalars {
            let isSpace =
                scalar.isASCII ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
            if !isSpace, !isInWord { count += 1 }
            isInWord = !isSpace
        }
        return count
    }
}
