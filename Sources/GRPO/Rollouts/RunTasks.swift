// SPDX-License-Identifier: Apache-2.0

/// Starts tasks that may outlive the step that starts them, but not the run: a completion's judging goes on while the
/// next step is sampled and this one updates the weights.
struct RunTasks: Sendable {
    typealias Job = @Sendable () async throws -> Void

    private let jobs: AsyncStream<Job>.Continuation

    /// Runs `body` beside the tasks that it starts; those still at work when it ends are cancelled.
    ///
    /// - Throws: What `body` or a task throws first; the others are cancelled then.
    static func run(_ body: @escaping @Sendable (RunTasks) async throws -> Void) async throws {
        // Nothing waits in the stream for long: its reader does nothing but start tasks.
        let (jobs, continuation) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .unbounded)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                defer { continuation.finish() }
                try await body(RunTasks(jobs: continuation))
            }
            for await job in jobs { group.addTask { try await job() } }
            group.cancelAll()
        }
    }

    /// Starts a task, also from a thread of the engine.
    func start(_ job: @escaping Job) {
        jobs.yield {
            do {
                try await job()
            } catch is CancellationError where Task.isCancelled {
                // Whoever cancelled it knows why.
            }
        }
    }
}

/// A value that a task hands to another one, once.
struct Delivery<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingOldest(1))
    }

    /// Hands the value over.
    func deliver(_ value: Value) {
        continuation.yield(value)
        continuation.finish()
    }

    /// The value, as soon as it is there; to be asked for once.
    ///
    /// - Throws: `CancellationError`.
    var value: Value {
        get async throws {
            for await value in stream { return value }
            throw CancellationError()
        }
    }
}
