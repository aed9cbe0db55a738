// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Writes an invented completion and what a judge would find in it.
struct FixtureWriter {
    var topic: FixtureTopic
    /// How likely each fact is stated, and the fault left out.
    var factChance: Double
    /// How likely each matter of form is met.
    var formChance: Double

    /// The rubric that goes with the topic.
    func task(id: String) -> RubricTask {
        let facts = topic.facts.enumerated().map { index, fact in
            Criterion(
                id: "c\(index + 1)",
                title: fact.title,
                description: fact.title,
                importance: index == 0 ? .essential : .important,
                weight: index == 0 ? 1 : 0.7,
                kind: .content
            )
        }
        let count = topic.facts.count
        let rest: [(String, Importance, Double, Polarity, CriterionKind)] = [
            (topic.fault.title, .pitfall, 0.9, .negative, .content),
            ("Finishes its last sentence", .important, 0.7, .positive, .form),
            ("Keeps to a short answer", .optional, 0.3, .positive, .form),
            ("Opens with filler", .pitfall, 0.9, .negative, .form),
        ]
        let others = rest.enumerated().map { index, entry in
            Criterion(
                id: "c\(count + index + 1)",
                title: entry.0,
                description: entry.0,
                importance: entry.1,
                weight: entry.2,
                polarity: entry.3,
                kind: entry.4
            )
        }
        return RubricTask(id: id, prompt: [Message(role: .user, content: topic.prompt)], criteria: facts + others)
    }

    /// A completion and its verdicts in rubric order.
    func write(_ generator: inout SplitMix64) -> (text: String, verdicts: [Verdict]) {
        let stated = topic.facts.map { _ in generator.uniform() < factChance }
        let isFaulty = generator.uniform() > factChance + 0.25
        let (isFinished, isShort) = (generator.uniform() < formChance, generator.uniform() < formChance)
        let hasFiller = generator.uniform() > formChance
        var sentences = zip(topic.facts, stated).filter(\.1).map(\.0.sentence)
        if isFaulty { sentences.append(topic.fault.sentence) }
        if hasFiller { sentences.insert("Certainly! Here is what you should know about this.", at: 0) }
        if !isShort { sentences += Self.padding }
        if sentences.isEmpty { sentences = ["It depends on many things."] }
        var text = sentences.joined(separator: " ")
        if !isFinished { text += " It is also important to remember that the" }
        let content = zip(topic.facts, stated).map { verdict($0, isMet: $1) } + [verdict(topic.fault, isMet: isFaulty)]
        let ending = "important to remember that the"
        let form = [
            Verdict(
                criterion: "",
                outcome: isFinished ? .met : .unmet,
                reason: isFinished ? "the text ends a sentence" : "the text stops within a sentence",
                evidence: isFinished ? [] : [ending],
                judge: "checks"
            ),
            Verdict(
                criterion: "",
                outcome: isShort ? .met : .unmet,
                reason: "\(text.split(separator: " ").count) words",
                judge: "checks"
            ),
            Verdict(
                criterion: "",
                outcome: hasFiller ? .met : .unmet,
                reason: hasFiller ? "opens with \"Certainly\"" : "opens with the matter itself",
                evidence: hasFiller ? ["Certainly!"] : [],
                judge: "checks"
            ),
        ]
        let verdicts = (content + form).enumerated().map { index, verdict in
            var verdict = verdict
            verdict.criterion = "c\(index + 1)"
            return verdict
        }
        return (text, verdicts)
    }

    private static let padding = [
        "1. There are many things to consider.",
        "2. Everyone is different, and what works for one may not work for all.",
        "3. It is always a good idea to think about your overall health and well-being.",
    ]

    private func verdict(_ statement: FixtureTopic.Statement, isMet: Bool) -> Verdict {
        Verdict(
            criterion: "",
            outcome: isMet ? .met : .unmet,
            reason: isMet ? "found in one sentence" : "no sentence says it",
            evidence: isMet ? [statement.evidence] : [],
            judge: "checks"
        )
    }
}
