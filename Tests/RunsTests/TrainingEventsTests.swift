// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Runs

@Suite(.timeLimit(.minutes(10)))
struct TrainingEventsTests {
    private struct Failure: Error {}

    @Test("The producer goes on only when its event has been handled")
    func backPressure() async throws {
        let trace = Mutex<[String]>([])
        try await TrainingEvents.run { emit in
            for number in 0..<3 {
                trace.withLock { $0.append("made \(number)") }
                try await emit(.warned("\(number)"))
            }
        } consumer: { events in
            for try await event in events {
                guard case .warned(let text) = event else { continue }
                await Task.yield()
                trace.withLock { $0.append("handled \(text)") }
            }
        }
        #expect(
            trace.withLock { $0 } == ["made 0", "handled 0", "made 1", "handled 1", "made 2", "handled 2"]
        )
    }

    @Test("An error of the producer reaches the consumer after all events")
    func producerFails() async {
        let handled = Mutex(0)
        await #expect(throws: Failure.self) {
            try await TrainingEvents.run { emit in
                try await emit(.warned("one"))
                throw Failure()
            } consumer: { events in
                for try await _ in events { handled.withLock { $0 += 1 } }
            }
        }
        #expect(handled.withLock { $0 } == 1)
    }

    @Test("An error of the consumer stops the producer, which never starts the next piece of work")
    func consumerFails() async {
        let made = Mutex(0)
        await #expect(throws: Failure.self) {
            try await TrainingEvents.run { emit in
                while true {
                    made.withLock { $0 += 1 }
                    try await emit(.warned("again"))
                }
            } consumer: { events in
                for try await _ in events { throw Failure() }
            }
        }
        #expect(made.withLock { $0 } == 1)
    }

    @Test("A consumer that leaves early ends the run without an error")
    func consumerLeaves() async throws {
        try await TrainingEvents.run { emit in
            while true { try await emit(.warned("again")) }
        } consumer: { events in
            for try await _ in events { break }
        }
    }

    @Test("Several tasks may emit; nothing is lost")
    func severalEmitters() async throws {
        let seen = Mutex<Set<String>>([])
        try await TrainingEvents.run { emit in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { try await emit(.warned("\(number)")) } }
                try await group.waitForAll()
            }
        } consumer: { events in
            for try await case .warned(let text) in events { _ = seen.withLock { $0.insert(text) } }
        }
        #expect(seen.withLock { $0.count } == 50)
    }

    @Test("Cancelling the run ends both sides")
    func cancels() async {
        let result = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await TrainingEvents.run { _ in
                        try await Task.sleep(for: .seconds(600))
                    } consumer: { events in
                        for try await _ in events {}
                    }
                    return false
                } catch {
                    return error is CancellationError
                }
            }
            group.cancelAll()
            return await group.next()
        }
        #expect(result == true)
    }
}
