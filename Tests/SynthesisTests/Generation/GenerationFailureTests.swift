// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics
import RubricsTesting
import Synthesis
import Testing

@Suite("Writing that fails", .timeLimit(.minutes(1)))
struct GenerationFailureTests {
    private static let row = PromptRow(
        id: "r1",
        prompt: [Message(role: .user, content: "How fast?")],
        referenceAnswer: "3.2 m/s"
    )
    private static let nobody = [Result<ChatReply, ChatModelError>.failure(ChatModelError(.rejected, "not asked"))]
    private static let whole = [item(1), item(2), item(3), item(4), item(5), item(6), item(7)]

    private func write(
        _ answers: [Result<ChatReply, ChatModelError>],
        references: [Result<ChatReply, ChatModelError>]? = nil,
        row: PromptRow = row,
        configure: (inout RowSynthesis.Configuration) -> Void = { _ in }
    ) async throws -> (outcome: SynthesizedRow, rubrics: [ChatRequest], references: [ChatRequest]) {
        let model = ScriptedChatModel(name: "writer", answers: answers.isEmpty ? Self.nobody : answers)
        let writer = references.map { answers in
            ScriptedChatModel(name: "expert", answers: answers.isEmpty ? Self.nobody : answers)
        }
        var configuration = RowSynthesis.Configuration(marker: TextMarker(key: [1]))
        configure(&configuration)
        let synthesis = RowSynthesis(model, referenceModel: writer, configuration: configuration)
        let outcome = try await synthesis.synthesize(row)
        return (outcome, model.requests, writer?.requests ?? [])
    }

    private func reason(_ outcome: SynthesizedRow) -> SetAside? {
        if case .failure(let reason) = outcome.rubric { reason } else { nil }
    }

    @Test("A reply that cannot be read is asked for again with what is wrong, and counts as a repair")
    func malformed() async throws {
        let prose = ChatReply(text: "I would look at the rate.")
        let (good, requests, _) = try await write([.success(prose), .success(reply(Self.whole))])
        #expect(try good.rubric.get().criteria.count == 7 && good.usage.calls == 2)
        #expect(requests[1].messages.last?.content.contains("your answer held no JSON object") == true)
        #expect(requests[1].messages[2].content == "I would look at the rate.")

        let (bad, all, _) = try await write([.success(prose)])
        #expect(all.count == 3)
        #expect(reason(bad) == SetAside(.failed(.malformed), "writer: your answer held no JSON object"))
    }

    @Test("A repair that cannot be read leaves the draft as good as it was")
    func malformedRepair() async throws {
        var items = Self.whole
        items.append(item(8, title: "Rate"))
        let (outcome, requests, _) = try await write([.success(reply(items)), .success(ChatReply(text: "No."))])
        #expect(requests.count == 3)
        #expect(try outcome.rubric.get().criteria.count == 7 && outcome.aside.count == 1)
    }

    @Test("A refusal is asked about; one that stays sets the row aside")
    func refusal() async throws {
        let sorry = ChatReply(text: "I'm sorry, but I can't help with that.")
        let (good, requests, _) = try await write([.success(sorry), .success(reply(Self.whole))])
        #expect(try good.rubric.get().criteria.count == 7)
        #expect(requests[1].messages.last?.content.contains("not to do what the prompt says") == true)
        let (bad, _, _) = try await write([.failure(ChatModelError(.refusal, "refused"))])
        #expect(reason(bad)?.reason == .failed(.refusal) && reason(bad)?.reason.isPassing == false)
    }

    @Test(
        "A call that fails on the way sets the row aside for now, also in a repair",
        arguments: [ChatModelError.Code.timeout, .serverError, .rateLimited, .connection]
    )
    func transport(code: ChatModelError.Code) async throws {
        var items = Self.whole
        items[6] = item(7, title: "Rate")
        let failure = Result<ChatReply, ChatModelError>.failure(ChatModelError(code, "no luck"))
        let (first, _, _) = try await write([failure])
        let (second, _, _) = try await write([.success(reply(items)), failure])
        for outcome in [first, second] {
            #expect(reason(outcome)?.reason.isPassing == true && reason(outcome)?.detail == "no luck")
        }
        #expect(second.usage.calls == 1)
    }

    @Test("A context that overflows in a repair leaves the draft")
    func overflow() async throws {
        var items = Self.whole
        items.append(item(8, title: "Rate"))
        let (outcome, _, _) = try await write([
            .success(reply(items)), .failure(ChatModelError(.contextOverflow, "too long")),
        ])
        #expect(try outcome.rubric.get().criteria.count == 7)
    }

    // MARK: - Reference answers

    private static let bare = PromptRow(id: "r2", prompt: [Message(role: .user, content: "How fast?")])

    @Test("A missing reference answer is written by the stronger model, shown to the writer, and marked as such")
    func written() async throws {
        let (outcome, rubrics, references) = try await write(
            [.success(reply(Self.whole))],
            references: [.success(ChatReply(text: "<think>well</think>\n 3.2 m/s \n"))],
            row: Self.bare
        )
        let task = try outcome.rubric.get()
        #expect(task.referenceAnswer == "3.2 m/s" && outcome.usage.calls == 2)
        #expect(task.provenance?.reference == .generated && task.provenance?.referenceModel == "expert")
        #expect(rubrics[0].messages[1].content.contains("]\n3.2 m/s\n[end of reference "))
        #expect(references.count == 1 && references[0].format == .text)
        #expect(references[0].messages[1].content.contains("]\nHow fast?\n[end of prompt "))
    }

    @Test("A reference answer that is there is never written")
    func given() async throws {
        let (outcome, _, references) = try await write([.success(reply(Self.whole))], references: [])
        #expect(try outcome.rubric.get().provenance?.reference == .given && references.isEmpty)
    }

    @Test(
        "A reference answer that cannot be had sets the row aside",
        arguments: [
            (Result<ChatReply, ChatModelError>.success(ChatReply(text: "<think>x</think> ")), "is empty"),
            (.success(ChatReply(text: "3.", stopReason: .maxTokens)), "cut for its length"),
            (.failure(ChatModelError(.serverError, "down")), "no reference answer could be written: down"),
        ]
    )
    func failed(answer: Result<ChatReply, ChatModelError>, expected: String) async throws {
        let (outcome, rubrics, _) = try await write([], references: [answer], row: Self.bare)
        #expect(reason(outcome)?.detail.contains(expected) == true && rubrics.isEmpty)
    }

    @Test("Without a reference answer and anybody to write one, the way out is named")
    func none() async throws {
        let (outcome, rubrics, _) = try await write([], row: Self.bare)
        #expect(reason(outcome)?.reason == .noReference && rubrics.isEmpty)
        #expect(reason(outcome)?.detail.contains("--reference-model") == true)
    }

    @Test("Reference-free rubrics are written from the prompt alone, under a prompt of their own")
    func referenceFree() async throws {
        let (outcome, rubrics, _) = try await write([.success(reply(Self.whole))]) { $0.isReferenceFree = true }
        let task = try outcome.rubric.get()
        #expect(task.provenance?.prompt == "general.reference-free/1")
        #expect(task.provenance?.reference == Provenance.Reference.none && task.referenceAnswer == "3.2 m/s")
        #expect(!rubrics[0].messages.contains { $0.content.contains("3.2 m/s") })
    }
}
