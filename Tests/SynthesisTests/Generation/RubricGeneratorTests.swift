// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics
import RubricsTesting
import Synthesis
import Testing

@Suite("Rubrics, written and repaired", .timeLimit(.minutes(1)))
struct RubricGeneratorTests {
    private static let row = PromptRow(
        id: "r1",
        prompt: [Message(role: .user, content: "How fast?")],
        referenceAnswer: "3.2 m/s",
        source: "here"
    )

    private func write(
        _ answers: [Result<ChatReply, ChatModelError>],
        rules: ItemRules = ItemRules(items: .init(min: 3, max: 5)),
        repairs: Int = 2,
        row: PromptRow = row
    ) async throws -> (outcome: SynthesizedRow, requests: [ChatRequest]) {
        let model = ScriptedChatModel(name: "writer", answers: answers)
        let prompt = RubricPrompt(.science, isReferenceFree: false, marker: TextMarker(key: [1]))
        let generator = RubricGenerator(model, prompt: prompt, rules: rules, repairs: repairs)
        let outcome = try await generator.rubric(for: row, reference: WrittenReference(of: row))
        return (outcome, model.requests)
    }

    private func titles(_ outcome: SynthesizedRow) throws -> [String] {
        try outcome.rubric.get().criteria.map(\.title)
    }

    private func complaints(_ request: ChatRequest) -> String { request.messages.last?.content ?? "" }

