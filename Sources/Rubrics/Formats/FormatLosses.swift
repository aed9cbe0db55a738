// SPDX-License-Identifier: Apache-2.0

/// What a format has no place for in a task, and what scores otherwise there.
struct FormatLosses {
    private let task: RubricTask
    private let source: RubricFormat
    private let target: RubricFormat

    init(of task: RubricTask, from source: RubricFormat, to target: RubricFormat) {
        (self.task, self.source, self.target) = (task, source, target)
    }

    /// All losses, those of the row before those of its criteria.
    var all: [ConversionLoss] {
        guard source != target else { return [] }
        return normalizer + rowLosses + task.criteria.flatMap { losses(of: $0) }
    }

    private func lacks(_ feature: FormatFeatures) -> Bool {
        !target.features.contains(feature)
    }

    /// Formulas differ only where there are faults.
    private var normalizer: [ConversionLoss] {
        if target == .prometheus || source == .prometheus {
            let detail =
                target == .prometheus ? "criteria become one rating from 1 to 5" : "a rating becomes one verdict"
            return [ConversionLoss(.ratingScale, detail: detail, changesScore: true)]
        }
        guard source.scoreRule != target.scoreRule, task.criteria.contains(where: { $0.polarity != .positive }) else {
            return []
        }
        let detail = "\(rule(of: source)); \(rule(of: target))"
        return [ConversionLoss(.normalizer, detail: detail, changesScore: !target.carriesNativeRubric)]
    }

    private func rule(of format: RubricFormat) -> String {
        let condition = format.carriesNativeRubric ? " (reward.negative: credit, the default)" : ""
        return "\(format.rawValue): \(format.scoreRule.text)\(condition)"
    }

    private var rowLosses: [ConversionLoss] {
        var losses: [ConversionLoss] = []
        let speaks = task.prompt.count > 1 || task.prompt.contains { $0.role != .user }
        if lacks(.prompt), !task.prompt.isEmpty {
            losses.append(ConversionLoss(.messages, detail: "the prompt is left out"))
        } else if lacks(.messages), speaks {
            let detail = "the conversation becomes one text"
            losses.append(ConversionLoss(.messages, detail: detail, changesScore: true))
        }
        if lacks(.reference), task.referenceAnswer != nil {
            losses.append(ConversionLoss(.reference, detail: "the reference answer is left out"))
        }
        if lacks(.tags), !task.tags.isEmpty { losses.append(ConversionLoss(.tags, detail: "tags are left out")) }
        if lacks(.native) { losses += detailLosses }
        if !foreignFormats(in: task.metadata).isEmpty {
            losses.append(
                ConversionLoss(.metadata, detail: "keys of \(foreignFormats(in: task.metadata)) are left out")
            )
        }
        return losses
    }

    private var detailLosses: [ConversionLoss] {
        var keys: [String] = []
        if task.plainAnswer != nil { keys.append("plain_answer") }
        if let from = task.source, target != .rar, !(target == .healthBench && from.isExactly("HealthBench")) {
            keys.append("source")
        }
        if task.domain != nil { keys.append("domain") }
        if let provenance = task.provenance, provenance.strategy != "import" { keys.append("provenance") }
        return keys.isEmpty ? [] : [ConversionLoss(.details, detail: keys.joined(separator: ", ") + " left out")]
    }

    /// The formats whose keys are kept in metadata and that are not the target, in order.
    private func foreignFormats(in metadata: JSONObject) -> String {
        guard lacks(.native) else { return "" }
        return metadata.members.map(\.key).filter { $0 != target.rawValue }.joined(separator: ", ")
    }

    // MARK: - Criteria

    private func losses(of criterion: Criterion) -> [ConversionLoss] {
        guard lacks(.native) else { return [] }
        return scoreLosses(of: criterion) + labelLosses(of: criterion)
    }

    private func scoreLosses(of criterion: Criterion) -> [ConversionLoss] {
        var losses: [ConversionLoss] = []
        func lose(_ kind: ConversionLoss.Kind, _ detail: String, changesScore: Bool = true) {
            losses.append(ConversionLoss(kind, criterion: criterion.id, detail: detail, changesScore: changesScore))
        }
        if lacks(.polarity), criterion.polarity != .undecided, criterion.statesPolarity {
            lose(.polarity, "\(criterion.polarity.rawValue), and a sign says nothing in \(target.rawValue)")
        }
        if criterion.check != nil { lose(.check, "its check is left out: a judge decides") }
        if !criterion.children.isEmpty { lose(.children, "its children are left out: it is judged as a whole") }
        if criterion.metadata.members.contains(where: { isScale($0.key, $0.value) }) {
            lose(.ratingScale, "its graded scale becomes met or not met")
        }
        if criterion.weight == nil, target != .rar {
            lose(.weight, "made from its importance: \(criterion.numericWeight)", changesScore: false)
        }
        if criterion.importance == nil, target == .rar {
            lose(.importance, "readers of RaR tell one from the weight", changesScore: false)
        }
        return losses
    }

    /// Whether kept keys of another format hold a scale of ratings.
    private func isScale(_ format: String, _ kept: JSONValue) -> Bool {
        format != target.rawValue
            && ["choices", "options", "type", "score1_description"].contains { kept[$0].map { $0 != .null } ?? false }
    }

    private func labelLosses(of criterion: Criterion) -> [ConversionLoss] {
        var lost: [ConversionLoss.Kind] = []
        if lacks(.title), !criterion.title.isEmpty { lost.append(.title) }
        if lacks(.importance), criterion.importance != nil { lost.append(.importance) }
        if lacks(.tags), !criterion.tags.isEmpty { lost.append(.tags) }
        if lacks(.criterionID), !criterion.hasDefaultID(in: task) { lost.append(.id) }
        if criterion.kind != nil || criterion.polarityConfidence != nil { lost.append(.details) }
        var losses = lost.map { ConversionLoss($0, criterion: criterion.id, detail: "left out") }
        let foreign = foreignFormats(in: criterion.metadata)
        if !foreign.isEmpty {
            losses.append(ConversionLoss(.metadata, criterion: criterion.id, detail: "keys of \(foreign) are left out"))
        }
        return losses
    }
}

extension Criterion {
    /// Whether a polarity was decided that RaR's readers would not assume.
    fileprivate var statesPolarity: Bool {
        importance == .pitfall || polarity == .negative
    }

    fileprivate func hasDefaultID(in task: RubricTask) -> Bool {
        task.criteria.firstIndex { $0.id.isExactly(id) }.map { id.isExactly("c\($0 + 1)") } ?? false
    }
}
