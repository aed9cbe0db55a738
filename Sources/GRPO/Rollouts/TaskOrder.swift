// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Which tasks a step takes: every epoch is its own permutation, and a step's tasks follow from the seed and the step
/// alone, so there is no cursor to save.
struct TaskOrder: Sendable {
    let count: Int
    let seed: UInt64

    /// The indices of the tasks of `step`, counted from 1.
    func tasks(step: Int, promptsPerStep: Int) -> [Int] {
        let first = (step - 1) * promptsPerStep
        return (first..<first + promptsPerStep).map { position in
            permutation(epoch: position / count)[position % count]
        }
    }

    /// How often each of a step's tasks has come up before in the same step: where an epoch ends within the step, or a
    /// step takes more prompts than there are, a task comes up again and needs samples of its own.
    static func occurrences(of tasks: [Int]) -> [Int] {
        var seen: [Int: Int] = [:]
        return tasks.map { task in
            defer { seen[task, default: 0] += 1 }
            return seen[task, default: 0]
        }
    }

    private func permutation(epoch: Int) -> [Int] {
        var generator = SplitMix64(seed: seed, path: 0x6F72_6465_72, UInt64(epoch))
        return (0..<count).shuffled(using: &generator)
    }
}
