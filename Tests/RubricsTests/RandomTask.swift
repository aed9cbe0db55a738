// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension RandomJSON {
    /// A valid task of up to six criteria.
    mutating func task() -> RubricTask {
        RubricTask(
            id: visible(),
            prompt: Bool.random(using: &generator)
                ? [Message(role: .user, content: visible())]
                : (0...Int.random(in: 0...2, using: &generator)).map { _ in
                    Message(role: one(Message.Role.self), content: visible())
                },
            referenceAnswer: maybe { $0.text() },
            plainAnswer: maybe { $0.text() },
            source: maybe { $0.text() },
            domain: maybe { $0.text() },
            criteria: criteria(prefix: "k", depth: 2),
            tags: labels(),
            metadata: members(),
            provenance: maybe { $0.provenance() }
        )
    }

    private mutating func labels() -> [String] {
        (0..<Int.random(in: 0...2, using: &generator)).map { _ in text() }
    }

    private mutating func members() -> JSONObject {
        JSONObject((0..<Int.random(in: 0...2, using: &generator)).map { _ in (key: text(), value: value(depth: 2)) })
    }

    private mutating func provenance() -> Provenance {
        Provenance(
            strategy: maybe { $0.text() },
            model: maybe { $0.text() },
            prompt: maybe { $0.text() },
            reference: maybe { $0.one(Provenance.Reference.self) },
            referenceModel: maybe { $0.text() },
            parents: labels(),
            changes: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                Provenance.Change(by: text(), action: text(), criterion: maybe { $0.text() }, reason: text())
            }
        )
    }

    private mutating func criteria(prefix: String, depth: Int) -> [Criterion] {
        (0...Int.random(in: 0...5, using: &generator)).map { index in
            let id = "\(prefix)\(index)\u{338}"
            let polarity = one(Polarity.self)
            return Criterion(
                id: id,
                title: text(),
                description: visible(),
                importance: maybe { $0.one(Importance.self) },
                weight: Double.random(in: 0.001...9, using: &generator),
                polarity: polarity,
                polarityGround: maybe { $0.text() },
                polarityConfidence: maybe { $0.generator.uniform() },
                kind: maybe { $0.one(CriterionKind.self) },
                check: maybe { $0.check(depth: 3) },
                children: depth > 0 && generator.next() % 4 == 0 ? criteria(prefix: "\(id).", depth: depth - 1) : [],
                tags: labels(),
                metadata: members()
            )
        }
    }

    /// A valid check that nests at most `depth` levels.
    mutating func check(depth: Int) -> Check {
        switch Int.random(in: 0..<(depth > 0 ? 14 : 11), using: &generator) {
        case 0: .anyOf(terms())
        case 1: .allOf(terms())
        case 2: .noneOf(terms())
        case 3: .regex("[.!?]\\s*$|\u{2022}\"")
        case 4: .number(value: number(), tolerance: number().magnitude, unit: maybe { $0.visible() })
        case 5: .finalAnswer(visible())
        case 6: .choice("B")
        case 7: .words(min: 3, max: maybe { Int.random(in: 3...99, using: &$0.generator) })
        case 8:
            .sentence(allOf: (0...2).map { _ in terms() }, minWords: one(of: [0, 4, 7]), maxWords: one(of: [9, 25]))
        case 9: .repetition(max: generator.uniform())
        case 10: .json
        case 11: .and((0...2).map { _ in check(depth: depth - 1) })
        case 12: .or([check(depth: depth - 1)])
        default: .not(check(depth: depth - 1))
        }
    }

    private mutating func terms() -> [String] {
        (0...Int.random(in: 0...3, using: &generator)).map { _ in visible() }
    }

    /// A text that is not blank.
    private mutating func visible() -> String {
        text() + "x"
    }

    private mutating func maybe<Value>(_ value: (inout RandomJSON) -> Value) -> Value? {
        Bool.random(using: &generator) ? value(&self) : nil
    }

    private mutating func one<Case: CaseIterable>(_ type: Case.Type) -> Case where Case.AllCases == [Case] {
        one(of: type.allCases)
    }

    private mutating func one<Value>(of values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }
}
