// SPDX-License-Identifier: Apache-2.0

import Runs
import Synchronization

/// Counts what a phase has done; written by the engine thread, read by the reporter.
private final class PhaseCounter: Sendable {
    let tokens = Atomic<Int>(0)
}

/// Runs `body` while a sibling task reports, four times a second, how many tokens it has done.
func reporting<Result: Sendable>(
    _ phase: PhaseProgress.Phase,
    step: Int,
    total: Int,
    _ emit: @escaping TrainingEvents.Emit,
    _ body: (_ progress: @escaping @Sendable (_ tokens: Int) -> Void) async throws -> Result
) async throws -> Result {
    let counter = PhaseCounter()
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            while true {
                try await Task.sleep(for: .milliseconds(250))
                let tokens = counter.tokens.load(ordering: .relaxed)
                let progress = PhaseProgress(
                    phase,
                    step: step,
                    completed: tokens,
                    total: total,
                    unit: "tokens",
                    tokens: tokens
                )
                try await emit(.progressed(progress))
            }
        }
        defer { group.cancelAll() }
        return try await body { counter.tokens.store($0, ordering: .relaxed) }
    }
}
