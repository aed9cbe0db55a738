// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Runs
import Synchronization
import TestSupport
import Testing

/// Training runs that pause because nobody can judge, and go on.
@Suite("Paused training on the command line", .timeLimit(.minutes(5)))
struct JudgePauseTests {
    /// An endpoint that goes down after so many calls about prompts to train on, and stays down until it is mended.
    private final class Outage: Sendable {
        private let state: Mutex<(left: Int, isMended: Bool)>

        init(after calls: Int) {
            state = Mutex((calls, false))
        }

        /// Whether this call finds the endpoint down.
        func strikes(_ question: AskedQuestion) -> Bool {
            guard ["ab", "cd", "ef"].contains(where: { question.text.contains("]\n\($0)\n[end of prompt") }) else {
                return false
            }
            return state.withLock { state in
                state.left -= 1
                return state.left < 0 && !state.isMended
            }
        }

        func mend() {
            state.withLock { $0.isMended = true }
        }
    }

    private func expectPause(_ result: Command.Result, _ training: JudgedTraining, cause: String) throws {
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("paused: ") && result.errors.contains(cause), "\(result.errors)")
        #expect(result.errors.contains("rubrics train --resume \(training.run.path)"), "\(result.errors)")
        // Nothing of the step is kept, and all of those before it.
        let steps = try training.rollouts().map(\.completion.step)
        #expect(steps.count < 32 && steps.count % 8 == 0)
    }

    @Test(
        "A judge that is down for a step pauses the run, and resuming ends it as if it had not been",
        arguments: [0, 1]
    )
    func outage(staleness: Int) async throws {
        let options = ["judge.endpoint.attempts=1", "grpo.staleness=\(staleness)"].flatMap { ["--set", $0] }
        let whole = try await JudgedTraining(options: options)
        #expect(try await whole.train().status == 0)
        var judge = JudgedTraining.judge
        // A step comes to 24 calls at most; with staleness 1 the calls of two steps are mixed.
        let outage = Outage(after: staleness == 0 ? 24 : 0)
        judge.exception = { outage.strikes($0) ? .answer(status: 503, headers: [], body: "{}") : nil }
        let training = try await JudgedTraining(judge, options: options)
        let paused = try await training.train()
        try expectPause(paused, training, cause: "server_error")

        let still = try await training.resume()
        #expect(still.status == 2 && still.errors.contains("paused: "), "\(still.errors)")
        outage.mend()
        let resumed = try await training.resume()
        #expect(resumed.status == 0, "\(resumed.errors)")
        let differing = try RunBytes(training.run).difference(from: RunBytes(whole.run))
        #expect(differing == [])
        #expect(training.server.log.answeredTwice.isEmpty)
        #expect(try await training.replay().status == 0)
    }

    @Test("A used-up budget pauses the run; with a larger one it goes on, and keeps that")
    func budget() async throws {
        var judge = JudgedTraining.judge
        judge.usage = (1900, 100)
        // Each call comes to 2,000 tokens. A step's 24 calls set aside less than 1,500 each; 36 calls are step 1.
        let options = ["judge.budget.tokens=110000", "judge.max_tokens=64"].flatMap { ["--set", $0] }
        let training = try await JudgedTraining(judge, options: options)
        let paused = try await training.train()
        try expectPause(paused, training, cause: "budget")
        #expect(paused.errors.contains("raise judge.budget.tokens (110000)"), "\(paused.errors)")
        let spent = training.server.log.entries.count

        let still = try await training.resume()
        #expect(still.status == 2 && still.errors.contains("budget"), "\(still.errors)")
        #expect(training.server.log.entries.count <= spent + 2)
        let other = try await training.resume(options: ["--set", "grpo.group_size=2"])
        #expect(other.status == 2 && other.errors.contains("keeps its recipe, but for judge.budget"), "\(other.errors)")
        let resumed = try await training.resume(options: ["--set", "judge.budget.tokens=1100000"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(training.server.log.answeredTwice.isEmpty)
        #expect(try String(contentsOf: training.recipe, encoding: .utf8).contains("tokens: 1100000"))
        #expect(try await training.replay().status == 0)
    }
}
