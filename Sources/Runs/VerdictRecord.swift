// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// What became of one criterion for one completion, as the run's files keep it.
public struct VerdictRecord: Sendable, Hashable {
    /// What a judge found, in the words of the files.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case met
        case unmet
        case cannotAssess = "cannot_assess"
        case unjudged
    }

    /// The criterion's identifier within its rubric.
    public var id: String
    /// The criterion's title.
    public var title: String
    /// Whether the statement names a virtue or a fault.
    public var polarity: Polarity
    /// What was found.
    public var outcome: Outcome
    /// Whether the weight was earned, polarity applied; `nil` when the criterion was not judged.
    public var credited: Bool?
    /// The weight that the reward counted, never negative.
    public var weight: Double
    /// The criterion's class.
    public var importance: Importance?
    /// What the criterion looks at.
    public var kind: CriterionKind?
    /// Why, in the judge's words.
    public var reason: String
    /// The passages of the completion that decided it, verbatim.
    public var evidence: [String]
    /// Why there is no verdict.
    public var failure: JudgeFailure?
    /// Who judged.
    public var judge: String
    /// The probability that the judge gave its answer; `nil` where it gives none.
    public var confidence: Double?
    /// How several votes fell; `nil` for a single one.
    public var votes: VoteCount?

    /// Whether the criterion was not credited because the completion itself broke the judge.
    public var isPolicyAttributed: Bool { outcome == .unjudged && credited == false }

    /// Whether the statement is true of the completion; `nil` when no judge said.
    public var met: Bool? {
        switch outcome {
        case .met: true
        case .unmet: false
        case .cannotAssess, .unjudged: nil
        }
    }

    /// Joins a criterion, its verdict and what the reward made of it.
    ///
    /// - Parameters:
    ///   - criterion: The criterion.
    ///   - verdict: What the judge found.
    ///   - credit: What the reward method made of it; `nil` where it counts no criteria.
    public init(criterion: Criterion, verdict: Verdict, credit: Credit?) {
        id = criterion.id
        title = criterion.title
        polarity = criterion.polarity
        (outcome, failure) = Self.outcome(verdict.outcome)
        credited = credit?.credited
        weight = credit?.weight ?? abs(criterion.weight ?? 0)
        importance = criterion.importance
        kind = criterion.kind
        reason = verdict.reason
        evidence = verdict.evidence
        judge = verdict.judge
        confidence = verdict.confidence
        votes = verdict.votes
    }

    /// The records of one completion in rubric order; criteria without a verdict are left out.
    public static func records(for task: RubricTask, verdicts: [Verdict], credits: [Credit]) -> [Self] {
        task.criteria.compactMap { criterion in
            guard let verdict = verdicts.first(where: { $0.criterion.isExactly(criterion.id) }) else { return nil }
            let credit = credits.first { $0.criterion.isExactly(criterion.id) }
            return Self(criterion: criterion, verdict: verdict, credit: credit)
        }
    }

    private static func outcome(_ outcome: Verdict.Outcome) -> (Outcome, JudgeFailure?) {
        switch outcome {
        case .met: (.met, nil)
        case .unmet: (.unmet, nil)
        case .cannotAssess: (.cannotAssess, nil)
        case .unjudged(let failure): (.unjudged, failure)
        }
    }
}

extension VerdictRecord {
    /// Reads a verdict of `rollouts.jsonl` or `held_out.jsonl`.
    ///
    /// - Throws: ``RunError`` when a member is missing or of another type.
    public init(_ value: JSONValue, file: String) throws {
        let fields = RecordFields(value: value, file: file)
        id = try fields.text("id")
        title = try fields.text("title")
        polarity = try fields.require(fields.word("polarity", of: Polarity.self), "polarity", "a polarity")
        outcome = try fields.require(fields.word("outcome", of: Outcome.self), "outcome", "an outcome")
        credited = value["credited"]?.bool
        weight = try fields.number("weight")
        importance = try fields.word("importance", of: Importance.self)
        kind = try fields.word("kind", of: CriterionKind.self)
        reason = try fields.text("reason")
        evidence = try fields.list("evidence").compactMap(\.string)
        failure = try Self.failure(value["failure"], file: file)
        judge = try fields.text("judge")
        confidence = value["confidence"]?.double
        votes = value["votes"].flatMap(VoteCount.init)
    }

    /// The verdict as the files keep it.
    public var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "title": .string(title), "polarity": .string(polarity.rawValue),
            "outcome": .string(outcome.rawValue), "met": JSONValue(met, JSONValue.bool),
            "credited": JSONValue(credited, JSONValue.bool), "weight": .number(weight),
            "importance": JSONValue(importance?.rawValue, JSONValue.string),
            "kind": JSONValue(kind?.rawValue, JSONValue.string), "reason": .string(reason),
            "evidence": JSONValue(texts: evidence),
            "failure": JSONValue(failure, \.json), "judge": .string(judge),
        ]
        if let confidence { object["confidence"] = .number(confidence) }
        if let votes { object["votes"] = votes.json }
        if isPolicyAttributed { object["policy_attributed"] = true }
        return .object(object)
    }

    static func failure(_ value: JSONValue?, file: String) throws -> JudgeFailure? {
        guard let value, value.object != nil else { return nil }
        let fields = RecordFields(value: value, file: file)
        let cause = try fields.require(fields.word("cause", of: JudgeFailure.Cause.self), "cause", "a cause")
        return try JudgeFailure(
            cause: cause,
            detail: fields.text("detail"),
            isConfirmed: value["confirmed"]?.bool ?? false
        )
    }
}

extension JudgeFailure {
    /// The failure as the files keep it.
    var json: JSONValue {
        var object: JSONObject = ["cause": .string(cause.rawValue), "detail": .string(detail)]
        if isConfirmed { object["confirmed"] = true }
        return .object(object)
    }
}

extension VoteCount {
    /// The votes as files keep them.
    package var json: JSONValue {
        [
            "met": .integer(met), "unmet": .integer(unmet), "cannot_assess": .integer(cannotAssess),
            "unjudged": .integer(unjudged),
        ]
    }

    init?(_ value: JSONValue) {
        guard let met = value["met"]?.int, let unmet = value["unmet"]?.int,
            let cannotAssess = value["cannot_assess"]?.int, let unjudged = value["unjudged"]?.int
        else { return nil }
        self.init(met: met, unmet: unmet, cannotAssess: cannotAssess, unjudged: unjudged)
    }
}
