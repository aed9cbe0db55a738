// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import Synchronization

/// Ends requests that are not answered in time.
///
/// All of them are looked through a few times a second. A timer for each is dear where thousands are in flight: an event
/// loop searches its timers to cancel one.
final class DeadlineWatch: Sendable {
    typealias Call = HTTPClient.Task<HTTPClient.Response>

    private struct State {
        var calls: [Int: (call: Call, deadline: NIODeadline)] = [:]
        var next = 0
    }

    /// How late a request may be ended.
    private static let interval = TimeAmount.milliseconds(50)

    private let state = Mutex(State())

    /// Looks through the requests until the event loop ends.
    func start(on eventLoop: any EventLoop) {
        eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { [self] _ in endOverdue() }
    }

    /// Waits for a request's answer, until its deadline or the task's cancellation, which both close the request.
    ///
    /// - Throws: `HTTPClientError.deadlineExceeded`, `HTTPClientError.cancelled`, what the request throws.
    func answer(of call: Call, until deadline: NIODeadline) async throws -> HTTPClient.Response {
        let number = state.withLock { state in
            state.next += 1
            state.calls[state.next] = (call, deadline)
            return state.next
        }
        defer { _ = state.withLock { $0.calls.removeValue(forKey: number) } }
        return try await withTaskCancellationHandler {
            try await call.get()
        } onCancel: {
            call.cancel()
        }
    }

    private func endOverdue() {
        let now = NIODeadline.now()
        let overdue = state.withLock { state in state.calls.values.filter { $0.deadline <= now }.map(\.call) }
        for call in overdue { call.fail(reason: HTTPClientError.deadlineExceeded) }
    }
}
