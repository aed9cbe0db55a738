// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One operating-system thread that runs an actor's jobs in order.
///
/// libtorch's gradient mode and thread count belong to a thread, and a dispatch queue promises none; besides, minutes of
/// arithmetic must not occupy Swift's cooperative pool. The thread ends when its last owner goes.
public final class EngineThread: SerialExecutor {
    private let queue = JobQueue()

    /// Starts the thread.
    public init(name: String = "rubrics.engine") {
        let queue = queue
        let thread = Thread { queue.run() }
        // libtorch recurses deeply in backward passes; Foundation's default of 512 KiB is not enough.
        thread.stackSize = 16 << 20
        queue.bind(executor: self)
        thread.start()
        // swift-corelibs-foundation drops a name that is set before the start.
        thread.name = name
    }

    deinit {
        queue.close()
    }

    /// Queues a job; called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job))
    }

    /// The executor as actors name it.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}

/// The jobs waiting for an engine thread.
private final class JobQueue: @unchecked Sendable {
    // Unchecked: every access to the state below holds the condition's lock.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isClosed = false
    private var executor: UnownedSerialExecutor?

    func bind(executor: EngineThread) {
        self.executor = executor.asUnownedSerialExecutor()
    }

    func append(_ job: UnownedJob) {
        condition.lock()
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.signal()
        condition.unlock()
    }

    func run() {
        while let (batch, executor) = next() {
            for job in batch { job.runSynchronously(on: executor) }
        }
    }

    private func next() -> ([UnownedJob], UnownedSerialExecutor)? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isClosed { condition.wait() }
        guard !jobs.isEmpty, let executor else { return nil }
        defer { jobs.removeAll() }
        return (jobs, executor)
    }
}
