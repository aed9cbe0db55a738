// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Answers what is asked at the same time in batches, one batch at a time.
///
/// There is no task of its own: of those who wait, one leads. It answers its own item with as many others as have come,
/// and passes the lead on. When it is cancelled, the others go back into the queue in their order.
final class BatchQueue<Item: Sendable, Output: Sendable>: Sendable {
    /// What waiting comes to.
    private enum Turn: Sendable {
        /// The caller makes the next batch.
        case leading
        /// Another task has had it answered.
        case answered(Result<Output, any Error>)
    }

    private struct Waiter {
        var ticket: Int
        var item: Item
        var continuation: CheckedContinuation<Turn, any Error>
    }

    private struct State {
        var hasLeader = false
        var waiting: [Waiter] = []
        /// The others of the batch in work.
        var boarded: [Waiter] = []
        var next = 0
    }

    private let capacity: Int
    private let gather: @Sendable () async throws -> Void
    private let answer: @Sendable ([Item]) async throws -> [Result<Output, any Error>]
    private let state = Mutex(State())

    /// Makes an empty queue.
    ///
    /// - Parameters:
    ///   - capacity: The most items of a batch.
    ///   - gather: Waits for others to come, where a batch has room.
    ///   - answer: Answers a batch in order; what it throws is its caller's, and the others are answered later.
    init(
        capacity: Int,
        gather: @escaping @Sendable () async throws -> Void,
        answer: @escaping @Sendable ([Item]) async throws -> [Result<Output, any Error>]
    ) {
        precondition(capacity > 0, "a batch has room for one")
        self.capacity = capacity
        self.gather = gather
        self.answer = answer
    }

    /// How many wait for the next batch.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// The answer to an item.
    ///
    /// - Throws: What answering it throws, and `CancellationError`.
    func output(for item: Item) async throws -> Output {
        switch try await turn(for: item) {
        case .answered(let result): return try result.get()
        case .leading: return try await lead(item)
        }
    }

    private func lead(_ item: Item) async throws -> Output {
        defer { passLead() }
        if waitingCount + 1 < capacity { try await gather() }
        let others = board()
        let outputs = try await answer([item] + others.map(\.item))
        for (other, output) in zip(others, outputs.dropFirst()) {
            leave(other.ticket)?.resume(returning: .answered(output))
        }
        return try outputs[0].get()
    }

    // MARK: - Waiting

    private func turn(for item: Item) async throws -> Turn {
        let ticket = state.withLock { state -> Int? in
            guard state.hasLeader else {
                state.hasLeader = true
                return nil
            }
            state.next += 1
            return state.next
        }
        guard let ticket else { return .leading }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(Waiter(ticket: ticket, item: item, continuation: $0)) }
        } onCancel: {
            leave(ticket)?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ waiter: Waiter) {
        let turn = state.withLock { state -> Result<Turn, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            if !state.hasLeader {
                state.hasLeader = true
                return .success(.leading)
            }
            state.waiting.append(waiter)
            return nil
        }
        if let turn { waiter.continuation.resume(with: turn) }
    }

    /// Takes somebody out; `nil` for one who has had an answer or the lead.
    private func leave(_ ticket: Int) -> CheckedContinuation<Turn, any Error>? {
        state.withLock { state in
            if let place = state.boarded.firstIndex(where: { $0.ticket == ticket }) {
                return state.boarded.remove(at: place).continuation
            }
            guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return state.waiting.remove(at: place).continuation
        }
    }

    // MARK: - Leading

    /// The others of the next batch.
    private func board() -> [Waiter] {
        state.withLock { state in
            state.boarded = Array(state.waiting.prefix(capacity - 1))
            state.waiting.removeFirst(state.boarded.count)
            return state.boarded
        }
    }

    /// Puts back whom the batch did not answer, and lets the first of the queue lead.
    private func passLead() {
        let next = state.withLock { state -> Waiter? in
            state.waiting = state.boarded + state.waiting
            state.boarded = []
            state.hasLeader = !state.waiting.isEmpty
            return state.hasLeader ? state.waiting.removeFirst() : nil
        }
        next?.continuation.resume(returning: .leading)
    }
}
