// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Lint rules")
struct LintRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: LintRule
        var description: String
        var title = "Some Title"
        var weight: JSONValue = 5
        var isFound = true

        var testDescription: String { "\(isFound ? "" : "not ")\(rule.rawValue): \(title): \(description)" }
    }

    static let cases: [Case] = [
        Case(rule: .misspeltImportance, description: "Esssential Criteria: Names meningitis."),
        Case(rule: .misspeltImportance, description: "Importance Criteria: Names meningitis.", weight: 4),
        Case(rule: .misspeltImportance, description: "Option Criteria: Names meningitis.", weight: 1),
        Case(rule: .misspeltImportance, description: "Pitfall: Omits meningitis.", weight: -1),
        Case(rule: .misspeltImportance, description: "essential criteria: Names meningitis.", isFound: false),
        Case(rule: .missingImportance, description: "Names meningitis."),
        Case(rule: .missingImportance, description: "Essential Criteria: Names meningitis.", isFound: false),
        Case(rule: .weightSign, description: "Important Criteria: Names meningitis.", weight: -1),
        Case(rule: .weightSign, description: "Pitfall Criteria: Omits meningitis.", weight: 2),
        Case(rule: .weightSign, description: "Pitfall Criteria: Omits meningitis.", weight: -2, isFound: false),
        Case(rule: .weightRange, description: "Essential Criteria: Names meningitis.", weight: 9),
        Case(rule: .weightRange, description: "Essential Criteria: Names meningitis.", weight: 2.5),
        Case(rule: .weightRange, description: "Pitfall Criteria: Omits meningitis.", weight: -3),
        Case(rule: .weightRange, description: "Essential Criteria: Names meningitis.", isFound: false),
        Case(rule: .weightOrder, description: "Optional Criteria: Names meningitis.", weight: 5),
        Case(rule: .weightOrder, description: "Optional Criteria: Names meningitis.", weight: 2, isFound: false),
        Case(rule: .undecidedPolarity, description: "Pitfall Criteria: Does not mention it.", weight: -1),
        Case(rule: .undecidedPolarity, description: "Essential Criteria: Names meningitis.", isFound: false),
        Case(
            rule: .titleContradictsText,
            description: "Pitfall Criteria: Fails to name meningitis.",
            title: "Avoids Delay",
            weight: -1
        ),
        Case(
            rule: .titleContradictsText,
            description: "Pitfall Criteria: Should avoid naming influenza.",
            title: "Avoids Delay",
            weight: -1,
            isFound: false
        ),
        Case(rule: .polarityContradictsText, description: "Essential Criteria: Fails to name meningitis."),
        Case(rule: .polarityContradictsText, description: "Essential Criteria: Does not name flu.", isFound: false),
        Case(rule: .compoundCriterion, description: "Essential Criteria: Names meningitis and explains the fever."),
        Case(
            rule: .compoundCriterion,
            description:
                "Essential Criteria: The response must state the diagnosis of meningitis and clearly explain it."
        ),
        Case(rule: .compoundCriterion, description: "Essential Criteria: Names fever and stiff neck.", isFound: false),
        Case(rule: .severalSentences, description: "Essential Criteria: Names meningitis. It explains the fever."),
        Case(rule: .severalSentences, description: "Essential Criteria: Names E. Coli, e.g. Type A.", isFound: false),
        Case(rule: .severalSentences, description: "Essential Criteria: Names 38.5 degrees.", isFound: false),
        Case(rule: .vagueWording, description: "Essential Criteria: Mentions appropriate antibiotics."),
        Case(rule: .vagueWording, description: "Essential Criteria: Names the puncture if relevant."),
        Case(
            rule: .vagueWording,
            description: "Essential Criteria: Mentions appropriate antibiotics such as ceftriaxone.",
            isFound: false
        ),
        Case(
            rule: .vagueWording,
            description: "Essential Criteria: Says that a proper history comes first.",
            isFound: false
        ),
        Case(rule: .notSelfContained, description: "Essential Criteria: Agrees with the reference answer."),
        Case(rule: .notSelfContained, description: "Essential Criteria: Reads the cells in the image."),
        Case(rule: .notSelfContained, description: "Essential Criteria: States the correct final answer."),
        Case(
            rule: .notSelfContained,
            description: "Essential Criteria: Identifies (B) as the correct answer.",
            isFound: false
        ),
        Case(
            rule: .notSelfContained,
            description: "Essential Criteria: Stays within the reference range.",
            isFound: false
        ),
        Case(rule: .titleLength, description: "Essential Criteria: Names meningitis.", title: "Diagnosis"),
        Case(rule: .titleLength, description: "Essential Criteria: Names meningitis.", title: ""),
        Case(rule: .titleLength, description: "Essential Criteria: Names fever.", title: "Self-made", isFound: false),
        Case(
            rule: .titleLength,
            description: "Essential Criteria: Names meningitis.",
            title: "One two",
            isFound: false
        ),
        Case(rule: .genericCriterion, description: "Optional Criteria: Remains concise and avoids unnecessary detail."),
        Case(rule: .genericCriterion, description: "Optional Criteria: Names 3 steps.", isFound: false),
        Case(
            rule: .genericCriterion,
            description: "Optional Criteria: Explains clearly why the puncture helps.",
            isFound: false
        ),
        Case(rule: .duplicateCriterion, description: "Important Criteria: names the role of meningitis, here"),
        Case(
            rule: .duplicateCriterion,
            description: "Essential Criteria: Names the role of heparin here.",
            isFound: false
        ),
        Case(rule: .mojibake, description: "Essential Criteria: Names MÃ©niÃ¨re's disease."),
        Case(rule: .mojibake, description: "Essential Criteria: Names the patientâ€™s fever."),
        Case(rule: .mojibake, description: "Essential Criteria: Names Ménière, Ångström, «É» and São.", isFound: false),
        Case(rule: .lostEscape, description: "Essential Criteria: States $x = \nu t$."),
        Case(rule: .lostEscape, description: "Essential Criteria: States the angle \theta."),
        Case(rule: .lostEscape, description: "Essential Criteria: Names:\nurea\nand salt.", isFound: false),
        Case(rule: .doubledBackslash, description: #"Essential Criteria: States \\frac{1}{2}."#),
        Case(rule: .doubledBackslash, description: #"Essential Criteria: States \frac{1}{2} \\ 3."#, isFound: false),
        Case(rule: .replacementCharacter, description: "Essential Criteria: Names M\u{FFFD}nière."),
        Case(rule: .controlCharacter, description: "Essential Criteria: Names\u{1} fever."),
        Case(rule: .controlCharacter, description: "Essential Criteria: Names\u{200B} fever."),
        Case(rule: .surroundingSpace, description: "Essential Criteria: Names fever. "),
        Case(rule: .surroundingSpace, description: "Essential Criteria: Names fever.", title: " Some Title"),
        Case(rule: .surroundingSpace, description: "Essential Criteria: Names fever.", isFound: false),
    ]

    @Test("A criterion is found by the rule that is meant for it, and by no other reading of it", arguments: cases)
    func criterion(_ wanted: Case) async throws {
        let item = LintedText.item(wanted.description, title: wanted.title, weight: wanted.weight)
        let findings = try await LintedText.findings(in: LintedText.row(LintedText.sound + [item]))
        let found = findings.filter { $0.rule == wanted.rule }
        #expect(found.isEmpty != wanted.isFound, "\(findings.map(\.text))")
        #expect(found.allSatisfy { $0.criterion == "c8" && $0.line == 1 && $0.suggestion != nil })
    }

    @Test("Sound rows have no findings")
    func sound() async throws {
        #expect(try await LintedText.findings(in: LintedText.row(LintedText.sound)) == [])
    }

    @Test(
        "Two criteria that no answer can meet together are found",
        arguments: [
            (
                "States that the pressure in the vessel increases.",
                "States that the pressure in the vessel decreases.", true
            ),
            ("Says that the tumor in the liver is benign.", "Says that the tumor in the liver is malignant.", true),
            ("Says that heparin stops bleeding early.", "Says that heparin never stops bleeding early.", true),
            (
                "States that the pressure in the vessel increases.", "States that the volume in the vessel decreases.",
                false
            ),
        ]
    )
    func contradiction(first: String, second: String, isFound: Bool) async throws {
        let items = [first, second].map { LintedText.item("Essential Criteria: \($0)") }
        let findings = try await LintedText.findings(in: LintedText.row(LintedText.sound + items))
        let found = findings.filter { $0.rule == .contradictoryCriteria }
        #expect(found.map(\.criterion) == (isFound ? ["c9"] : []), "\(findings.map(\.text))")
    }

    @Test(
        "A pitfall about the fact of an essential criterion is found, one about something else is not",
        arguments: [
            ("Does not mention stress urinary incontinence as the likely cause.", true),
            ("Does not mention unrelated causes of stress urinary incontinence.", false),
            ("Recommends surgery of the knee.", false),
        ]
    )
    func mirror(pitfall: String, isFound: Bool) async throws {
        let items = [
            LintedText.item("Essential Criteria: Identifies stress urinary incontinence as the cause."),
            LintedText.item("Pitfall Criteria: \(pitfall)", weight: -1),
        ]
        let findings = try await LintedText.findings(in: LintedText.row(LintedText.sound + items))
        #expect(findings.contains { $0.rule == .mirroredPitfall } == isFound, "\(findings.map(\.text))")
    }

    @Test("The number of criteria is bounded, and somebody has to be able to earn something")
    func counts() async throws {
        let few = try await LintedText.findings(in: LintedText.row([LintedText.sound[0]]))
        #expect(few.map(\.rule) == [.criterionCount])
        let many = (0..<21).map { LintedText.item("Essential Criteria: Names value \($0) of the fever.") }
        #expect(try await LintedText.findings(in: LintedText.row(many)).map(\.rule) == [.criterionCount])
        let pitfalls = (0..<7).map { LintedText.item("Pitfall Criteria: Omits value \($0) of it.", weight: -1) }
        let findings = try await LintedText.findings(in: LintedText.row(pitfalls))
        #expect(findings.filter { $0.severity == .error }.map(\.rule) == [.allNegative])
    }

    @Test(
        "A reference answer that is empty, says nothing or stands elsewhere is found",
        arguments: [
            ("", "Why?", LintRule.emptyReference),
            ("  ", "Why?", .emptyReference),
            ("See the solution.", "Why?", .referenceSaysNothing),
            (
                "It is the third of the four options named.",
                "Is it the third of the four options named? It is the third of the four options named.",
                .answerInQuestion
            ),
        ]
    )
    func reference(answer: String, question: String, rule: LintRule) async throws {
        let row = LintedText.row(LintedText.sound, question: question, reference: answer)
        #expect(try await LintedText.findings(in: row).map(\.rule) == [rule])
    }

    @Test("A criterion that copies sixteen words of the reference answer is found, one that copies fewer is not")
    func copies() async throws {
        let words = (1...20).map { "word\($0)" }
        for (count, isFound) in [(15, false), (16, true), (20, true)] {
            let item = LintedText.item("Essential Criteria: Says \(words.prefix(count).joined(separator: " ")).")
            let row = LintedText.row(LintedText.sound + [item], reference: words.joined(separator: " "))
            let rules = try await LintedText.findings(in: row).map(\.rule)
            #expect(rules.contains(.copiedReference) == isFound)
        }
    }
}
