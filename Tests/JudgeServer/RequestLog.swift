// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Synchronization

/// What a server saw and did.
package final class RequestLog: Sendable {
    /// One request.
    package struct Entry: Sendable, Hashable {
        /// Its place in the order of arrival, from 0.
        package var number: Int
        /// A stable hash of the model and the messages.
        package var hash: UInt64
        /// What was asked for.
        package var path: String
        /// How many requests with the same model and the same messages before the first answer had come before.
        package var attempt: Int
        /// How many requests waited for their ends when it came, itself among them.
        package var inFlight: Int
        /// When it came, since the server's start.
        package var arrival: Duration
        /// How long it took until its end; `nil` while it is open.
        package var duration: Duration?
        /// The status that was sent or begun; `nil` where there was none.
        package var status: Int?
        /// What went wrong on purpose.
        package var fault: Fault?
        /// Whether the answer was written out whole before the client closed.
        package var isComplete = false
        /// Whether the client closed before the answer was whole.
        package var isClosedByClient = false

        /// Whether the client has a whole answer of status 200.
        package var isAnswered: Bool { isComplete && status == 200 }
    }

    /// How a request ended.
    struct End: Sendable {
        var status: Int?
        var isComplete: Bool
        var isClosedByClient: Bool
    }

    private struct State {
        var entries: [Entry] = []
        var requests: [ScriptedServer.Request] = []
        var ended: [Int] = []
        var attempts: [UInt64: Int] = [:]
        var peakInFlight = 0
        var closedConnections = 0

        var inFlight: Int { entries.count - ended.count }
    }

    /// When the server started, by the wall clock.
    package let started = Date()
    private let state = Mutex(State())
    private let keepsRequests: Bool
    private let start = ContinuousClock.now

    init(keepsRequests: Bool) {
        self.keepsRequests = keepsRequests
    }

    // MARK: Reading

    /// The requests so far in the order of arrival.
    package var entries: [Entry] { state.withLock(\.entries) }
    /// The requests themselves, where the server keeps them.
    package var requests: [ScriptedServer.Request] { state.withLock(\.requests) }
    /// How many connections the other side has closed.
    package var closedConnections: Int { state.withLock(\.closedConnections) }
    /// How many requests wait for their end.
    package var inFlight: Int { state.withLock(\.inFlight) }
    /// The most requests that waited at the same time.
    package var peakInFlight: Int { state.withLock(\.peakInFlight) }

    /// The requests in the order of their ends, without the first ones.
    package func ended(from index: Int) -> [Entry] {
        state.withLock { state in state.ended.dropFirst(index).map { state.entries[$0] } }
    }

    /// The hashes of the calls that were answered whole with 200 more than once.
    package var answeredTwice: Set<UInt64> { answered(moreOftenThan: 1) }

    /// The hashes of the calls that were answered whole with 200 more often than each vote on them needs.
    package func answered(moreOftenThan votes: Int) -> Set<UInt64> {
        var counts: [UInt64: Int] = [:]
        for entry in entries where entry.isAnswered && entry.hash != 0 { counts[entry.hash, default: 0] += 1 }
        return Set(counts.filter { $0.value > votes }.keys)
    }

    // MARK: Writing

    func begin(_ request: ScriptedServer.Request) -> Entry {
        let now = start.duration(to: .now)
        return state.withLock { state in
            let attempt = state.attempts[request.question.hash, default: 0]
            state.attempts[request.question.hash] = attempt + 1
            let entry = Entry(
                number: state.entries.count,
                hash: request.hash,
                path: request.path,
                attempt: attempt,
                inFlight: state.inFlight + 1,
                arrival: now
            )
            state.entries.append(entry)
            if keepsRequests { state.requests.append(request) }
            state.peakInFlight = max(state.peakInFlight, state.inFlight)
            return entry
        }
    }

    func note(_ fault: Fault?, of number: Int) {
        guard let fault else { return }
        state.withLock { $0.entries[number].fault = fault }
    }

    func finish(_ number: Int, _ end: End) {
        let now = start.duration(to: .now)
        state.withLock { state in
            guard state.entries[number].duration == nil else { return }
            state.entries[number].duration = now - state.entries[number].arrival
            state.entries[number].status = end.status
            state.entries[number].isComplete = end.isComplete
            state.entries[number].isClosedByClient = end.isClosedByClient
            state.ended.append(number)
        }
    }

    func closeConnection() {
        state.withLock { $0.closedConnections += 1 }
    }
}
