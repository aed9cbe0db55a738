// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Which calls go wrong, and how.
///
/// Shares go by the call's messages and its attempt, so that neither order nor concurrency changes which calls fail,
/// and a call that is made again may succeed.
package struct FaultPlan: Sendable, Hashable {
    /// A fault that befalls a share of the attempts.
    package struct Share: Sendable, Hashable {
        /// What goes wrong.
        package var fault: Fault
        /// Of these attempts, in [0, 1].
        package var share: Double
        /// Attempts of a question, the first of which is 0; by default all.
        package var attempts: Range<Int>

        /// Makes a share.
        package init(_ fault: Fault, _ share: Double, attempts: Range<Int> = 0..<Int.max) {
            self.fault = fault
            self.share = share
            self.attempts = attempts
        }
    }

    /// A fault that befalls every call of a window.
    package struct Burst: Sendable, Hashable {
        /// Numbers of the calls, the first of which is 0.
        package var calls: Range<Int>
        /// What goes wrong.
        package var fault: Fault

        /// Makes a burst.
        package init(_ calls: Range<Int>, _ fault: Fault) {
            self.calls = calls
            self.fault = fault
        }
    }

    /// Shares, which together are at most 1; what is beyond never happens.
    package var shares: [Share]
    /// Bursts, which go before shares.
    package var bursts: [Burst]

    /// Makes a plan; without arguments nothing goes wrong.
    package init(shares: [Share] = [], bursts: [Burst] = []) {
        self.shares = shares
        self.bursts = bursts
    }

    /// What goes wrong with a call.
    ///
    /// - Parameters:
    ///   - call: The call's number.
    ///   - attempt: How many times the same question was asked before.
    ///   - draw: A uniform number in [0, 1) that belongs to the messages and the attempt.
    /// - Returns: The fault, or `nil` for a call that succeeds.
    package func fault(call: Int, attempt: Int, draw: Double) -> Fault? {
        if let burst = bursts.first(where: { $0.calls.contains(call) }) { return burst.fault }
        var sum = 0.0
        for entry in shares where entry.attempts.contains(attempt) {
            sum += entry.share
            if draw < sum { return entry.fault }
        }
        return nil
    }
}
