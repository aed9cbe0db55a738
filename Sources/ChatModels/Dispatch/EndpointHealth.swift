// SPDX-License-Identifier: Apache-2.0

/// Whether an endpoint of a pool is used: put aside after failures in a row, tried again after a while that doubles.
struct EndpointHealth: Sendable {
    /// Failures in a row that put an endpoint aside.
    static let tolerance = 5
    private static let firstPause = 5.0
    private static let longestPause = 120.0

    private var failures = 0
    /// When the endpoint may be tried again, in seconds on the pool's clock.
    private(set) var asideUntil = 0.0

    /// Whether the endpoint may be used.
    func isUsable(at now: Double) -> Bool { now >= asideUntil }

    /// Notes an attempt's end; what fails while the endpoint is aside was begun before or is a last resort, and tells
    /// nothing about the time after.
    mutating func note(_ outcome: Result<ChatReply, any Error>, at now: Double) {
        switch outcome {
        case .success: self = EndpointHealth()
        case .failure(let error as ChatModelError) where [.timeout, .connection, .serverError].contains(error.code):
            guard isUsable(at: now) else { return }
            failures += 1
            guard failures >= Self.tolerance else { return }
            let doublings = min(failures - Self.tolerance, 10)
            asideUntil = now + min(Self.firstPause * Double(1 << doublings), Self.longestPause)
        case .failure: break
        }
    }
}
