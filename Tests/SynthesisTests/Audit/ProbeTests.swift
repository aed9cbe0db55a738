// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Synthesis
import Testing

@Suite("Probes of an audit")
struct ProbeTests {
    private static let answer = "Drink 2 litres a day. Rest before work. Avoid salt. See a doctor. Sleep more."

    @Test("Less of an answer is a part of more of it, in the same order", arguments: 0..<50 as Range<UInt64>)
    func ladder(seed: UInt64) throws {
        let degradation = Degradation(of: Self.answer, seed: seed)
        let steps = try [0.75, 0.5, 0.25].map { try #require(degradation.keeping($0)) }
        let sentences = steps.map { step in step.split(separator: ".").map { $0.drop { $0 == " " } } }
        #expect(sentences.map(\.count) == [4, 3, 1])
        for (more, less) in zip(sentences, sentences.dropFirst()) {
            #expect(less.allSatisfy(more.contains))
            #expect(more.filter(less.contains) == less)
        }
    }

    @Test("An answer of one sentence loses its last words")
    func oneSentence() {
        let degradation = Degradation(of: "Rest and drink plenty of water", seed: 1)
        #expect(degradation.keeping(0.5) == "Rest and drink.")
        #expect(Degradation(of: "Rest", seed: 1).keeping(0.5) == nil)
    }

    @Test(
        "Numbers and directions are turned round, the rest stays",
        arguments: [
            ("Drink 2 litres before noon.", "Drink 6 litres after noon."),
            ("It is (always) higher, not lower!", "It is (never) lower, not higher!"),
            ("Rest.", nil),
            ("", nil),
            ("pH 7.4 or 38.5", nil),
        ]
    )
    func contradiction(text: String, turned: String?) {
        #expect(Degradation(of: text, seed: 0).contradiction == turned)
    }

    @Test("A row gives its good answers, worse ones, and answers that say nothing")
    func probes() {
        let task = RubricTask(
            id: "t",
            prompt: [Message(role: .user, content: "How do I get over a cold?")],
            referenceAnswer: Self.answer,
            plainAnswer: "Rest and drink.",
            criteria: [Criterion(description: "Advises rest.", importance: .essential)]
        )
        let variant = ProbeVariant(task: "t", kind: .subtlyWrong, response: "Take antibiotics.")
        let probes = ProbeWriter(seed: 3).probes(for: task, other: "Paris.", variants: [variant], samples: ["a", "b"])
        #expect(
            probes.map(\.id) == [
                "reference", "plain", "subtly_wrong-1", "degraded-75", "degraded-50", "degraded-25", "contradicted",
                "off_topic", "nothing", "echo", "keywords", "verbosity", "confidence", "formatting", "sample-1",
                "sample-2",
            ]
        )
        #expect(probes.allSatisfy { !$0.text.isEmpty })
        #expect(probes.compactMap(\.kept) == [0.75, 0.5, 0.25])
    }

    @Test("A row without answers has no good probe")
    func withoutAnswers() {
        let task = RubricTask(id: "t", prompt: [], criteria: [Criterion(description: "d", weight: 1)])
        let probes = ProbeWriter(seed: 0).probes(for: task, other: nil, variants: [], samples: [])
        #expect(!probes.contains { $0.kind.standing == .good } && probes.contains { $0.kind == .nothing })
    }
}
