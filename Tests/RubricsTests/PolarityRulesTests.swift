// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Polarity by rules")
struct PolarityRulesTests {
    /// A rubric about a broken wrist, with one pitfall.
    private func task(_ statement: String, title: String = "Item", weight: Double = 1) -> RubricTask {
        RubricTask(
            id: "t",
            prompt: [Message(role: .user, content: "She fell on her hand. What is broken?\nA. Ulna\nB. Radius")],
            referenceAnswer:
                "The distal radius, bent back like a fork (Colles). Unlike a scaphoid fracture it shows on "
                + "the first film. Reduction and a plaster cast are enough. The answer is B.",
            criteria: [
                Criterion(description: "Identifies (B) the distal radius.", importance: .essential),
                Criterion(description: "Advises reduction and a plaster cast.", importance: .important),
                Criterion(
                    id: "c3",
                    title: title,
                    description: statement,
                    importance: .pitfall,
                    weight: weight,
                    polarity: .undecided
                ),
            ]
        )
    }

    private func decision(_ statement: String, title: String = "Item") -> PolarityDecision {
        let task = task(statement, title: title)
        return PolarityRules(task).decision(on: task.criteria[2])
    }

    @Test("Wording that tells by itself is read in every form")
    func wordings() throws {
        let rules = PolarityRules(RubricTask(id: "t", prompt: [], criteria: []))
        let wordings = try PolarityFixtures.wordings()
        #expect(wordings.count > 90)
        for (polarity, statement) in wordings {
            let criterion = Criterion(description: statement, importance: .pitfall, polarity: .undecided)
            #expect(rules.decision(on: criterion).polarity == polarity, "\(statement)")
        }
    }

    @Test("Of labelled pitfalls of many fields nearly all are decided, and none wrongly")
    func labelled() throws {
        let pitfalls = try PolarityFixtures.labelled()
        #expect(pitfalls.count > 60)
        let decided = pitfalls.filter { $0.decision.polarity != .undecided }
        #expect(decided.count >= pitfalls.count * 95 / 100)
        for pitfall in decided {
            #expect(pitfall.decision.polarity == pitfall.polarity, "\(pitfall.criterion.description)")
        }
    }

    @Test(
        "The same words are a fault about the right answer and a virtue about another one",
        arguments: [
            ("Does not mention the distal radius.", Polarity.negative),
            ("Does not mention a fracture of the pelvis or the femur.", .positive),
            ("Does not mention (B) as the answer.", .negative),
            ("Does not mention (A) as the answer.", .positive),
            ("Does not mention the plaster cast.", .negative),
            ("Does not mention metal plates and screws.", .positive),
            ("Does not mention a scaphoid injury.", .positive),
            ("Identifies (A).", .negative),
            ("Does not identify the ulna.", .positive),
        ]
    )
    func evidence(statement: String, polarity: Polarity) {
        #expect(decision(statement).polarity == polarity)
    }

    @Test("A title that says what is avoided weighs more than a verb")
    func title() {
        let statement = "Does not mention the hand."
        #expect(decision(statement).polarity == .undecided)
        #expect(decision(statement, title: "Avoids the Hand").polarity == .positive)
        #expect(decision(statement, title: "Omits the Hand").polarity == .negative)
    }

    @Test("Without evidence what is open stays open, and says so")
    func open() {
        let rules = PolarityRules(RubricTask(id: "t", prompt: [], criteria: []))
        for statement in ["Does not mention Brahms.", "No se menciona.", "…", "", "42"] {
            let decision = rules.decision(on: Criterion(description: statement, polarity: .undecided))
            #expect(decision.polarity != .positive, "\(statement)")
        }
        #expect(
            rules.decision(on: Criterion(description: "Does not mention Brahms."))
                == .undecided("wording and evidence leave it open")
        )
    }

    @Test("Neither the weight, its own polarity nor letter case, quotes and white space change a decision")
    func invariance() throws {
        for pitfall in try PolarityFixtures.labelled() {
            let decision = pitfall.decision
            var criterion = pitfall.criterion
            (criterion.weight, criterion.polarity) = (7, .negative)
            criterion.description = "  \u{201C}\(criterion.description.uppercased())\u{201D}\n"
            #expect(PolarityRules(pitfall.task).decision(on: criterion) == decision)
        }
    }

    @Test("The order of criteria does not matter", arguments: 0..<5)
    func order(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        for pitfall in try PolarityFixtures.labelled() {
            var task = pitfall.task
            task.criteria.shuffle(using: &generator)
            #expect(PolarityRules(task).decision(on: pitfall.criterion) == pitfall.decision)
        }
    }

    @Test("Whatever a row holds there is an outcome with a ground and a confidence in bounds", arguments: 0..<200)
    func anything(seed: Int) {
        var random = RandomJSON(seed: seed)
        let task = random.task()
        let rules = PolarityRules(task)
        for criterion in task.criteria {
            let decision = rules.decision(on: criterion)
            #expect(!decision.ground.isEmpty)
            #expect((0...1).contains(decision.confidence))
            #expect((decision.polarity == .undecided) == (decision.confidence == 0))
        }
    }

    @Test("Only what is undecided is decided, children too, with ground and confidence")
    func deciding() {
        var open = task("Does not mention the hand.")
        open.criteria[1].polarity = .negative
        open.criteria[1].children = [Criterion(description: "Fails to name the cast.", polarity: .undecided)]
        let task = open.decidingPolarity()
        #expect(task.criteria.map(\.polarity) == [.positive, .negative, .undecided])
        #expect(task.criteria[0] == open.criteria[0])
        #expect(task.criteria[1].polarityGround == nil)
        #expect(task.criteria[1].children[0].polarity == .negative)
        #expect(task.criteria[1].children[0].polarityGround == "says that something required is left undone")
        #expect(task.criteria[1].children[0].polarityConfidence == 0.97)
        #expect(task.criteria[2].polarityGround == "wording and evidence leave it open")
        #expect(task.criteria[2].polarityConfidence == nil)
        #expect(task.decidingPolarity() == task)
    }
}
