// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Rules of items")
struct ItemRulesTests {
    @Test("An item that keeps the rules has nothing wrong with it", arguments: 1...3)
    func good(number: Int) {
        #expect(ItemRules.complaints(about: item(number)) == [])
    }

    @Test(
        "A title has two to four words",
        arguments: [
            ("", #""title" is missing: write 2 to 4 words"#), ("Rate", #""title" has 1 word: write 2 to 4"#),
            ("The rate of the thing", #""title" has 5 words: write 2 to 4"#),
        ]
    )
    func titles(title: String, expected: String) {
        #expect(ItemRules.complaints(about: item(title: title)) == [expected])
    }

    @Test(
        "A description is one statement that stands by itself",
        arguments: [
            ("", #""description" is missing: write the statement"#),
            ("States it. Explains it.", #""description" has 2 sentences: write one"#),
            ("States a rate\nof 3 units.", #""description" has 2 sentences: write one"#),
            (
                "Essential Criteria: States a rate of 3 units.",
                #""description" begins with "Essential Criteria:": leave that to "importance""#
            ),
            (
                "Gives the same value as the reference answer.",
                #"it says "the reference", which its judge does not see: say what is meant itself"#
            ),
            (
                "Uses the numbers listed above.",
                #"it says "listed above", which its judge does not see: say what is meant itself"#
            ),
            (
                "States the rate and explains its cause.",
                #"it holds two statements, joined by "and explains": keep one, and make the other an item"#
            ),
            (
                "States the rate; gives its cause.",
                #"it holds two statements, joined by "rate;": keep one, and make the other an item"#
            ),
        ]
    )
    func descriptions(text: String, expected: String) {
        #expect(ItemRules.complaints(about: item(description: text)) == [expected])
    }

    @Test("A long description is one too many words")
    func long() {
        let text = "States " + Array(repeating: "word", count: 60).joined(separator: " ") + "."
        #expect(
            ItemRules.complaints(about: item(description: text))
                == [#""description" has 61 words: write 60 at most"#]
        )
    }

    @Test(
        "Numbers, abbreviations and plain words are no faults",
        arguments: [
            "States that the dose is 2.5 mg/kg, e.g. 175 mg for 70 kg.", "Names salt and pepper.",
            "Gives the image distance as 12 cm.", "States that essential hypertension is likely.",
            "Essential oils are not recommended.", "States that Dr. Smith's sign is positive vs. negative.",
            "Says that warfarin and aspirin together raise the risk of bleeding",
        ]
    )
    func allowed(text: String) {
        #expect(ItemRules.complaints(about: item(description: text)) == [])
    }

    @Test("Weights follow from importance")
    func weights() {
        let allowed: [Importance: [Int]] = [
            .essential: [5], .important: [3, 4], .optional: [1, 2], .pitfall: [1, 2, 3, 4, 5],
        ]
        for importance in Importance.allCases {
            let good = (0...6).filter { weight in
                ItemRules.complaints(about: item(importance: importance, weight: Double(weight))).isEmpty
            }
            #expect(good == allowed[importance])
        }
        #expect(
            ItemRules.complaints(about: item(importance: .important, weight: 3.5))
                == [#""weight" is 3.5: important items weigh 3 to 4"#]
        )
        #expect(
            ItemRules.complaints(about: item(importance: .essential, weight: 2))
                == [#""weight" is 2: essential items weigh 5"#]
        )
    }

    @Test("Words that are missing or unknown are told")
    func words() {
        let value: JSONValue = [
            "title": "Gives a value", "description": "States 3 units.", "importance": "crucial", "weight": 3,
            "polarity": "sideways",
        ]
        #expect(
            ItemRules.complaints(about: WrittenItem(value)) == [
                #""importance" is "crucial": write one of "essential", "important", "optional", "pitfall""#,
                #""polarity" is "sideways": "positive" where meeting the statement is a virtue, "negative" where it is a "#
                    + "fault",
            ]
        )
        let none = ItemRules.complaints(about: WrittenItem(["title": "Gives a value", "description": "States 3."]))
        #expect(none.first == #""importance" is missing: write one of "essential", "important", "optional", "pitfall""#)
        #expect(none.count == 2)
    }

    @Test("Other cases, weights as texts and a pitfall's minus are borne with; a sign says nothing of polarity")
    func lenient() {
        let value: JSONValue = [
            "title": " Gives a value ", "description": "States 3 units.\n", "importance": "Pitfall", "weight": "-2",
            "polarity": "Positive", "kind": "FORM",
        ]
        let item = WrittenItem(value)
        #expect(ItemRules.complaints(about: item) == [])
        #expect(item.title == "Gives a value" && item.weight == 2 && item.polarity == .positive && item.kind == .form)
        let criterion = item.criterion(id: "c1", ground: "said")
        #expect(criterion.polarity == .positive && criterion.polarityGround == "said" && criterion.weight == 2)
        #expect(WrittenItem(["weight": .number(.nan)]).weight == nil)
    }
}
