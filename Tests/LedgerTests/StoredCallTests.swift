// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Ledger
import Rubrics
import RubricsTesting
import Testing

@Suite("Stored calls")
struct StoredCallTests {
    /// A reply as a ledger gives it back: what the endpoint said of its limits is not kept.
    private func roundTrip(_ reply: ChatReply) async throws -> ChatReply? {
        let test = try TestLedger()
        let key = try await test.record("q", reply)
        return try await test.reopened().reply(for: key)
    }

    @Test("A call that was never made has no answer")
    func unknown() async throws {
        let test = try TestLedger()
        #expect(try await test.ledger.reply(for: CallKey(bytes: [1, 2, 3])) == nil)
    }

    @Test("An answer comes back as it was, with its usage, its cost and why it ended")
    func whole() async throws {
        var reply = ChatReply(
            text: "{\"met\": \"yes\"}\r\n\u{0}\u{2028}患者",
            stopReason: .maxTokens,
            usage: TokenUsage(input: 40, cachedInput: 30, output: 20, reasoning: 10)
        )
        reply.cost = 0.1 + 0.2
        #expect(try await roundTrip(reply) == reply)
    }

    @Test("Texts come back byte by byte", arguments: ["", "G\u{307}", "\u{120}", "a\r\nb", "x<\u{338}/response>"])
    func bytes(text: String) async throws {
        let back = try await roundTrip(ChatReply(text: text))
        #expect(back.map { Array($0.text.utf8) } == Array(text.utf8))
    }

    @Test("Tokens come back in their order, those that cannot be among them")
    func tokens() async throws {
        let reply = ChatReply(
            text: "a\n",
            tokens: [
                .init(text: "a", logprob: -0.1, alternatives: ["a": -0.1, "b": -.infinity, "": -1e-300]),
                .init(text: "", logprob: -.infinity),
                .init(text: "\n", logprob: 0, alternatives: ["\n": 0]),
            ]
        )
        #expect(try await roundTrip(reply)?.tokens == reply.tokens)
    }

    @Test("Log-probabilities come back bit by bit", arguments: 0..<20 as Range<UInt64>)
    func doubles(seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let tokens = (0..<50).map { ChatReply.Token(text: "\($0)", logprob: -40 * generator.uniform()) }
        let back = try await roundTrip(ChatReply(text: "", tokens: tokens))
        #expect(back?.tokens.map(\.logprob.bitPattern) == tokens.map(\.logprob.bitPattern))
    }

    @Test("The first answer of a call stands")
    func first() async throws {
        let test = try TestLedger()
        let key = try await test.record("q", ChatReply(text: "first"))
        try await test.record("q", ChatReply(text: "second"))
        #expect(try await test.ledger.reply(for: key)?.text == "first")
    }

    @Test("A recording model pays once, also after the file was closed and opened again")
    func recording() async throws {
        let test = try TestLedger()
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        for ledger in [test.ledger, try test.reopened()] {
            let model = RecordingChatModel(base, in: ledger, mode: "none")
            #expect(try await model.reply(to: .asking()).text == "yes")
        }
        #expect(base.requests.count == 1)
    }
}
