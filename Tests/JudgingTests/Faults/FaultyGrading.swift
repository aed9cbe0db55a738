// SPDX-License-Identifier: Apache-2.0

import ChatModels
import JudgeServer
import Rewards
import TestSupport

/// A grading over HTTP and what the server saw of it.
struct FaultyGrading: Sendable {
    var grades: [Grade]
    var log: [RequestLog.Entry]

    /// Grades completions at a server that goes wrong as planned.
    ///
    /// - Parameters:
    ///   - mode: What is asked.
    ///   - completions: The completions of ``FaultTask``; the mode's own where there are none.
    ///   - faults: What goes wrong.
    ///   - policy: When calls are tried again.
    ///   - retryAfter: The wait that a 429 asks for.
    /// - Throws: What judging throws, and what the system says when there is no port.
    init(
        _ mode: JudgeMode,
        of completions: [String] = [],
        _ faults: FaultPlan = FaultPlan(),
        _ policy: RetryPolicy = RetryPolicy(),
        retryAfter: Duration = .milliseconds(5)
    ) async throws {
        var behavior = JudgeBehavior.faultless
        behavior.faults = faults
        behavior.retryAfter = retryAfter
        behavior.dripInterval = .milliseconds(50)
        let server = try await ScriptedServer.start(behavior, keepsRequests: false)
        let stack = JudgeStack(mode.method, at: server.baseURL, policy: policy)
        grades = try await stack.grades(of: completions.isEmpty ? mode.completions : completions, for: mode.task)
        try await server.stop()
        log = server.log.entries
    }
}

extension JudgeBehavior {
    /// No mode's first reward is 0 by this seed, so that one that moved to 0 would show.
    static var faultless: JudgeBehavior {
        var behavior = JudgeBehavior()
        behavior.seed = 18
        return behavior
    }
}
