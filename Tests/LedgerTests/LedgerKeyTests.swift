// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Ledger
import Rubrics
import Testing

@Suite("Keys of a ledger's calls")
struct LedgerKeyTests {
    private static let request = ChatRequest(
        messages: [Message(role: .system, content: "Judge."), Message(role: .user, content: "Is it?")],
        format: .json(name: "verdicts", schema: ["type": "object"])
    )

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var apply: @Sendable (inout ChatRequest) -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout ChatRequest) -> Void) {
            testDescription = name
            self.apply = apply
        }
    }

    static let changes = [
        Change("a word") { $0.messages[1].content = "Is it!" },
        Change("a canonically equivalent word") { $0.messages[1].content = "Is it?\u{301}" },
        Change("a role") { $0.messages[0].role = .assistant },
        Change("one message more") { $0.messages.append(Message(role: .user, content: "")) },
        Change("the messages' order") { $0.messages.reverse() },
        Change("temperature") { $0.temperature = 0.1 },
        Change("longest answer") { $0.maxTokens = 1_023 },
        Change("log-probabilities") { $0.topLogprobs = 1 },
        Change("vote") { $0.vote = 1 },
        Change("no format") { $0.format = .text },
        Change("the schema's name") { $0.format = .json(name: "verdict", schema: ["type": "object"]) },
        Change("the schema") { $0.format = .json(name: "verdicts", schema: ["type": "array"]) },
        Change("a choice") { $0.format = .choice(prefix: "", options: ["1"]) },
        Change("another choice") { $0.format = .choice(prefix: "", options: ["2"]) },
        Change("a choice's prefix") { $0.format = .choice(prefix: "{", options: ["1"]) },
    ]

    @Test("Every part of a request is a part of its key", arguments: changes)
    func fields(change: Change) throws {
        let ledger = try TestLedger().ledger
        var changed = Self.request
        change.apply(&changed)
        let (one, other) = (Self.request, changed)
        #expect(ledger.key(of: one, model: "m", mode: "none") != ledger.key(of: other, model: "m", mode: "none"))
    }

    @Test("No two of these requests have the same key, nor have two models or two modes")
    func distinct() throws {
        let ledger = try TestLedger().ledger
        var requests = [Self.request]
        for change in Self.changes {
            var request = Self.request
            change.apply(&request)
            requests.append(request)
        }
        let keys = requests.flatMap { request in
            [("m", "none"), ("m", "tool"), ("n", "none")].map {
                ledger.key(of: request, model: $0.0, mode: $0.1)
            }
        }
        #expect(Set(keys).count == keys.count)
    }

    @Test("Texts that are the same to Swift and not in bytes have two keys")
    func bytes() throws {
        let ledger = try TestLedger().ledger
        let keys = ["\u{120}", "G\u{307}"].map { ledger.key(of: .asking($0), model: "m", mode: "none") }
        #expect(keys[0] != keys[1])
    }

    // The SHA-256 of the frame as JSON and of each message with its length, computed by Python's hashlib: so another
    // process gets the same key.
    @Test("The key of a request is this one, in every process and every ledger")
    func pinned() throws {
        for _ in 0..<2 {
            let key = try TestLedger().ledger.key(of: Self.request, model: "openai:m", mode: "json_schema")
            #expect("\(key)" == "481427efae80fc3a876b1d3b6851b4763e94019fd3c540dbfc3098ab6be0bf11")
        }
    }
}
