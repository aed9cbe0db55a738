// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Policies

@Suite("Batches of what is asked at the same time", .timeLimit(.minutes(10)))
struct BatchQueueTests {
    private struct Failed: Error {}

    /// Something that happens once.
    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock(\.self) }
        func set() { state.withLock { $0 = true } }
    }

    /// Makes batches of numbers, doubles them, and fails at negative ones.
    private final class Doubling: Sendable {
        typealias Stage = @Sendable (Doubling, [Int]) async throws -> Void

        private let made = Mutex<[[Int]]>([])
        private let running = Mutex(0)
        private let box = Mutex<BatchQueue<Int, Int>?>(nil)

        /// The batches in the order in which they began.
        var batches: [[Int]] { made.withLock(\.self) }
        /// How many wait.
        var waitingCount: Int { box.withLock(\.self)?.waitingCount ?? 0 }

        /// A queue that waits in `gather` before a batch with room, and in `work` in every batch.
        func queue(capacity: Int, gather: @escaping Stage = { _, _ in }, work: @escaping Stage) -> BatchQueue<Int, Int>
        {
            let queue = BatchQueue<Int, Int>(capacity: capacity) {
                try await gather(self, [])
            } answer: {
                try await self.answer($0, work)
            }
            box.withLock { $0 = queue }
            return queue
        }

        private func answer(_ items: [Int], _ work: Stage) async throws -> [Result<Int, any Error>] {
            made.withLock { $0.append(items) }
            let others = running.withLock { count in
                defer { count += 1 }
                return count
            }
            defer { running.withLock { $0 -= 1 } }
            #expect(others == 0, "one batch at a time")
            try await work(self, items)
            return items.map { $0 < 0 ? .failure(Failed()) : .success(2 * $0) }
        }
    }

    /// Lets other tasks go on until something holds.
    private static func until(_ holds: () -> Bool) async throws {
        while !holds() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Asks about an item and gets its double.
    private func ask(_ queue: BatchQueue<Int, Int>, _ item: Int) async throws {
        let output = try await queue.output(for: item)
        #expect(output == 2 * item)
    }

    /// Asks about an item in a task that is cancelled once `holds`, which ends it.
    private func askAndCancel(_ queue: BatchQueue<Int, Int>, _ item: Int, once holds: () -> Bool) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await queue.output(for: item) }
            }
            try await Self.until(holds)
            group.cancelAll()
        }
    }

    @Test("Each gets its own answer, in batches no larger than there is room for", arguments: [1, 3, 8, 100])
    func ownAnswers(capacity: Int) async throws {
        let doubling = Doubling()
        let queue = doubling.queue(capacity: capacity) { _, _ in await Task.yield() }
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for item in 0..<60 { group.addTask { (item, try await queue.output(for: item)) } }
            for try await (item, output) in group { #expect(output == 2 * item) }
        }
        #expect(doubling.batches.flatMap(\.self).sorted() == Array(0..<60))
        #expect(doubling.batches.allSatisfy { (1...capacity).contains($0.count) })
        #expect(queue.waitingCount == 0)
    }

    @Test("What comes while a batch is in work shares the next ones")
    func sharing() async throws {
        let doubling = Doubling()
        let queue = doubling.queue(capacity: 4) { doubling, _ in
            if doubling.batches.count == 1 { try await Self.until { doubling.waitingCount == 9 } }
        }
        try await withThrowingDiscardingTaskGroup { group in
            for item in 0..<10 { group.addTask { try await ask(queue, item) } }
        }
        #expect(doubling.batches.map(\.count) == [1, 4, 4, 1])
    }

    @Test("An item that fails fails alone")
    func failures() async throws {
        let doubling = Doubling()
        let queue = doubling.queue(capacity: 4) { doubling, _ in
            try await Self.until { doubling.waitingCount == 3 }
        } work: { _, _ in
        }
        await withDiscardingTaskGroup { group in
            for item in [1, 2, -3, 4] {
                group.addTask {
                    let output = try? await queue.output(for: item)
                    #expect(output == (item < 0 ? nil : 2 * item))
                }
            }
        }
        #expect(doubling.batches.count == 1)
    }

    @Test("A leader that is cancelled leaves its batch to the others, in their order")
    func cancelledLeader() async throws {
        let doubling = Doubling()
        let isGathering = Flag()
        let queue = doubling.queue(capacity: 3) { doubling, _ in
            isGathering.set()
            try await Self.until { doubling.waitingCount == 3 }
        } work: { _, items in
            if items[0] == 0 { try await Self.until { false } }
        }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try await askAndCancel(queue, 0) { doubling.batches.count == 1 }
            }
            try await Self.until { isGathering.isSet }
            for item in 1...3 { group.addTask { try await ask(queue, item) } }
        }
        let batches = doubling.batches
        #expect(batches.map(\.count) == [3, 3])
        #expect(batches[0].dropFirst() == batches[1].prefix(2))
    }

    @Test("One that is cancelled while it waits is not asked")
    func cancelledWaiter() async throws {
        let doubling = Doubling()
        let isReady = Flag()
        let queue = doubling.queue(capacity: 4) { doubling, items in
            guard items == [0] else { return }
            try await Self.until { doubling.waitingCount == 3 }
            isReady.set()
            try await Self.until { doubling.waitingCount == 2 }
        }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await ask(queue, 0) }
            try await Self.until { !doubling.batches.isEmpty }
            group.addTask {
                try await askAndCancel(queue, 1) { isReady.isSet }
            }
            for item in 2...3 { group.addTask { try await ask(queue, item) } }
        }
        #expect(doubling.batches.map { $0.sorted() } == [[0], [2, 3]])
    }

    @Test("One that is cancelled in a batch does not wait for its end")
    func cancelledMember() async throws {
        let doubling = Doubling()
        let hasLeft = Flag()
        let isGathering = Flag()
        let queue = doubling.queue(capacity: 2) { doubling, _ in
            isGathering.set()
            try await Self.until { doubling.waitingCount == 1 }
        } work: { _, _ in
            try await Self.until { hasLeft.isSet }
        }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await ask(queue, 1) }
            try await Self.until { isGathering.isSet }
            try await askAndCancel(queue, 2) { !doubling.batches.isEmpty }
            hasLeft.set()
        }
        #expect(doubling.batches == [[1, 2]])
        #expect(queue.waitingCount == 0)
    }
}
