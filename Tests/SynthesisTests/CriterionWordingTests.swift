// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Wording of one criterion")
struct CriterionWordingTests {
    private let task = RubricTask(
        id: "t",
        prompt: [Message(role: .user, content: "What causes sepsis?")],
        referenceAnswer:
            "Bacteria in the blood that the body answers to with its whole immune system at once, as a rule.",
        criteria: []
    )

    @Test(
        "Defects are those of lint, with a way out",
        arguments: [
            ("Names bacteria in the blood.", []),
            ("Names bacteria and explains the immune system.", [.compoundCriterion]),
            ("Remains concise and avoids unnecessary detail.", [.genericCriterion]),
            ("Agrees with the reference answer on sepsis.", [.notSelfContained]),
            ("Mentions appropriate bacteria. It matters.", [.severalSentences, .vagueWording]),
            (
                "Says: Bacteria in the blood that the body answers to with its whole immune system at once, as a rule.",
                [.copiedReference]
            ),
        ] as [(String, [LintRule])]
    )
    func defects(description: String, rules: [LintRule]) {
        let defects = CriterionWording.defects(of: Criterion(description: description), in: task)
        #expect(defects.map(\.rule) == rules)
        #expect(defects.allSatisfy { $0.suggestion != nil })
    }

    @Test("A criterion that a program checks is never generic")
    func checked() {
        let criterion = Criterion(description: "Is short.", check: .words(min: nil, max: 50))
        #expect(CriterionWording.defects(of: criterion, in: task).isEmpty)
    }
}
