// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Foundation
import JudgeServer
import Rubrics
import Testing

@Suite("Scripted judge", .timeLimit(.minutes(10)))
struct JudgeServerTests {
    private static let criteria: JSONValue = [
        "type": "object", "properties": ["c1": JudgeBehavior.verdictSchema, "c2": JudgeBehavior.verdictSchema],
    ]
    private static let rating: JSONValue = [
        "type": "object",
        "properties": ["reason": ["type": "string"], "rating": ["enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]],
    ]

    private static func request(_ text: String = "Is it so?", _ schema: JSONValue = criteria) -> ChatRequest {
        ChatRequest(
            messages: [Message(role: .user, content: text)],
            maxTokens: 64,
            format: .json(name: "verdict", schema: schema)
        )
    }

    private static func always(_ fault: Fault) -> JudgeBehavior {
        var behavior = JudgeBehavior()
        behavior.faults = FaultPlan(shares: [.init(fault, 1)])
        behavior.retryAfter = .milliseconds(2500)
        return behavior
    }

    private static func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(text.utf8, file: "answer") }

    // MARK: Answers

    @Test("Every way of asking for a schema gets the same instance of it", arguments: [1, 2, 3] as [UInt64])
    func ways(seed: UInt64) async throws {
        var behavior = JudgeBehavior()
        behavior.seed = seed
        try await Court.sit(behavior) { court in
            let models = [
                court.model(.jsonSchema), court.model(.structuredOutputs), court.model(.tool),
                court.model(.tool, .anthropic),
            ]
            var texts: [String] = []
            for model in models { texts.append(try await model.reply(to: Self.request()).text) }
            #expect(Set(texts).count == 1)
            let value = try Self.parse(texts[0])
            #expect(value.object?.members.map(\.key) == ["c1", "c2"])
            #expect(["yes", "no", "cannot_assess"].contains(value["c1"]?["met"]?.string))
            let entries = await court.settledLog.entries
            #expect(entries.count == 4 && entries.allSatisfy(\.isAnswered))
        }
    }

    @Test("Without a schema: an instance of the plain schema, or the fixed text")
    func plain() async throws {
        var behavior = JudgeBehavior()
        let request = ChatRequest(messages: [Message(role: .user, content: "?")], maxTokens: 8)
        try await Court.sit(behavior) { court in
            let reply = try await court.model(.none).reply(to: request)
            #expect(try Self.parse(reply.text).object?.members.map(\.key) == ["reason", "met"])
            #expect(reply.usage.input > 0 && reply.usage.output > 0)
        }
        behavior.plain = .text("7")
        behavior.ignoresSchema = true
        try await Court.sit(behavior) { court in
            let reply = try await court.model().reply(to: Self.request())
            #expect(reply.text == "7")
        }
    }

    @Test("Log-probabilities: the tokens make the text, a rating's alternatives are the other ratings")
    func logprobs() async throws {
        try await Court.sit { court in
            var request = Self.request("Rate it.", Self.rating)
            request.topLogprobs = 20
            let reply = try await court.model().reply(to: request)
            let rating = try #require(try Self.parse(reply.text)["rating"]?.int)
            #expect(reply.tokens.map(\.text).joined() == reply.text)
            let token = try #require(reply.tokens.first { $0.text == "\(rating)" })
            #expect(Set(token.alternatives.keys) == Set((1...10).map(String.init)))
            let mass = token.alternatives.values.map { exp($0) }.reduce(0, +)
            #expect(abs(mass - 0.999) < 1e-9)
            #expect(token.logprob == token.alternatives.values.max())
        }
    }

    @Test("Log-probabilities can be switched off")
    func withoutLogprobs() async throws {
        var behavior = JudgeBehavior()
        behavior.givesLogprobs = false
        try await Court.sit(behavior) { court in
            var request = Self.request("Rate it.", Self.rating)
            request.topLogprobs = 5
            let reply = try await court.model().reply(to: request)
            #expect(reply.tokens.isEmpty)
        }
    }

    // MARK: Faults

    static let endpointFaults: [(Fault, ChatModelError.Code, Int?)] = [
        (.reset, .connection, nil), (.rateLimit, .rateLimited, 429), (.rateLimitAfter, .rateLimited, 429),
        (.serverError, .serverError, 500), (.unavailable, .serverError, 503), (.html, .serverError, 502),
        (.htmlOK, .malformed, 200), (.truncatedBody, .connection, nil), (.refusalField, .refusal, 200),
        (.contentFilter, .contentFilter, 200), (.wrongModel, .rejected, 404), (.expiredKey, .auth, 401),
        (.quota, .quota, 429),
    ]

    @Test("Faults of the endpoint are failures with their causes", arguments: endpointFaults)
    func failures(fault: Fault, code: ChatModelError.Code, status: Int?) async throws {
        try await Court.sit(Self.always(fault)) { court in
            let model = court.model()
            let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: Self.request()) }
            #expect(error?.code == code && error?.status == status)
            #expect(error?.retryAfter == (fault == .rateLimitAfter ? .milliseconds(2500) : nil))
            #expect(court.server.log.entries.map(\.fault) == [fault])
        }
    }

    @Test("A call that never ends is open until its client closes it", arguments: [Fault.hang, .slowDrip])
    func endless(fault: Fault) async throws {
        try await Court.sit(Self.always(fault)) { court in
            let model = court.model()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await model.reply(to: Self.request()) }
                while court.server.log.inFlight == 0 { await Task.yield() }
                group.cancelAll()
            }
            let entry = try #require(await court.settledLog.entries.first)
            #expect(entry.isClosedByClient && !entry.isComplete && !entry.isAnswered)
            #expect(court.server.closedConnections == 1)
        }
    }

    static let contentFaults: [(Fault, @Sendable (_ whole: String, _ text: String) -> Bool)] = [
        (.truncatedJSON, { whole, text in whole.hasPrefix(text) && text.utf8.count == whole.utf8.count / 2 }),
        (.empty, { _, text in text.isEmpty }),
        (.wrongIDs, { _, text in (try? parse(text))?.object?.members.map(\.key) == ["x1", "x2"] }),
        (.extraCriteria, { _, text in (try? parse(text))?.object?.members.map(\.key) == ["c1", "c2", "c3"] }),
        (.refusal, { _, text in text == "I'm sorry, but I can't help with that." }),
        (.prose, { _, text in text.hasPrefix("I would give this a 7 out of 10") }),
        (.offMenu, { _, text in (try? parse(text))?["c1"]?["met"] == "maybe" }),
        (.fenced, { whole, text in text.hasPrefix("```json\n\(whole)\n```\n") && text.hasSuffix("helps.") }),
        (.singleQuotes, { _, text in text.hasPrefix("{'c1': {'reason': '") }),
        (.nan, { _, text in text.hasSuffix("\"met\": NaN}}") && (try? parse(text)) == nil }),
    ]

    @Test("Faults of the content come as whole answers", arguments: contentFaults)
    func contents(fault: Fault, check: @Sendable (String, String) -> Bool) async throws {
        let whole = try await Court.sit { try await $0.model().reply(to: Self.request()).text }
        try await Court.sit(Self.always(fault)) { court in
            let reply = try await court.model().reply(to: Self.request())
            #expect(check(whole, reply.text), "\(reply.text)")
            #expect(reply.stopReason == (fault == .truncatedJSON ? .maxTokens : .complete))
            #expect(await court.settledLog.entries.allSatisfy { $0.fault == fault && $0.isAnswered })
        }
    }

    @Test("Every fault is tested here")
    func coverage() {
        let tested = Set(Self.endpointFaults.map(\.0)).union(Self.contentFaults.map(\.0)).union([.hang, .slowDrip])
        #expect(tested == Set(Fault.allCases))
    }

    @Test("Which calls fail depends on their messages and attempts, not on their order")
    func shares() async throws {
        var behavior = JudgeBehavior()
        behavior.faults = FaultPlan(shares: [.init(.serverError, 0.3)])
        func failing(_ texts: [String]) async throws -> [Set<String>] {
            try await Court.sit(behavior) { court in
                var rounds: [Set<String>] = []
                for _ in 0..<2 {
                    var failed: Set<String> = []
                    for text in texts where (try? await court.model().reply(to: Self.request(text))) == nil {
                        failed.insert(text)
                    }
                    rounds.append(failed)
                }
                return rounds
            }
        }
        let texts = (0..<100).map { "response \($0)" }
        let rounds = try await failing(texts)
        #expect(try await failing(texts.reversed()) == rounds)
        #expect((15...45).contains(rounds[0].count) && rounds[0] != rounds[1])
    }

    // MARK: Limits and the log

    @Test("Beyond the requests of a minute: 429 with the time to wait")
    func requestLimit() async throws {
        var behavior = JudgeBehavior()
        behavior.limits = RateLimits(requestsPerMinute: 2)
        try await Court.sit(behavior) { court in
            let model = court.model()
            let start = ContinuousClock.now
            // Two calls, and another for every half minute that a slow machine takes for them.
            var refusal: ChatModelError?
            var answered = 0
            while refusal == nil, answered < 10 {
                do {
                    _ = try await model.reply(to: Self.request())
                    answered += 1
                } catch let error as ChatModelError {
                    refusal = error
                }
            }
            #expect((2..<10).contains(answered) && refusal?.code == .rateLimited)
            let wait = try #require(refusal?.retryAfter)
            #expect(wait + (ContinuousClock.now - start) > .seconds(29) && wait <= .seconds(30))
        }
    }

    @Test("Beyond the calls at once: 429; a closed call makes room")
    func concurrencyLimit() async throws {
        var behavior = Self.always(.hang)
        behavior.limits = RateLimits(maxInFlight: 2)
        try await Court.sit(behavior) { court in
            let model = court.model()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { _ = try? await model.reply(to: Self.request()) } }
                while court.server.log.inFlight < 2 { await Task.yield() }
                let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: Self.request()) }
                #expect(error?.code == .rateLimited)
                group.cancelAll()
            }
            let log = await court.settledLog
            #expect(log.peakInFlight == 3)
        }
    }

    @Test("The log tells which calls were answered twice; a failed attempt does not count")
    func answeredTwice() async throws {
        var behavior = JudgeBehavior()
        behavior.faults = FaultPlan(bursts: [.init(0..<1, .serverError)])
        try await Court.sit(behavior) { court in
            let model = court.model()
            _ = try? await model.reply(to: Self.request("a"))
            for text in ["a", "b"] { _ = try await model.reply(to: Self.request(text)) }
            let log = court.server.log
            #expect(log.answeredTwice.isEmpty)
            _ = try await model.reply(to: Self.request("b"))
            #expect(await court.settledLog.answeredTwice == [log.entries[2].hash])
            #expect(log.entries.map(\.attempt) == [0, 1, 0, 1])
            #expect(log.ended(from: 1).map(\.number) == [1, 2, 3])
        }
    }

    @Test("Hundreds of calls wait at the same time on timers, each on its connection")
    func latency() async throws {
        var behavior = JudgeBehavior()
        behavior.latency = .milliseconds(200)
        behavior.jitter = .milliseconds(50)
        try await Court.sit(behavior, connections: 300) { court in
            let model = court.model()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask { _ = try await model.reply(to: Self.request("response \(number)")) }
                }
                try await group.waitForAll()
            }
            let log = await court.settledLog
            #expect(log.entries.allSatisfy { $0.isAnswered && $0.duration ?? .zero >= .milliseconds(200) })
        }
    }
}
