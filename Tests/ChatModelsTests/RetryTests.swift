// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import RubricsTesting
import Testing

@Suite("Retries")
struct RetryTests {
    private let request = ChatRequest(messages: [Message(role: .user, content: "Is it?")])
    private static let transient: [ChatModelError.Code] = [.timeout, .connection, .rateLimited, .serverError]
    private static let final: [ChatModelError.Code] = [
        .auth, .quota, .budget, .refusal, .contentFilter, .contextOverflow, .malformed, .rejected,
    ]

    private func failure(_ code: ChatModelError.Code, retryAfter: Duration? = nil) -> ChatModelError {
        ChatModelError(code, "it failed", retryAfter: retryAfter)
    }

    private func retrying(
        _ base: ScriptedChatModel,
        _ policy: RetryPolicy = RetryPolicy(),
        clock: ImmediateClock = ImmediateClock(upTo: .seconds(50))
    ) -> RetryingChatModel<ImmediateClock> {
        RetryingChatModel(base, policy: policy, clock: clock)
    }

    /// Waits until it is cancelled.
    private static func hang() async throws -> ChatReply {
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }

    // MARK: The policy

    @Test("Only transient failures are tried again", arguments: transient + final)
    func codes(code: ChatModelError.Code) {
        let wait = RetryPolicy().delay(after: failure(code), attempt: 1, left: .seconds(100), jitter: 0.5)
        #expect(wait == (Self.transient.contains(code) ? .milliseconds(250) : nil))
    }

    @Test(
        "Waits double up to the longest, times the jitter",
        arguments: [(1, 0.5), (2, 1), (3, 2), (5, 8), (7, 30), (40, 30)]
    )
    func backOff(attempt: Int, longest: Double) {
        let policy = RetryPolicy(attempts: 100)
        for jitter in [0, 0.25, 0.999] {
            let wait = policy.delay(
                after: failure(.serverError),
                attempt: attempt,
                left: .seconds(1000),
                jitter: jitter
            )
            #expect(wait.map { abs($0 / .seconds(1) - longest * jitter) < 1e-9 } == true)
        }
    }

    @Test("What the endpoint asks for is honoured in full, and fails at once beyond the deadline")
    func retryAfter() {
        let policy = RetryPolicy()
        let limited = failure(.rateLimited, retryAfter: .seconds(20))
        #expect(policy.delay(after: limited, attempt: 1, left: .seconds(60), jitter: 0) == .seconds(20))
        #expect(policy.delay(after: limited, attempt: 1, left: .seconds(20), jitter: 0) == nil)
        #expect(policy.delay(after: limited, attempt: 6, left: .seconds(60), jitter: 0) == nil)
    }

    // MARK: The model

    @Test("A call that succeeds later is answered, with as many attempts as it took")
    func success() async throws {
        let base = ScriptedChatModel(answers: [
            .failure(failure(.connection)), .failure(failure(.rateLimited)), .success(ChatReply(text: "yes")),
        ])
        #expect(try await retrying(base).reply(to: request).text == "yes")
        #expect(base.requests == [request, request, request])
    }

    @Test("A final failure is tried once", arguments: final)
    func finalFailures(code: ChatModelError.Code) async throws {
        let base = ScriptedChatModel(answers: [.failure(failure(code))])
        let error = await #expect(throws: ChatModelError.self) { try await retrying(base).reply(to: request) }
        #expect(error?.code == code && error?.description == "it failed")
        #expect(base.requests.count == 1)
    }

    @Test("The last failure stands after the last attempt, and says how many there were")
    func exhaustion() async throws {
        let base = ScriptedChatModel(answers: [.failure(failure(.serverError))])
        let model = retrying(base, RetryPolicy(attempts: 3))
        let error = await #expect(throws: ChatModelError.self) { try await model.reply(to: request) }
        #expect(error?.description == "it failed (after 3 attempts)")
        #expect(base.requests.count == 3)
    }

    @Test("An attempt that hangs is cut off, and counts as one", .timeLimit(.minutes(10)))
    func hang() async throws {
        let base = ScriptedChatModel { _, _ in try await Self.hang() }
        let policy = RetryPolicy(attempts: 3, attemptDeadline: .seconds(40), callDeadline: .seconds(1000))
        let error = await #expect(throws: ChatModelError.self) {
            try await retrying(base, policy).reply(to: request)
        }
        #expect(error?.code == .timeout)
        #expect(error?.description == "no answer within 40 s (after 3 attempts)")
        #expect(base.requests.count == 3)
    }

    @Test("The call's own deadline ends it, whatever the attempts left", .timeLimit(.minutes(10)))
    func callDeadline() async throws {
        let base = ScriptedChatModel { _, _ in try await Self.hang() }
        let policy = RetryPolicy(attempts: 100, attemptDeadline: .seconds(40), callDeadline: .seconds(100))
        let error = await #expect(throws: ChatModelError.self) {
            try await retrying(base, policy).reply(to: request)
        }
        #expect(error?.code == .timeout)
        #expect((2...3).contains(base.requests.count))
    }

    @Test("Cancelling ends a call that hangs, with CancellationError", .timeLimit(.minutes(10)))
    func cancellation() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let base = ScriptedChatModel { _, _ in
            start.yield()
            return try await Self.hang()
        }
        let model = retrying(base, RetryPolicy(attemptDeadline: .seconds(100)))
        let result = await withTaskGroup(of: Result<ChatReply, any Error>.self) { group in
            group.addTask { [request] in
                do { return .success(try await model.reply(to: request)) } catch { return .failure(error) }
            }
            for await _ in started { break }
            group.cancelAll()
            return await group.next()
        }
        #expect(throws: CancellationError.self) { try result?.get() }
        #expect(base.requests.count == 1)
    }
}
