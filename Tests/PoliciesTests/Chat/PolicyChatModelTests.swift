// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Policies
import Rubrics
import Tensors
import TestSupport
import Testing

@Suite("A policy as a chat model", .timeLimit(.minutes(10)))
struct PolicyChatModelTests {
    /// Requests of every kind: greedy and drawn, short and long, texts, JSON and choices.
    private static let mixed: [ChatRequest] =
        (0..<12).map { place in
            ChatRequest(
                String(repeating: "ab ", count: 1 + 3 * place),
                temperature: [0, 0.7, 1][place % 3],
                maxTokens: [5, 24][place % 2],
                format: place % 4 == 3 ? .json(name: "rating", schema: ["type": "object"]) : .text
            )
        }
        + (0..<4).map { ChatRequest("q\($0)", format: .choice(prefix: "{", options: ["1}", "10}", "x"])) }

    @Test("The same request gets the same reply, another vote another one")
    func determinism() async throws {
        let model = try await ChatModelFixture().chatModel()
        var replies: Set<ChatReply> = []
        for vote in 0..<3 {
            let request = ChatRequest("hello", temperature: 1, vote: vote)
            let reply = try await model.reply(to: request)
            #expect(try await model.reply(to: request) == reply)
            replies.insert(reply)
        }
        #expect(replies.count == 3)
        let greedy = try await model.reply(to: ChatRequest("hello"))
        #expect(try await model.reply(to: ChatRequest("hello", vote: 1)) == greedy)
    }

    @Test("Requests at the same time get what each gets alone", arguments: [2, 5, 32])
    func batching(rows: Int) async throws {
        let fixture = try ChatModelFixture()
        let alone = try await fixture.chatModel(rows: 1)
        var expected: [ChatReply] = []
        for request in Self.mixed { expected.append(try await alone.reply(to: request)) }
        let model = try await fixture.chatModel(rows: rows)
        let found = try await withThrowingTaskGroup(of: (Int, ChatReply).self) { group in
            for (place, request) in Self.mixed.enumerated() {
                group.addTask { (place, try await model.reply(to: request)) }
            }
            return try await group.reduce(into: [Int: ChatReply]()) { $0[$1.0] = $1.1 }
        }
        for (place, reply) in expected.enumerated() {
            #expect(found[place]?.text.isExactly(reply.text) == true)
            #expect(found[place]?.stopReason == reply.stopReason && found[place]?.usage == reply.usage)
            for (option, logprob) in reply.tokens.first?.alternatives ?? [:] {
                let other = try #require(found[place]?.tokens.first?.alternatives[option])
                #expect(abs(other - logprob) < 1e-4)
            }
        }
    }

    @Test("Tokens are counted, and a reply that reaches the limit says so")
    func usage() async throws {
        let model = try await ChatModelFixture().chatModel()
        let reply = try await model.reply(to: ChatRequest("hi", maxTokens: 7))
        // <|im_start|>, "user\nhi", <|im_end|>, "\n", <|im_start|>, "assistant\n"; a token a byte.
        #expect(reply.usage == TokenUsage(input: 1 + 7 + 1 + 1 + 1 + 10, output: 7))
        #expect(reply.stopReason == .maxTokens)
        #expect(reply.cost == 0 && reply.tokens.isEmpty)
    }

    @Test("A prompt that leaves no room is an overflow, and the model answers on")
    func overflow() async throws {
        let model = try await ChatModelFixture(positions: 64).chatModel()
        // 19 tokens around the text.
        let fitting = try await model.reply(to: ChatRequest(String(repeating: "a", count: 44)))
        #expect(fitting.usage == TokenUsage(input: 63, output: 1) && fitting.stopReason == .maxTokens)
        let option = ChatRequest.Format.choice(prefix: "", options: ["a", "abc"])
        #expect(
            try await model.reply(to: ChatRequest(String(repeating: "a", count: 42), format: option)).usage.output == 0
        )
        for request in [
            ChatRequest(String(repeating: "a", count: 45)),
            ChatRequest(String(repeating: "a", count: 43), format: option),
            ChatRequest(String(repeating: "a", count: 10_000)),
        ] {
            let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: request) }
            #expect(error?.code == .contextOverflow)
            #expect(error?.message.contains("context of 64") == true)
        }
        #expect(try await model.reply(to: ChatRequest(String(repeating: "a", count: 44))) == fitting)
    }

    @Test(
        "What cannot be answered is rejected",
        arguments: [
            ChatRequest("a", temperature: -1), ChatRequest("a", temperature: .nan), ChatRequest("a", maxTokens: 0),
            ChatRequest("a", maxTokens: 65), ChatRequest("a", maxTokens: .min),
            ChatRequest("a", format: .choice(prefix: "x", options: [])),
        ]
    )
    func rejections(request: ChatRequest) async throws {
        let model = try await ChatModelFixture().chatModel()
        let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: request) }
        #expect(error?.code == .rejected)
    }

    @Test("A model that gives no numbers fails, and does not choose")
    func noNumbers() async throws {
        var model = TinyModel()
        model.spoiled = ("model.layers.0.mlp.down_proj.weight", 3e38)
        let chatModel = try await ChatModelFixture(model).chatModel()
        let request = ChatRequest("a", format: .choice(prefix: "", options: ["b", "c"]))
        let error = await #expect(throws: ChatModelError.self) { try await chatModel.reply(to: request) }
        #expect(error?.code == .malformed)
        for temperature in [0, 1.0] {
            let error = await #expect(throws: ChatModelError.self) {
                try await chatModel.reply(to: ChatRequest("a", temperature: temperature))
            }
            #expect(error?.code == .serverError)
        }
    }

    @Test("A cancelled request ends, and the model answers on")
    func cancellation() async throws {
        let model = try await ChatModelFixture().chatModel()
        await withTaskGroup(of: Void.self) { group in
            for place in 0..<6 {
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        while true { _ = try await model.reply(to: ChatRequest("a\(place)", maxTokens: 64)) }
                    }
                }
            }
            group.cancelAll()
        }
        _ = try await model.reply(to: ChatRequest("a"))
    }

    @Test("The name has the contents' hash and the folder's name, not its path")
    func name() async throws {
        let fixture = try ChatModelFixture()
        let name = try await fixture.chatModel().name
        let parts = name.split(separator: ":")
        #expect(parts.count == 3 && parts[0] == "local" && parts[2] == "judge")
        #expect(parts[1].utf8.count == 12 && parts[1].utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
        // Another folder of the same contents.
        #expect(try await ChatModelFixture().chatModel().name == name)
        #expect(try await ChatModelFixture(TinyModel(seed: 2)).chatModel().name != name)
        #expect(try await ChatModelFixture(positions: 512).chatModel().name != name)
        let weights = fixture.path + "/model.safetensors"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: weights))
        bytes[bytes.count - 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: weights))
        let other = try await fixture.chatModel().name
        #expect(other != name && other.hasSuffix(":judge"))
        // What no answer depends on.
        try fixture.folder.write("judge/README.md", "A model.".utf8)
        #expect(try await fixture.chatModel().name == other)
        try fixture.folder.write("judge/generation_config.json", ["eos_token_id": 3])
        #expect(try await fixture.chatModel().name != other)
    }
}
