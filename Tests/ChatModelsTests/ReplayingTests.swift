// SPDX-License-Identifier: Apache-2.0

import ChatModels
import RubricsTesting
import Testing

@Suite("Replayed calls")
struct ReplayingTests {
    private let store = MemoryCallStore()

    private func replaying(_ failures: [CallKey: ChatModelError] = [:], mode: String = "tool") -> ReplayingChatModel {
        ReplayingChatModel(name: "scripted", features: .logprobs, store: store, mode: mode, failures: failures)
    }

    @Test("What was answered is answered again, marked as recorded")
    func answered() async throws {
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes", stopReason: .maxTokens) }
        let first = try await RecordingChatModel(base, in: store, mode: "tool").reply(to: .asking())
        let again = try await replaying().reply(to: .asking())
        #expect(again.text == "yes" && again.stopReason == .maxTokens && again.isRecorded && again.key == first.key)
        #expect(base.requests.count == 1 && replaying().features == .logprobs && replaying().name == base.name)
    }

    @Test("What failed fails again in the same way, also where a later call was answered")
    func failed() async throws {
        let base = ScriptedChatModel { _, _ in ChatReply(text: "yes") }
        let key = try #require(
            try await RecordingChatModel(base, in: store, mode: "tool").reply(to: .asking()).key
        )
        let failure = ChatModelError(.refusal, "refused")
        let error = await #expect(throws: ChatModelError.self) {
            try await replaying([key: failure]).reply(to: .asking())
        }
        #expect(error == failure)
    }

    @Test("What is not in the record is not called, but named")
    func unrecorded() async throws {
        let error = await #expect(throws: ChatModelError.self) { try await replaying().reply(to: .asking()) }
        #expect(error?.code == .unrecorded)
        #expect(error?.isTransient == false)
        #expect(error?.description.contains("is not in the ledger") == true)
    }
}

@Suite("Keys of calls")
struct CallKeyTests {
    @Test("A key is read from its own digits, in small letters or capitals")
    func roundTrip() {
        let key = CallKey(bytes: (0..<32).map { UInt8($0 * 8 + 7) })
        #expect(CallKey(hexadecimal: key.description) == key)
        #expect(CallKey(hexadecimal: key.description.uppercased()) == key)
        #expect(key.description.hasPrefix("070f17"))
    }

    @Test(
        "Anything else is no key",
        arguments: ["", "ab", String(repeating: "g", count: 64), String(repeating: "\u{661}", count: 64)]
            + [String(repeating: "a", count: 63), String(repeating: "a", count: 65), String(repeating: "é", count: 32)]
    )
    func wrong(text: String) {
        #expect(CallKey(hexadecimal: text) == nil)
    }
}
