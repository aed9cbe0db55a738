// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("What conversions lose")
struct ConversionLossTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var source = RubricFormat.native
        var target: RubricFormat
        var task: RubricTask
        /// Each loss as `kind`, with an exclamation mark where it changes scores.
        var losses: [String]

        var testDescription: String { name }
    }

    private static func task(_ criteria: Criterion..., prompt: [Message] = [Message(role: .user, content: "p")])
        -> RubricTask
    {
        RubricTask(id: "a", prompt: prompt, criteria: criteria)
    }

    private static let virtue = Criterion(description: "v", weight: 1)
    private static let fault = Criterion(id: "c2", description: "f", weight: 2, polarity: .negative)
    private static let pitfall = Criterion(description: "v", importance: .pitfall, weight: 1)

    private static let cases = [
        Case(name: "plain", target: .healthBench, task: task(virtue), losses: []),
        Case(name: "fault to HealthBench", target: .healthBench, task: task(virtue, fault), losses: ["normalizer!"]),
        Case(
            name: "fault from HealthBench",
            source: .healthBench,
            target: .native,
            task: task(virtue, fault),
            losses: ["normalizer"]
        ),
        Case(
            name: "clipping",
            source: .healthBench,
            target: .rubric,
            task: task(virtue, fault),
            losses: ["normalizer!", "messages"]
        ),
        Case(
            name: "packages agree",
            source: .autorubric,
            target: .rubric,
            task: task(virtue, fault),
            losses: ["messages"]
        ),
        Case(
            name: "open-instruct",
            source: .rubric,
            target: .openInstruct,
            task: task(virtue, fault),
            losses: ["normalizer!"]
        ),
        Case(name: "verifiers avoid faults", target: .verifiers, task: task(virtue, fault), losses: ["messages"]),
        Case(name: "rewardkit negates", target: .rewardkit, task: task(virtue, fault), losses: ["messages"]),
        Case(name: "RaR's sign", target: .rar, task: task(fault), losses: ["polarity!", "importance", "id"]),
        Case(name: "RaR's pitfall", target: .rar, task: task(pitfall), losses: ["polarity!"]),
        Case(name: "importance", target: .healthBench, task: task(pitfall), losses: ["importance"]),
        Case(name: "prometheus", target: .prometheus, task: task(virtue), losses: ["rating_scale!", "messages"]),
        Case(
            name: "no weight",
            target: .rubric,
            task: task(Criterion(description: "d", importance: .essential)),
            losses: ["messages", "weight", "importance"]
        ),
        Case(
            name: "check and children",
            target: .healthBench,
            task: task(
                Criterion(title: "t", description: "d", weight: 1, kind: .form, check: .json, children: [virtue])
            ),
            losses: ["check!", "children!", "title", "details"]
        ),
        Case(
            name: "a conversation",
            target: .rar,
            task: task(pitfall, prompt: [Message(role: .system, content: "s"), Message(role: .user, content: "u")]),
            losses: ["messages!", "polarity!"]
        ),
        Case(
            name: "graded choices",
            source: .verifiers,
            target: .rubric,
            task: task(Criterion(description: "d", weight: 1, metadata: ["verifiers": ["choices": ["a", "b", "c"]]])),
            losses: ["messages", "rating_scale!", "metadata"]
        ),
    ]

    @Test("Each loss is named, and marked where it changes scores", arguments: cases)
    func losses(_ given: Case) throws {
        let losses = try Conversion(from: given.source, to: given.target).convert(given.task).losses
        #expect(losses.map { $0.kind.rawValue + ($0.changesScore ? "!" : "") } == given.losses)
    }

    @Test("Polarity decides the sign, not the importance")
    func signs() throws {
        let negative = Criterion(id: "c2", description: "f", importance: .pitfall, weight: 2, polarity: .negative)
        let task = Self.task(Self.pitfall, negative)
        let row = try Conversion(from: .rar, to: .healthBench).convert(task).row
        #expect(row["rubrics"]?.array?.map { $0["points"] } == [1, -2])
        let rubric = try Conversion(from: .rar, to: .rubric).convert(task).row
        #expect(rubric.array?.map { $0["weight"] } == [1, -2])
    }

    @Test(
        "Undecided polarity is refused where a format states it, or left out",
        arguments: [RubricFormat.healthBench, .rewardkit]
    )
    func undecided(target: RubricFormat) throws {
        let open = Criterion(id: "c2", description: "o", weight: 1, polarity: .undecided)
        let error = #expect(throws: ConversionError.self) {
            try Conversion(from: .native, to: target).convert(Self.task(Self.virtue, open))
        }
        #expect(error?.criterion == "c2")
        #expect(error?.description.contains("--undecided drop_criterion") == true)
        let dropping = Conversion(from: .native, to: target, undecided: .dropCriterion)
        let result = try dropping.convert(Self.task(Self.virtue, open))
        #expect(result.losses.first?.kind == .dropped)
        #expect(result.losses.first?.changesScore == true)
        #expect(throws: ConversionError.self) { try dropping.convert(Self.task(open)) }
        #expect(
            try Conversion(from: .native, to: .rar).convert(Self.task(open)).losses.contains { $0.kind == .polarity }
                == false
        )
    }

    @Test("Formats of rows need a prompt")
    func prompt() {
        let error = #expect(throws: ConversionError.self) {
            try Conversion(from: .rubric, to: .native).convert(Self.task(Self.virtue, prompt: []))
        }
        #expect(error?.description.contains("--prompt TEXT") == true)
    }
}