    @Test("A rubric without fault is one call, with its provenance and polarities as said")
    func faultless() async throws {
        let items = [item(1), item(2, polarity: .negative), item(3)]
        let (outcome, requests) = try await write([.success(reply(items))])
        let task = try outcome.rubric.get()
        #expect(requests.count == 1 && outcome.usage.calls == 1 && outcome.aside == [])
        #expect(
            task.id == "r1" && task.referenceAnswer == "3.2 m/s" && task.domain == "science" && task.source == "here"
        )
        #expect(task.criteria.map(\.id) == ["c1", "c2", "c3"])
        #expect(task.criteria.map(\.polarity) == [.positive, .negative, .positive])
        #expect(task.criteria.map(\.importance) == [.essential, .pitfall, .important])
        #expect(task.criteria[0].polarityGround == "writer wrote the item and said so")
        let provenance = try #require(task.provenance)
        #expect(
            provenance
                == Provenance(strategy: "generation", model: "writer", prompt: "science/1", reference: .given)
        )
        #expect(try RubricFile.tasks(in: task.json.serialized(), file: "row.jsonl") == [task])
    }

    @Test("Only what is wrong is asked again, with the exact complaint; good items stay as they are")
    func repaired() async throws {
        let flawed = [item(1), item(2), item(3, title: "Rate"), item(4, polarity: nil)]
        // The repair changes item 1 too, which nobody asked for.
        let mended = repair([
            (3, item(3, title: "Gives rate three")), (4, item(4)), (1, item(1, title: "Something else")),
        ])
        let (outcome, requests) = try await write([.success(reply(flawed)), .success(mended)])
        #expect(try titles(outcome) == ["Gives value 1", "Gives value 2", "Gives rate three", "Gives value 4"])
        #expect(requests.count == 2 && outcome.usage.calls == 2 && outcome.aside == [])
        let lines = complaints(requests[1]).split(separator: "\n").filter { $0.hasPrefix("item ") }
        #expect(
            lines == [
                #"item 3: "title" has 1 word: write 2 to 4"#,
                #"item 4: "polarity" is missing: "positive" where meeting the statement is a virtue, "negative" where it "#
                    + "is a fault",
            ]
        )
        #expect(requests[1].messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(Array(requests[1].messages.prefix(2)) == requests[0].messages)
        #expect(requests[1].format == .json(name: "repair", schema: RubricReply.repairSchema))
        let changes = try outcome.rubric.get().provenance?.changes ?? []
        #expect(changes.map(\.criterion) == ["c3", "c4"] && changes.allSatisfy { $0.by == "repair" })
        #expect(changes[0].reason == #""title" has 1 word: write 2 to 4"#)
    }

    @Test("What stays wrong is set aside with its reason, and the rubric stands without it")
    func aside() async throws {
        let bad = item(4, title: "Rate")
        let items = [item(1), item(2), item(3), bad]
        let stubborn = repair([(4, bad)])
        let (outcome, requests) = try await write([.success(reply(items)), .success(stubborn)], repairs: 2)
        #expect(requests.count == 3)
        #expect(try titles(outcome) == ["Gives value 1", "Gives value 2", "Gives value 3"])
        #expect(outcome.aside.map(\.complaints) == [[#""title" has 1 word: write 2 to 4"#]])
        #expect(outcome.aside[0].said["title"] == "Rate")
        let changes = try outcome.rubric.get().provenance?.changes ?? []
        #expect(changes.map(\.action) == ["removed"])
    }

    @Test("Too few items that keep the rules set the row aside, with all that was written")
    func tooFew() async throws {
        let items = [item(1), item(2), item(3, title: "Rate")]
        let (outcome, requests) = try await write([.success(reply(items)), .success(repair([]))], repairs: 1)
        #expect(requests.count == 2)
        guard case .failure(let reason) = outcome.rubric else { return #expect(Bool(false)) }
        #expect(reason == SetAside(.items, "2 items that keep the rules, and at least 3 are needed"))
        #expect(outcome.aside.count == 1 && !reason.reason.isPassing)
    }

    @Test("A short rubric is asked for more, a long one for less")
    func counts() async throws {
        let (short, asked) = try await write([
            .success(reply([item(1), item(2)])), .success(repair([(3, item(3)), (4, item(4))])),
        ])
        #expect(complaints(asked[1]).contains("the rubric: it has 2 items, and at least 3 are needed: add 1 or more"))
        #expect(try titles(short).count == 4 && short.aside == [])

        let many = (1...7).map { item($0) }
        let (long, told) = try await write([.success(reply(many)), .success(repair([], withdrawn: [5, 7]))])
        #expect(complaints(told[1]).contains("it has 7 items, and at most 5 are allowed: withdraw 2 or more"))
        #expect(try long.rubric.get().criteria.map(\.title).map(\.last) == ["1", "2", "3", "4", "6"])
        #expect(long.aside.count == 2)
    }

    @Test("Items beyond the most go aside, the least important first, when nobody withdraws any")
    func surplus() async throws {
        let items = [
            item(1), item(2), item(3, importance: .optional), item(4), item(5, importance: .optional), item(6), item(7),
        ]
        let (outcome, _) = try await write([.success(reply(items)), .success(repair([]))], repairs: 1)
        #expect(try titles(outcome).map(\.last) == ["1", "2", "4", "6", "7"])
        #expect(outcome.aside.map(\.complaints) == [["more items than 5"], ["more items than 5"]])
    }

    @Test("A rubric needs an essential item, and is asked for a pitfall")
    func importances() async throws {
        let items = (3...6).map { item($0) }
        let (none, requests) = try await write([.success(reply(items)), .success(repair([]))], repairs: 1)
        let text = complaints(requests[1])
        #expect(text.contains("no item is essential: add one") && text.contains("no item is pitfall: add one"))
        guard case .failure(let reason) = none.rubric else { return #expect(Bool(false)) }
        #expect(reason.detail == "no item that keeps the rules is essential")

        let (without, _) = try await write([
            .success(reply([item(1), item(3), item(4)])), .success(repair([])),
        ])
        #expect(try titles(without).count == 3)
    }

    @Test("The same statement twice is one too many")
    func duplicates() async throws {
        let twin = item(3, title: "Says it again", description: "states that VALUE number 1 is 10 units!")
        let (outcome, requests) = try await write([
            .success(reply([item(1), item(2), twin, item(4)])), .success(repair([], withdrawn: [3])),
        ])
        #expect(complaints(requests[1]).contains("item 3: it says the same as item 1: write another or withdraw it"))
        #expect(try titles(outcome).map(\.last) == ["1", "2", "4"])
        #expect(outcome.aside.count == 1)
    }

    @Test("Good items cannot be withdrawn")
    func withdrawn() async throws {
        let items = [item(1), item(2), item(3), item(4, title: "Rate")]
        let (outcome, _) = try await write([.success(reply(items)), .success(repair([], withdrawn: [1, 4]))])
        #expect(try titles(outcome).map(\.last) == ["1", "2", "3"])
    }

    @Test("Complaints from elsewhere are asked about as well")
    func reviews() async throws {
        let rules = ItemRules(
            items: .init(min: 3, max: 5),
            reviews: [
                { criterion, rubric in
                    criterion.description.contains("number 3") ? ["it is vague among \(rubric.criteria.count)"] : []
                }
            ]
        )
        let better = item(3, description: "States that the third is 30 units.")
        let (outcome, requests) = try await write(
            [.success(reply([item(1), item(2), item(3)])), .success(repair([(3, better)]))],
            rules: rules
        )
        #expect(complaints(requests[1]).contains("item 3: it is vague among 3"))
        #expect(try outcome.rubric.get().criteria[2].description == better.description)
    }

    @Test(
        "A second opinion on polarity is asked about once; what the model then says stands",
        arguments: [false, true]
    )
    func opinion(givesIn: Bool) async throws {
        let rules = ItemRules(
            items: .init(min: 3, max: 5),
            opinion: { criterion, _ in criterion.id == "c3" ? (.negative, "it names a fault") : nil }
        )
        let second = item(3, polarity: givesIn ? .negative : .positive)
        let (outcome, requests) = try await write(
            [.success(reply([item(1), item(2), item(3)])), .success(repair([(3, second)]))],
            rules: rules
        )
        #expect(requests.count == 2)
        #expect(complaints(requests[1]).contains(#"item 3: "polarity" is "positive", yet it names a fault"#))
        let criterion = try outcome.rubric.get().criteria[2]
        #expect(criterion.polarity == (givesIn ? .negative : .positive))
        #expect(criterion.polarityGround == "writer wrote the item and said so, asked again")
    }
}
