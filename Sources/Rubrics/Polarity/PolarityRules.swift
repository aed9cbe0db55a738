// SPDX-License-Identifier: Apache-2.0

/// Decides by rules what meeting a criterion's statement means.
///
/// Wording that settles the matter comes first: what a response must not do, a fault named as one, its absence. Other
/// statements say that something is named or is not; there all that speaks for either polarity is weighed as log-odds,
/// and above all whether what is named belongs to the right answer. What stays in the balance is undecided.
package struct PolarityRules: Sendable {
    private let task: RubricTask

    /// Takes the evidence of a task: its prompt, its reference answer and its positive criteria.
    ///
    /// - Parameter task: The task.
    package init(_ task: RubricTask) {
        self.task = task
    }

    /// Decides about a criterion.
    ///
    /// - Parameter criterion: A criterion of the task; its own polarity and the sign of its weight are not looked at.
    /// - Returns: The decision, undecided where wording and evidence leave it open.
    package func decision(on criterion: Criterion) -> PolarityDecision {
        switch StatementReader(criterion.description).shape() {
        case .decided(let ground, let isVirtue):
            PolarityDecision(isVirtue ? .positive : .negative, ground: ground.phrase, confidence: Self.wording)
        case .naming(let naming): weighed(cues(for: naming, of: criterion, in: RightAnswer(task)))
        }
    }

    /// The share of what plain wording decides that is right.
    private static let wording = 0.97
    /// Log-odds below which nothing is decided.
    private static let leastOdds = 1.0

    private func weighed(_ cues: [PolarityCue]) -> PolarityDecision {
        let odds = cues.reduce(0) { $0 + $1.weight }
        guard abs(odds) >= Self.leastOdds,
            let strongest = cues.filter({ ($0.weight > 0) == (odds > 0) }).max(by: { abs($0.weight) < abs($1.weight) })
        else { return .undecided(PolarityGround.open.phrase) }
        return PolarityDecision(
            odds > 0 ? .positive : .negative,
            ground: strongest.ground.phrase,
            confidence: min(Self.confidence(of: abs(odds)), Self.wording)
        )
    }

    /// A cautious reading of weights as log-odds: they are estimates, and do not add up as independent ones would.
    private static func confidence(of odds: Double) -> Double {
        0.5 + 0.5 * odds / (0.6 + odds)
    }

    private func cues(
        for naming: StatementShape.Naming,
        of criterion: Criterion,
        in rightAnswer: RightAnswer
    ) -> [PolarityCue] {
        let object = ObjectReader(naming.object, isNegated: naming.isNegated)
        let sign: Double = naming.isNegated ? 1 : -1
        let ofObject = (object.cues + evidence(on: naming, object, in: rightAnswer)).map {
            PolarityCue(ground: $0.ground, weight: sign * $0.weight)
        }
        let isFact = naming.isNegated && naming.verbClass != .assertion && object.isFact
        let fact = isFact ? [PolarityCue(ground: .statedFact, weight: -0.7)] : []
        let title = TitleCue(criterion.title, isNegated: naming.isNegated).cue
        return naming.cues + ofObject + fact + [Self.verb(naming, criterion.importance)] + (title.map { [$0] } ?? [])
    }

    /// What the right answer says about a thing, with weights for a statement that it is *not* named.
    private func evidence(
        on naming: StatementShape.Naming,
        _ object: ObjectReader,
        in rightAnswer: RightAnswer
    ) -> [PolarityCue] {
        var cues: [PolarityCue] = []
        if !object.isExplanatory, let isRight = rightAnswer.options.isRight(naming.object) {
            cues.append(PolarityCue(ground: isRight ? .rightOption : .wrongOption, weight: isRight ? -3 : 3))
        }
        if let support = rightAnswer.support(of: naming.object) {
            // What is wrongly recommended often stands in the right answer too, to be warned of.
            let weight = (naming.isNegated ? -2 : -0.6) * support
            cues.append(PolarityCue(ground: weight > 0 ? .foreignContent : .rightContent, weight: weight))
        }
        return cues
    }

    /// What a verb usually means in pitfalls, whatever it is about.
    private static func verb(_ naming: StatementShape.Naming, _ importance: Importance?) -> PolarityCue {
        let weight: Double =
            switch (naming.isNegated, naming.verbClass) {
            case (true, .assertion): 1
            case (true, .explanation): -1.3
            case (true, nil): -0.7
            case (true, _): -0.1
            case (false, .assertion): -1.8
            case (false, .explanation): -0.8
            case (false, _): -1.2
            }
        let isPitfall = importance == .pitfall || importance == nil
        return PolarityCue(ground: .verb, weight: isPitfall || naming.isNegated ? weight : 0)
    }
}
