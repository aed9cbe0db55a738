// SPDX-License-Identifier: Apache-2.0

/// When a request to the hub is made again.
package struct HubRetry: Sendable, Hashable {
    /// The most failures in a row; a download that goes on starts to count anew.
    package var attempts: Int
    /// The wait after the first failure; it doubles with each further one.
    package var firstDelay: Duration
    /// The longest wait that doubling comes to.
    package var longestDelay: Duration
    /// The longest wait that the hub may ask for.
    package var longestRequestedDelay: Duration

    /// Makes a policy.
    package init(
        attempts: Int = 6,
        firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(10),
        longestRequestedDelay: Duration = .seconds(120)
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRequestedDelay = longestRequestedDelay
    }

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - error: What went wrong.
    ///   - failures: How many times in a row, this one included.
    /// - Returns: The wait; `nil` when it is to be given up.
    package func delay(after error: HubError, failures: Int) -> Duration? {
        guard error.isTransient, failures < attempts else { return nil }
        if let asked = error.retryAfter { return asked <= longestRequestedDelay ? asked : nil }
        return min(longestDelay, firstDelay * (1 << min(failures - 1, 16)))
    }
}
