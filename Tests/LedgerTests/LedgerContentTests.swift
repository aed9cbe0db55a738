// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Ledger
import Rubrics
import Synchronization
import Testing

@Suite("What a ledger holds")
struct LedgerContentTests {
    private func reply(_ text: String, input: Int, output: Int, cost: Double) -> ChatReply {
        var reply = ChatReply(text: text, usage: TokenUsage(input: input, output: output))
        reply.cost = cost
        return reply
    }

    /// Two models' calls: at 1,000 and 2,000, and at 3,000.
    private func filled() async throws -> TestLedger {
        let test = try TestLedger()
        try await test.record("1", reply("one", input: 10, output: 1, cost: 0.25), model: "b")
        test.now = 2_000
        try await test.record("2", reply("two", input: 20, output: 2, cost: 0.5), model: "b")
        test.now = 3_000
        try await test.record("3", reply("three", input: 40, output: 4, cost: 1), model: "a")
        return test
    }

    @Test("An empty ledger has nothing to tell")
    func empty() async throws {
        let test = try TestLedger()
        #expect(try await test.ledger.statistics().isEmpty)
        #expect(try await test.ledger.spent() == .zero)
        #expect(try await test.ledger.rewardCount() == 0)
        #expect(try await test.ledger.judges().isEmpty)
    }

    @Test("Calls, tokens, costs and times are told by model")
    func statistics() async throws {
        let test = try await filled()
        let statistics = try await test.ledger.statistics()
        #expect(statistics.map(\.model) == ["a", "b"])
        #expect(statistics.map(\.period) == [3_000...3_000, 1_000...2_000])
        #expect(statistics[1].usage == CallUsage(calls: 2, tokens: TokenUsage(input: 30, output: 3), cost: 0.75))
    }

    @Test("What was spent is the sum over all models")
    func spent() async throws {
        let test = try await filled()
        let spent = try await test.ledger.spent()
        #expect(spent == CallUsage(calls: 3, tokens: TokenUsage(input: 70, output: 7), cost: 1.75))
    }

    @Test("An export has every call and every reward, calls first, in the order of time")
    func export() async throws {
        let test = try await filled()
        try await test.ledger.record(
            StoredReward(subject: "r", method: "rar-explicit", reward: 0.5, verdicts: [true], failures: [:])
        )
        let values = try await exported(test.ledger)
        #expect(values.map { $0["kind"]?.string } == ["call", "call", "call", "reward"])
        #expect(values.prefix(3).map { $0["reply"]?["text"]?.string } == ["one", "two", "three"])
        #expect(values.prefix(3).map { $0["created"]?.int } == [1_000, 2_000, 3_000])
        let key = test.ledger.key(of: .asking("1"), model: "b", mode: "none")
        #expect(values[0]["key"]?.string == "\(key)")
        #expect(values[3]["subject"]?.string == "r" && values[3]["record"]?["reward"]?.double == 0.5)
        #expect(values[3]["record"]?["verdicts"] == [true])
    }

    private func exported(_ ledger: Ledger) async throws -> [JSONValue] {
        let values = Values()
        try await ledger.export { value in values.list.withLock { $0.append(value) } }
        return values.list.withLock(\.self)
    }

    private final class Values: Sendable {
        let list = Mutex<[JSONValue]>([])
    }

    @Test("What the caller's body throws ends an export")
    func abortedExport() async throws {
        struct Stop: Error {}
        let test = try await filled()
        await #expect(throws: Stop.self) { try await test.ledger.export { _ in throw Stop() } }
        #expect(try await exported(test.ledger).count == 3)
    }

    @Test(
        "Old calls are removed, of one model or of all, and the others stay",
        arguments: [
            (2_000, nil, 1, ["2", "3"]), (2_001, nil, 2, ["3"]), (9_999, "a", 1, ["1", "2"]), (9_999, nil, 3, []),
            (1_000, nil, 0, ["1", "2", "3"]), (9_999, "c", 0, ["1", "2", "3"]),
        ] as [(Int, String?, Int, [String])]
    )
    func prune(time: Int, model: String?, removed: Int, left: [String]) async throws {
        let test = try await filled()
        try await test.ledger.record(StoredReward(subject: "r", method: "m", reward: 1, verdicts: [], failures: [:]))
        #expect(try await test.ledger.prune(before: time, model: model) == removed)
        var found: [String] = []
        for (question, model) in [("1", "b"), ("2", "b"), ("3", "a")] {
            let key = test.ledger.key(of: .asking(question), model: model, mode: "none")
            if try await test.ledger.reply(for: key) != nil { found.append(question) }
        }
        #expect(found == left)
        #expect(try await test.ledger.rewardCount() == 1)
    }

    @Test("What stands behind an address is kept, and can be set anew")
    func judges() async throws {
        let test = try TestLedger()
        let first = KnownJudge(model: "b", mode: "tool", features: [])
        let second = KnownJudge(model: "b", mode: "json_schema", features: .logprobs)
        try await test.ledger.note(first, at: "URL#b")
        try await test.ledger.note(first, at: "URL#a")
        try await test.ledger.note(second, at: "URL#b")
        #expect(try await test.reopened().judges() == ["URL#a": first, "URL#b": second])
    }
}
