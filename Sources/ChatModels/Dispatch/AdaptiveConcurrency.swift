// SPDX-License-Identifier: Apache-2.0

/// How many calls may be in flight: halved when an endpoint says that there are too many, and raised again by one for
/// each full round of successes (additive increase, multiplicative decrease, as TCP's congestion window).
struct AdaptiveConcurrency: Sendable {
    private let most: Int
    private var window: Double
    /// Calls that started before this many had started were under way at the last decrease, and cannot cause another.
    private var decreasedAt = 0
    private var started = 0

    init(most: Int) {
        self.most = max(most, 1)
        window = Double(max(most, 1))
    }

    /// The most calls in flight.
    var limit: Int { max(1, Int(window)) }

    /// Numbers a call that starts.
    mutating func start() -> Int {
        started += 1
        return started
    }

    /// Notes a success.
    mutating func succeed() {
        window = min(Double(most), window + 1 / window)
    }

    /// Notes that the endpoint turned the call with this number away for being one too many.
    mutating func turnAway(_ call: Int) {
        guard call > decreasedAt else { return }
        decreasedAt = started
        window = max(1, window / 2)
    }
}
