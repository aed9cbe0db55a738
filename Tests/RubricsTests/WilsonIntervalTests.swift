// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Wilson intervals")
struct WilsonIntervalTests {
    /// By hand, with z² = 3.841459: the center is (s + z²/2)/(n + z²), the reach z·√(s(n−s)/n + z²/4)/(n + z²).
    @Test(
        "Known intervals",
        arguments: [
            (0, 10, 0.0, 0.277533), (5, 10, 0.236593, 0.763407), (10, 10, 0.722467, 1.0), (63, 64, 0.916659, 0.997236),
            (1, 1, 0.206549, 1.0),
        ]
    )
    func known(successes: Int, trials: Int, low: Double, high: Double) {
        let interval = WilsonInterval(successes: successes, trials: trials)
        #expect(abs(interval.low - low) < 1e-5 && abs(interval.high - high) < 1e-5, "\(interval)")
    }

    @Test("Without trials nothing is known")
    func none() {
        let interval = WilsonInterval(successes: 0, trials: 0)
        #expect(interval.low == 0 && interval.high == 1)
    }
}
