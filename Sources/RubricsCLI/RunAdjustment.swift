// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// What may change in the recipe of a run that goes on: limits and patience, on which no reward depends.
enum RunAdjustment {
    /// The settings, each with everything below it.
    static let settings = [
        "judge.budget", "judge.endpoint.attempts", "judge.endpoint.attempt_seconds", "judge.endpoint.call_seconds",
        "judge.endpoint.concurrency", "judge.endpoint.hedge_seconds", "judge.endpoint.requests_per_minute",
        "judge.endpoint.tokens_per_minute", "grpo.maximum_unscored_share",
    ]

    /// Makes sure that overrides change nothing else.
    ///
    /// - Throws: ``CommandFailure`` naming the first that does.
    static func validate(_ overrides: [String]) throws {
        for override in overrides {
            let path = String(override.prefix { $0 != "=" })
            guard !settings.contains(where: { path.isExactly($0) || path.hasPrefix("\($0).") }) else { continue }
            throw CommandFailure(
                "--set \(override): a run that goes on keeps its recipe, but for \(settings.joined(separator: ", "))"
            )
        }
    }
}
