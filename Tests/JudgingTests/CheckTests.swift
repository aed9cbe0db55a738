// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics
import Testing

@Suite("Checks")
struct CheckTests {
    @Test(
        "Terms",
        arguments: [
            (.anyOf(["rest", "water"]), "Drink water.", true, ["water"]),
            (.anyOf(["rest"]), "Drink water.", false, []),
            (.allOf(["rest", "water"]), "Water and REST", true, ["REST", "Water"]),
            (.allOf(["rest", "water"]), "Water", false, ["Water"]),
            (.noneOf(["aspirin"]), "Take Aspirin now", false, ["Aspirin"]),
            (.noneOf(["aspirin"]), "Rest", true, []),
        ] as [(Check, String, Bool, [String])]
    )
    func terms(check: Check, text: String, met: Bool, evidence: [String]) throws {
        let finding = try check.evaluate(text)
        #expect(finding.met == met)
        #expect(finding.evidence == evidence)
    }

    private let relation = Check.sentence(
        allOf: [["sip", "sips"], ["water", "fluids"]],
        minWords: 4,
        maxWords: 8
    )

    @Test("A sentence that relates the ideas is shown with the terms that decided it")
    func sentenceMet() throws {
        let finding = try relation.evaluate("Rest. Take small Sips of cool water often! Bye.")
        #expect(
            finding
                == CheckFinding(
                    met: true,
                    reason: #""Sips" and "water" in one sentence"#,
                    evidence: ["Take small Sips of cool water often!"]
                )
        )
    }

    @Test(
        "A list of keywords, two sentences or a long one relate nothing",
        arguments: [
            ("sip water", "the sentence that names them has 2 words, not 4 to 8"),
            ("Sip it very slowly. Water is good for you.", #"no one sentence names "Sip" and "Water" together"#),
            ("Please always sip it slowly, then have some more water later.", "11 words, not 4 to 8"),
            ("Drink some cold tea.", #"no sentence names "sip" or "sips" and "water" or "fluids""#),
            ("Have some cool water.", #"no sentence names "sip" or "sips""#),
        ]
    )
    func sentenceUnmet(text: String, reason: String) throws {
        let finding = try relation.evaluate(text)
        #expect(!finding.met)
        #expect(finding.reason.hasSuffix(reason), "\(finding.reason)")
        #expect(finding.evidence.allSatisfy(text.contains))
    }

    @Test(
        "Numbers",
        arguments: [
            (.number(value: 37, tolerance: 0.1, unit: nil), "at 37.1 it", true, "37.1"),
            (.number(value: 20, tolerance: 0, unit: "minutes"), "for 20 to 30 minutes", true, "20 to 30 minutes"),
            (.number(value: 20, tolerance: 0, unit: "minute"), "a 20-minute walk", true, "20-minute"),
            (.number(value: 20, tolerance: 0, unit: "minute"), "20 minutes", false, "20"),
            (.number(value: 38, tolerance: 0, unit: "°C"), "above 38 °c", true, "38 °c"),
            (.number(value: 38, tolerance: 0, unit: "°C"), "above 38℃", true, "38℃"),
            (.number(value: 5, tolerance: 0, unit: "%"), "5% of", true, "5%"),
            (.number(value: 5, tolerance: 0, unit: "mg"), "take 5mg.", true, "5mg"),
            (.number(value: 5, tolerance: 1, unit: nil), "7", false, nil),
            (.number(value: -40, tolerance: 0, unit: nil), "at -40 they meet", true, "-40"),
            (.number(value: 0.5, tolerance: 0, unit: "cup"), "Use 1/2 cup.", true, "1/2 cup"),
            (.number(value: 2, tolerance: 0, unit: "cup"), "Use 1/2 cup.", false, nil),
            (.number(value: 2.5, tolerance: 0, unit: "cups"), "Use 2 1/2 cups.", true, "2 1/2 cups"),
            (.number(value: 120, tolerance: 0, unit: nil), "at 120/80 mmHg", true, "120"),
            (.number(value: 3, tolerance: 0, unit: nil), "on 3/4/2024", true, "3"),
            (.number(value: 20, tolerance: 0, unit: "mg"), "20 mg/kg", false, "20"),
            (.number(value: 20, tolerance: 0, unit: "mg/kg"), "20 mg/kg", true, "20 mg/kg"),
            (.number(value: 20, tolerance: 0, unit: "minutes"), "20−30 minutes", true, "20−30 minutes"),
        ] as [(Check, String, Bool, String?)]
    )
    func numbers(check: Check, text: String, met: Bool, evidence: String?) throws {
        let finding = try check.evaluate(text)
        #expect(finding.met == met, "\(finding.reason)")
        #expect(finding.evidence.first == evidence)
    }

    @Test(
        "Final answers",
        arguments: [
            (#"So \boxed{\frac{1}{2}} it is"#, #"\frac{1}{2}"#, true), ("Answer: 42.", "42", true),
            ("**Final answer:** Paris!", "paris", true), ("The answer is 1,000. I am sure.", "1000", true),
            ("I think\n\n  42  \n", "42", true), ("Answer:\n$7$", "7", true), ("#### 18", "18", true),
            (#"\boxed{3} or \boxed{\text{4}}"#, "4", true), (#"\boxed{3} or \boxed{4}"#, "3", false),
            ("Answer: 4\nAnswer: 5", "4", false), ("0.5", ".50", true), ("42 is the one", "42", false),
            ("", "42", false), ("The answer is 42. Hope that helps!", "42", true),
            ("Answer: 42. That is 17 + 25.", "42", true), ("Answer: 4.2 or so", "4", false),
            ("The answer is B12", "b12", true), (#"\(x\)"#, "x", true),
        ]
    )
    func finalAnswers(text: String, answer: String, met: Bool) throws {
        let finding = try Check.finalAnswer(answer).evaluate(text)
        #expect(finding.met == met, "\(finding.reason)")
        #expect(finding.evidence.allSatisfy(text.contains))
    }

    @Test(
        "Choices",
        arguments: [
            ("B", "B"), ("(b)", nil), ("B. Vernal", "B"), ("The answer is (C).", "C"), ("Answer: **D**", "D"),
            (#"\boxed{\text{A}}"#, "A"), ("the answer is (c)", "C"), ("The answer is a balanced diet", nil),
            ("The answer is A because", "A"), ("The answer is C, while option B is wrong", "C"),
            ("I pick option D", "D"),
            ("It might be (A) or (B)", "B"), ("Reasoning.\n\nC", "C"), ("A good idea is rest.", nil),
            ("The correct option is B", "B"), ("Answer: I think it is hard", nil), ("", nil), ("B\nbecause", "B"),
            ("The correct answer is option B.", "B"), ("The answer to this question is B.", "B"),
            ("The best answer is therefore B.", "B"), ("The answer is clearly B", "B"), ("B is correct.", "B"),
            ("I think it is B.", "B"), ("The answer is not B, it is C.", "C"),
            ("The answer you give is a guess", nil), ("It is A good day", nil),
        ]
    )
    func choices(text: String, letter: String?) throws {
        for candidate in ["A", "B", "C", "D"] {
            let finding = try Check.choice(candidate).evaluate(text)
            #expect(finding.met == (candidate == letter), "\(finding.reason)")
            #expect(finding.evidence.allSatisfy(text.contains))
        }
    }

    @Test(
        "Lengths, repetition, expressions and JSON",
        arguments: [
            (.words(min: 2, max: 3), "one two", true, "2 words; within 2 to 3"),
            (.words(min: 2, max: nil), "one", false, "1 word; not at least 2"),
            (.words(min: nil, max: 1), "one two", false, "2 words; not at most 1"),
            (.repetition(max: 0), "a b c d", true, "0% of word trigrams"),
            (.repetition(max: 0.5), "a b c a b c", true, "25% of word trigrams"),
            (.repetition(max: 0.2), "a b c A, b c", false, "25% of word trigrams"),
            (.repetition(max: 0), "a b", true, "0%"),
            (.regex("(?m)^- "), "a\n- b", true, #""- " matches (?m)^- "#),
            (.regex("^- "), "a\n- b", false, "nothing matches"),
            (.json, " {\"a\": [1]} ", true, "valid JSON"), (.json, "```json\n{}\n```", false, "not JSON"),
            (.json, "{\"a\": }", false, "not JSON"),
        ] as [(Check, String, Bool, String)]
    )
    func others(check: Check, text: String, met: Bool, reason: String) throws {
        let finding = try check.evaluate(text)
        #expect(finding.met == met)
        #expect(finding.reason.hasPrefix(reason), "\(finding.reason)")
    }

    @Test("A share of exactly the maximum is allowed")
    func exactShare() throws {
        let words = (0..<19).map { "w\($0)" } + ["w0", "w1", "w2"]
        #expect(try Check.repetition(max: 0.05).evaluate(words.joined(separator: " ")).met)
    }

    @Test("and, or and not decide as logic does, and explain themselves", arguments: 0..<8)
    func logic(bits: Int) throws {
        let text = ["a", "b", "c"].enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element).joined(
            separator: " "
        )
        let (a, b, c) = (bits & 1 == 1, bits & 2 == 2, bits & 4 == 4)
        let check = Check.or([.and([.anyOf(["a"]), .not(.anyOf(["b"]))]), .anyOf(["c"])])
        let finding = try check.evaluate(text)
        #expect(finding.met == (a && !b || c))
        #expect(!finding.reason.isEmpty)
    }

    @Test("A warning is not the fault it warns of")
    func warning() throws {
        let advice = [["take", "give"], ["aspirin"]]
        let check = Check.and([
            .sentence(allOf: advice, minWords: 4, maxWords: 25),
            .not(.sentence(allOf: advice + [["not", "never", "avoid"]], minWords: 4, maxWords: 25)),
        ])
        #expect(try check.evaluate("You can give your child aspirin.").met)
        let warned = try check.evaluate("Do not give your child aspirin.")
        #expect(!warned.met)
        #expect(warned.reason.contains("\"not\""))
        #expect(warned.evidence == ["Do not give your child aspirin."])
    }

    @Test(
        "A check that can never be decided is an error",
        arguments: [
            .anyOf([]), .allOf([" "]), .regex("("), .number(value: .nan, tolerance: 0, unit: nil),
            .number(value: 1, tolerance: -1, unit: nil), .number(value: 1, tolerance: 0, unit: ""), .finalAnswer("."),
            .choice("AB"), .choice("1"), .words(min: nil, max: nil), .words(min: 3, max: 2),
            .sentence(allOf: [], minWords: 4, maxWords: 25), .sentence(allOf: [["a"]], minWords: 9, maxWords: 4),
            .repetition(max: 1.5), .and([]), .or([]), .not(.anyOf([])),
        ] as [Check]
    )
    func invalid(check: Check) {
        let error = #expect(throws: JudgingError.self) { try check.evaluate("text") }
        #expect(error?.code == .invalidCheck)
    }
}
