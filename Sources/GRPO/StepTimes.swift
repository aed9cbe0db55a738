// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How long the phases of a step took, in seconds.
struct StepTimes: Sendable {
    /// Waiting for the policy to sample the step's completions, some of it within the step before at staleness 1.
    var rollout = 0.0
    /// Waiting for judges with nothing else to do.
    var grade = 0.0
    var update = 0.0
    private let start = ContinuousClock.now

    /// Since the step began.
    var total: Double { (ContinuousClock.now - start).seconds }

    /// Runs `body` and adds how long it took.
    mutating func measuring<Result>(
        _ phase: WritableKeyPath<StepTimes, Double>,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        let start = ContinuousClock.now
        let result = try await body()
        self[keyPath: phase] += (ContinuousClock.now - start).seconds
        return result
    }
}

/// The process's own memory.
enum ProcessMemory {
    /// The largest resident size so far.
    static func peakBytes() -> Int {
        var usage = rusage()
        guard getrusage(resourceUsageWho, &usage) == 0 else { return 0 }
        #if canImport(Darwin)
        return usage.ru_maxrss
        #else
        return usage.ru_maxrss * 1024
        #endif
    }

    #if canImport(Glibc)
    private static let resourceUsageWho = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
    private static let resourceUsageWho = Int32(0)
    #endif
}
