// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The events of a run as a sequence, with back-pressure: the producer waits until the consumer asks for the next event.
public struct TrainingEvents: AsyncSequence, Sendable {
    /// Hands an event over and waits until it has been handled.
    public typealias Emit = @Sendable (TrainingEvent) async throws -> Void

    /// One event after another.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let handover: EventHandover

        /// The next event; `nil` after the last one. Asking says that the event before it has been handled.
        public mutating func next() async throws -> TrainingEvent? {
            try await handover.receive()
        }
    }

    private let handover: EventHandover

    /// Starts iterating; a run has one consumer.
    public func makeAsyncIterator() -> Iterator {
        Iterator(handover: handover)
    }

    /// Runs a producer beside a consumer of its events.
    ///
    /// ```swift
    /// try await TrainingEvents.run { emit in
    ///     try await trainer.train(emit)
    /// } consumer: { events in
    ///     for try await event in events {
    ///         try recorder.record(event)
    ///         console.show(event)
    ///     }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - producer: Makes the events; `emit` returns when the consumer has handled the event.
    ///   - consumer: Handles the events; leaving early cancels the producer.
    /// - Throws: What either throws; an error of the producer also ends the sequence with it.
    public static func run(
        producer: @escaping @Sendable (_ emit: @escaping Emit) async throws -> Void,
        consumer: (TrainingEvents) async throws -> Void
    ) async throws {
        let handover = EventHandover()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await producer { try await handover.send($0) }
                    handover.finish(.success(()))
                } catch {
                    handover.finish(.failure(error))
                    throw error
                }
            }
            defer {
                handover.close()
                group.cancelAll()
            }
            try await consumer(TrainingEvents(handover: handover))
            handover.close()
            group.cancelAll()
            do {
                try await group.waitForAll()
            } catch is CancellationError where !Task.isCancelled {
                // The consumer left before the end.
            }
        }
    }
}

/// Hands events from one task to another; a sender goes on when its event has been handled.
private final class EventHandover: Sendable {
    private struct State {
        /// Events that wait for the consumer, with who waits for each.
        var waiting: [(event: TrainingEvent, sender: CheckedContinuation<Void, any Error>)] = []
        /// Who waits until the event in the consumer's hands is handled.
        var handed: CheckedContinuation<Void, any Error>?
        /// The consumer, where it waits for an event.
        var receiver: CheckedContinuation<TrainingEvent?, any Error>?
        /// How the producer ended.
        var end: Result<Void, any Error>?
        /// Whether the consumer has left.
        var isClosed = false
    }

    private let state = Mutex(State())

    func send(_ event: TrainingEvent) async throws {
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { (sender: CheckedContinuation<Void, any Error>) in
            let resume: (() -> Void)? = state.withLock { state in
                if state.isClosed { return { sender.resume(throwing: CancellationError()) } }
                guard let receiver = state.receiver else {
                    state.waiting.append((event, sender))
                    return nil
                }
                state.receiver = nil
                state.handed = sender
                return { receiver.resume(returning: event) }
            }
            resume?()
        }
    }

    func receive() async throws -> TrainingEvent? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (receiver: CheckedContinuation<TrainingEvent?, any Error>) in
                let handled = state.withLock { $0.handed.take() }
                handled?.resume()
                let resume: (() -> Void)? = state.withLock { Self.take(&$0, for: receiver) }
                resume?()
            }
        } onCancel: {
            close()
        }
    }

    private static func take(
        _ state: inout State,
        for receiver: CheckedContinuation<TrainingEvent?, any Error>
    ) -> (() -> Void)? {
        if !state.waiting.isEmpty {
            let (event, sender) = state.waiting.removeFirst()
            state.handed = sender
            return { receiver.resume(returning: event) }
        }
        if let end = state.end { return { receiver.resume(with: end.map { nil }) } }
        if state.isClosed { return { receiver.resume(throwing: CancellationError()) } }
        state.receiver = receiver
        return nil
    }

    func finish(_ result: Result<Void, any Error>) {
        let receiver = state.withLock { state in
            state.end = result
            return state.receiver.take()
        }
        receiver?.resume(with: result.map { nil })
    }

    /// Ends the exchange: the consumer takes no more events.
    func close() {
        let (senders, receiver) = state.withLock { state in
            state.isClosed = true
            let senders = state.waiting.map(\.sender) + [state.handed.take()].compactMap(\.self)
            state.waiting = []
            return (senders, state.receiver.take())
        }
        for sender in senders { sender.resume(throwing: CancellationError()) }
        receiver?.resume(throwing: CancellationError())
    }
}
