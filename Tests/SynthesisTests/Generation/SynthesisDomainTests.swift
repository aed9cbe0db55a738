// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Domains of rubrics")
struct SynthesisDomainTests {
    private static let text = """
        name: cardiology
        version: 3
        expertise: a cardiologist
        aspects: [the rhythm, the next step]
        guidance: Name the lead.
        items: {min: 5, max: 9}
        examples:
          - title: Names the rhythm
            description: States that the rhythm is atrial fibrillation.
            importance: essential
            weight: 5
            polarity: positive
            kind: content
        """

    @Test("A user's file is read")
    func file() throws {
        let domain = try SynthesisDomain.reading(Self.text, file: "cardiology.yaml")
        #expect(domain.name == "cardiology" && domain.expertise == "a cardiologist")
        #expect(domain.aspects == ["the rhythm", "the next step"] && domain.items == .init(min: 5, max: 9))
        #expect(domain.examples.map(\.importance) == [.essential])
        #expect(domain.promptName(isReferenceFree: false) == "cardiology/3")
        #expect(domain.promptName(isReferenceFree: true) == "cardiology.reference-free/3")
    }

    @Test("What may be missing has a default")
    func defaults() throws {
        let text = "{name: a, expertise: b, aspects: [c]}"
        let domain = try SynthesisDomain.reading(text, file: "a.yaml")
        #expect(domain.version == 1 && domain.items == .standard && domain.examples.isEmpty && domain.guidance == "")
    }

    @Test(
        "What is wrong with a file is told with its place and the nearest name",
        arguments: [
            ("expertise: a", "expertize: a", #"did you mean "expertise"?"#),
            ("min: 5", "minimum: 5", "known keys: min, max"), ("min: 5", "min: 12", "less than min"),
            ("min: 5", "min: 0", "a whole number from 1 to 64"), ("name: cardiology", "name: Heart!", "lower-case"),
            ("name: cardiology", "name: ' '", "name is blank"),
            ("importance: essential", "importance: esential", #"did you mean "essential"?"#),
            ("weight: 5", "weight: 2", "essential items weigh 5"),
            ("title: Names the rhythm", "title: Rhythm", #""title" has 1 word: write 2 to 4"#),
            ("polarity: positive", "polarity: undecided", "breaks a rule"),
            ("kind: content", "sort: content", "unknown key \"sort\""),
            ("aspects: [the rhythm, the next step]", "aspects: []", "empty"),
            ("version: 3", "version: x", "version"), ("name: cardiology", "name: [", "cardiology.yaml:"),
        ]
    )
    func errors(old: String, new: String, expected: String) {
        let text = Self.text.replacing(old, with: new)
        let error = #expect(throws: DocumentError.self) {
            try SynthesisDomain.reading(text, file: "cardiology.yaml")
        }
        let message = error?.description ?? ""
        #expect(message.contains("cardiology.yaml:") && message.contains(expected), "\(message)")
    }

    @Test("The examples of built-in domains keep the rules, and their names are apart")
    func builtIn() {
        for domain in SynthesisDomain.builtIn {
            for example in domain.examples {
                #expect(ItemRules.complaints(about: WrittenItem(example)) == [], "\(domain.name): \(example.title)")
            }
        }
        #expect(SynthesisDomain.builtIn.map(\.name) == ["medicine", "science", "general", "dialogue"])
    }

    @Test("Without a domain of the run a row has its own, or one that suits its turns")
    func suiting() {
        let (user, bot, system) = (
            Message(role: .user, content: "u"), Message(role: .assistant, content: "a"),
            Message(role: .system, content: "s")
        )
        func name(_ prompt: [Message], _ domain: String? = nil) -> String {
            SynthesisDomain.suiting(PromptRow(id: "a", prompt: prompt, domain: domain)).name
        }
        #expect(name([user]) == "general" && name([system, user]) == "general")
        #expect(name([user, bot, user]) == "dialogue")
        #expect(name([user, bot, user], "medicine") == "medicine" && name([user], "law") == "general")
    }
}
